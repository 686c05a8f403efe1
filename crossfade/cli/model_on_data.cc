// Opens both and checks that they belong together.
#include "crossfade/cli/model_on_data.h"

#include <utility>

#include "crossfade/data/store.h"
#include "crossfade/models/storage.h"

namespace crossfade {

Result<ModelOnData> open_model_on_data(const std::string& model_path,
                                       const std::string& data_path) {
  ModelOnData both;
  CROSSFADE_ASSIGN_OR_RETURN(both.model, load_model(model_path));
  CROSSFADE_ASSIGN_OR_RETURN(Store store, open_store(data_path));
  both.dataset = std::move(store.dataset);
  CROSSFADE_ASSIGN_OR_RETURN(both.domain, both.dataset.find_domain(both.model->domain()));
  if (both.model->num_items() > both.items().size())
    return data_invalid("the model " + model_path + " knows " +
                        std::to_string(both.model->num_items()) + " items and the store " +
                        data_path + " has " + std::to_string(both.items().size()) +
                        "; it was trained on another store");
  return both;
}

}  // namespace crossfade
