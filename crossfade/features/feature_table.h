// FeatureTable: what is known of items for a user at a moment, as named columns of numbers.
//
// The one form in which features go to a ranker, in training and in serving alike. A row is a user
// and one item that may be recommended; a number that is not known is NaN.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "crossfade/base/status.h"

namespace crossfade {

struct FeatureTable {
  std::vector<std::string> names;
  std::vector<std::vector<float>> columns;  // one per name, all of one length

  std::size_t num_rows() const { return columns.empty() ? 0 : columns[0].size(); }
  // nullptr if there is no such feature.
  const std::vector<float>* find(const std::string& name) const;
  // One name per column, each once, and columns of one length, without infinite numbers; else data
  // invalid, naming the first that breaks it.
  Status check() const;
};

}  // namespace crossfade
