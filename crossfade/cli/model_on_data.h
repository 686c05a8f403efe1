// A trained model together with the store whose users and items its indices mean.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "crossfade/data/dataset.h"
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

}  // namespace crossfade
