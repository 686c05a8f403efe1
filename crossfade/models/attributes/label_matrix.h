// LabelMatrix: a sparse matrix of items by labels, or of labels by items.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "crossfade/base/array.h"
#include "crossfade/base/artifact.h"
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
  // Three columns whose names begin with `name`.
  Status write(const std::string& name, ArtifactWriter& writer) const {
    CROSSFADE_RETURN_IF_ERROR(writer.add<std::int64_t>(name + "_offsets.npy", offsets));
    CROSSFADE_RETURN_IF_ERROR(writer.add<std::int32_t>(name + "_columns.npy", columns));
    return writer.add<float>(name + "_values.npy", values);
  }
  static Result<LabelMatrix> read(const std::string& name, const Artifact& artifact) {
    CROSSFADE_ASSIGN_OR_RETURN(auto offsets, artifact.read<std::int64_t>(name + "_offsets.npy"));
    CROSSFADE_ASSIGN_OR_RETURN(auto columns, artifact.read<std::int32_t>(name + "_columns.npy"));
    CROSSFADE_ASSIGN_OR_RETURN(auto values, artifact.read<float>(name + "_values.npy"));
    return LabelMatrix{std::move(offsets.values), std::move(columns.values),
                       std::move(values.values)};
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
