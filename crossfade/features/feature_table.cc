// The invariants of feature_table.h.
#include "crossfade/features/feature_table.h"

#include <algorithm>
#include <cmath>

namespace crossfade {

const std::vector<float>* FeatureTable::find(const std::string& name) const {
  const auto at = std::find(names.begin(), names.end(), name);
  return at == names.end() ? nullptr : &columns[static_cast<std::size_t>(at - names.begin())];
}

Status FeatureTable::check() const {
  if (names.size() != columns.size())
    return data_invalid("a table of features has " + std::to_string(names.size()) + " names for " +
                        std::to_string(columns.size()) + " columns");
  for (std::size_t c = 0; c < columns.size(); ++c) {
    if (std::count(names.begin(), names.end(), names[c]) > 1)
      return data_invalid("the feature '" + names[c] + "' is there twice");
    if (columns[c].size() != num_rows())
      return data_invalid("the feature '" + names[c] + "' has " +
                          std::to_string(columns[c].size()) + " rows of " +
                          std::to_string(num_rows()));
    if (std::any_of(columns[c].begin(), columns[c].end(), [](float x) { return std::isinf(x); }))
      return data_invalid("the feature '" + names[c] + "' has a number that is infinite");
  }
  return ok_status();
}

}  // namespace crossfade
