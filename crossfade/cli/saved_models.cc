// Finds the folders, loads them, and makes a blend of each domain's.
#include "crossfade/cli/saved_models.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "crossfade/base/file.h"
#include "crossfade/models/blend/blend_model.h"
#include "crossfade/models/storage.h"
#include "crossfade/models/trainer.h"

namespace crossfade {
namespace {

struct Found {
  std::string path;
  SavedModel saved;
  bool personal() const {
    const auto trainer = find_trainer(std::string(saved.model->name()));
    return !trainer.ok() || trainer->personal;
  }
};

bool is_model(const std::string& folder) {
  const auto text = read_file(folder + "/manifest.json");
  const auto manifest = text.ok() ? parse_json(*text) : Result<Json>(text.status());
  const std::string* kind = manifest.ok() ? (*manifest)["kind"].as_string() : nullptr;
  return kind && *kind == "model";
}

// The models below a folder by their names, those that are not personal behind the others.
Result<std::vector<Found>> models_in(const std::string& folder) {
  std::vector<std::string> paths;
  std::error_code error;
  for (std::filesystem::directory_iterator at(folder, error), end; !error && at != end;
       at.increment(error))
    if (is_model(at->path().string())) paths.push_back(at->path().string());
  std::sort(paths.begin(), paths.end());
  if (paths.empty())
    return usage_error(folder + " is neither a model nor a folder of models; train writes them");
  std::vector<Found> found;
  for (const std::string& path : paths) {
    CROSSFADE_ASSIGN_OR_RETURN(SavedModel saved, load_saved_model(path));
    found.push_back({path, std::move(saved)});
  }
  for (const Found& model : found)
    for (const Found& other : found)
      if (&model != &other && model.personal() && other.personal() &&
          model.saved.model->domain() == other.saved.model->domain())
        return usage_error(folder + " holds two personal models of the domain '" +
                           model.saved.model->domain() + "': " + model.path + " and " + other.path +
                           "; name the models one by one, first who shall answer");
  std::stable_partition(found.begin(), found.end(),
                        [](const Found& model) { return model.personal(); });
  return found;
}

Result<std::vector<Found>> find_models(const std::vector<std::string>& paths) {
  std::vector<Found> found;
  for (const std::string& path : paths) {
    if (is_folder(path) && !path_exists(path + "/manifest.json")) {
      CROSSFADE_ASSIGN_OR_RETURN(std::vector<Found> inside, models_in(path));
      std::move(inside.begin(), inside.end(), std::back_inserter(found));
      continue;
    }
    CROSSFADE_ASSIGN_OR_RETURN(SavedModel saved, load_saved_model(path));
    found.push_back({path, std::move(saved)});
  }
  return found;
}

}  // namespace

Result<std::vector<DomainModels>> open_saved_models(const std::vector<std::string>& paths,
                                                    const BlendConfig& config) {
  CROSSFADE_ASSIGN_OR_RETURN(std::vector<Found> found, find_models(paths));
  std::vector<DomainModels> domains;
  std::vector<std::vector<BlendPart>> parts;
  for (Found& model : found) {
    const std::string& domain = model.saved.model->domain();
    std::size_t at = 0;
    while (at < parts.size() && parts[at][0].model->domain() != domain) ++at;
    if (at == parts.size()) {
      parts.emplace_back();
      domains.emplace_back();
    }
    const Status alike = domains[at].ids.add(model.saved.ids);
    if (!alike.ok()) return data_invalid(model.path + " " + alike.message());
    domains[at].cold_events = std::max(domains[at].cold_events, config.cold_events);
    if (const auto* combined = dynamic_cast<const BlendModel*>(model.saved.model.get()))
      domains[at].cold_events = std::max(domains[at].cold_events, combined->config().cold_events);
    parts[at].push_back(
        {std::move(model.saved.model), 1, !parts[at].empty(), std::move(model.saved.provenance)});
  }
  for (std::size_t at = 0; at < parts.size(); ++at) {
    CROSSFADE_ASSIGN_OR_RETURN(domains[at].model, BlendModel::make(config, std::move(parts[at])));
  }
  return domains;
}

}  // namespace crossfade
