// LabelMatrix: a sparse matrix of items by labels, or of labels by items.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "crossfade/base/array.h"
#include "crossfade/base/at.h"
#include "crossfade/base/status.h"
#include "crossfade/retrieval/topk.h"

namespace crossfade {

struct LabelMatrix {
  Array<std::int64_t> offsets;  // rows + 1
  Array<std::int32_t> columns;  // of a row
  Array<float> values;          // finite, above 0

  std::int64_t rows() const { return std::max<std::int64_t>(0, std::ssize(offsets) - 1); }
  std::span<const std::int32_t> columns_of(std::int32_t row) const { return part(columns, row); }
  std::span<const float> values_of(std::int32_t row) const { return part(values, row); }

  static LabelMatrix of(const std::vector<std::vector<ScoredItem>>& rows) {
    std::vector<std::int64_t> offsets{0};
    std::vector<std::int32_t> columns;
    std::vector<float> values;
    for (const std::vector<ScoredItem>& row : rows) {
      for (const ScoredItem& entry : row) {
        columns.push_back(entry.item);
        values.push_back(entry.score);
      }
      offsets.push_back(std::ssize(columns));
    }
    return {std::move(offsets), std::move(columns), std::move(values)};
  }
  // Error (data invalid): columns that do not fit each other or `num_columns`. Linear.
  Status check(std::int64_t num_columns) const {
    bool good = !offsets.empty() && offsets[0] == 0 && columns.size() == values.size() &&
                std::is_sorted(offsets.begin(), offsets.end()) &&
                offsets[offsets.size() - 1] == std::ssize(columns);
    for (std::size_t n = 0; good && n < columns.size(); ++n)
      good =
          columns[n] >= 0 && columns[n] < num_columns && std::isfinite(values[n]) && values[n] > 0;
    return good ? ok_status()
                : data_invalid("the labels of this model do not fit its items; train it again");
  }

 private:
  template <class T>
  std::span<const T> part(const Array<T>& all, std::int32_t row) const {
    return all.span().subspan(at(offsets[at(row)]), at(offsets[at(row) + 1] - offsets[at(row)]));
  }
};

}  // namespace crossfade
