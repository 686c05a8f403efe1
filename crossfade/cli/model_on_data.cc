// Opens both and checks that they belong together.
#include "crossfade/cli/model_on_data.h"

#include <utility>

#include "crossfade/base/text.h"
#include "crossfade/data/store/store.h"
#include "crossfade/models/blend/blend_model.h"
#include "crossfade/models/storage.h"

namespace crossfade {
namespace {

Result<ModelOnData> put_on_data(std::unique_ptr<Model> model, const std::string& model_path,
                                const std::string& data_path) {
  ModelOnData both;
  both.model = std::move(model);
  CROSSFADE_ASSIGN_OR_RETURN(Store store, open_store(data_path));
  both.dataset = std::move(store.dataset);
  const Status fits = check_trained_over(*both.model, both.dataset);
  if (!fits.ok()) return fits.at(model_path + " on " + data_path);
  CROSSFADE_ASSIGN_OR_RETURN(both.domain, both.dataset.find_domain(both.model->domain()));
  return both;
}

}  // namespace

Result<ModelOnData> open_model_on_data(const std::string& model_path,
                                       const std::string& data_path) {
  CROSSFADE_ASSIGN_OR_RETURN(auto model, load_model(model_path));
  return put_on_data(std::move(model), model_path, data_path);
}

Result<ModelOnData> open_models_on_data(const std::vector<std::string>& model_paths,
                                        const std::string& data_path, const BlendConfig& config) {
  if (model_paths.size() == 1 && config.cold_events == 0)
    return open_model_on_data(model_paths[0], data_path);
  std::vector<BlendPart> parts;
  for (const std::string& path : model_paths) {
    CROSSFADE_ASSIGN_OR_RETURN(auto model, load_model(path));
    parts.push_back({std::move(model), 1, !parts.empty(), Json::object()});
  }
  CROSSFADE_ASSIGN_OR_RETURN(auto model, BlendModel::make(config, std::move(parts)));
  return put_on_data(std::move(model), join(model_paths, ", "), data_path);
}

}  // namespace crossfade
