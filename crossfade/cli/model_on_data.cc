// Opens both and checks that they belong together.
#include "crossfade/cli/model_on_data.h"

#include <utility>

#include "crossfade/data/store/store.h"
#include "crossfade/models/storage.h"

namespace crossfade {

Result<ModelOnData> open_model_on_data(const std::string& model_path,
                                       const std::string& data_path) {
  ModelOnData both;
  CROSSFADE_ASSIGN_OR_RETURN(both.model, load_model(model_path));
  CROSSFADE_ASSIGN_OR_RETURN(Store store, open_store(data_path));
  both.dataset = std::move(store.dataset);
  const Status fits = check_trained_over(*both.model, both.dataset);
  if (!fits.ok()) return fits.at(model_path + " on " + data_path);
  CROSSFADE_ASSIGN_OR_RETURN(both.domain, both.dataset.find_domain(both.model->domain()));
  return both;
}

}  // namespace crossfade
