// Datasets whose items have vectors and attributes, for tests of generators that need them. Only
// tests include it.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "crossfade/data/test_log.h"

namespace crossfade {

// The same with these things known of the items of its only domain.
inline Dataset with_about(const Dataset& dataset, ItemTable about) {
  std::vector<Domain> domains = dataset.domains();
  domains[0].about = std::move(about);
  return Dataset(dataset.users(), std::move(domains));
}

// One vector per item; an empty one is missing.
inline ItemVectors vectors_table(const std::vector<std::vector<float>>& rows) {
  ItemVectors vectors;
  for (const auto& row : rows) vectors.dimension = std::max(vectors.dimension, std::ssize(row));
  std::vector<float> values;
  std::vector<std::uint8_t> present;
  for (std::vector<float> row : rows) {
    present.push_back(row.empty() ? 0 : 1);
    row.resize(static_cast<std::size_t>(vectors.dimension));
    values.insert(values.end(), row.begin(), row.end());
  }
  vectors.values = std::move(values);
  vectors.present = std::move(present);
  return vectors;
}

// Labels of every item by their numbers.
inline ItemAttribute labels_column(const std::string& name,
                                   const std::vector<std::vector<std::int32_t>>& rows) {
  std::vector<std::int64_t> offsets{0};
  std::vector<std::int32_t> codes;
  std::int32_t most = -1;
  for (const auto& row : rows) {
    for (const std::int32_t code : row) {
      codes.push_back(code);
      most = std::max(most, code);
    }
    offsets.push_back(std::ssize(codes));
  }
  std::vector<std::string> labels;
  for (std::int32_t code = 0; code <= most; ++code) labels.push_back(std::to_string(code));
  LabelAttribute attribute;
  attribute.offsets = std::move(offsets);
  attribute.codes = std::move(codes);
  attribute.labels = StringArray(labels);
  return {name, std::move(attribute)};
}

}  // namespace crossfade
