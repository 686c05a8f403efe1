// A trained model together with the store whose users and items its indices mean.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "crossfade/data/dataset.h"
#include "crossfade/models/blend/blend_config.h"
#include "crossfade/models/model.h"

namespace crossfade {

struct ModelOnData {
  std::unique_ptr<Model> model;
  Dataset dataset;
  std::size_t domain = 0;  // of the model, within the dataset

  const Vocabulary& items() const { return dataset.domains()[domain].items; }
};

// Errors: either does not open; check_trained_over().
Result<ModelOnData> open_model_on_data(const std::string& model_path, const std::string& data_path);

// The first of several models, whose lists the others fill in their order (models/blend); one that
// is alone and has no cold users stays itself. Errors: the same, and those of BlendModel::make().
Result<ModelOnData> open_models_on_data(const std::vector<std::string>& model_paths,
                                        const std::string& data_path, const BlendConfig& config);

}  // namespace crossfade
