// SegmentWriter: a segment that is written a part at a time, its rows in the order of users, its
// transpose in the order of items (data/store/segment.h has the files).
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>

#include "crossfade/base/artifact.h"
#include "crossfade/data/store/history_columns.h"
#include "crossfade/data/store/segment.h"

namespace crossfade {

class SegmentWriter {
 public:
  struct Shape {
    std::string domain;
    std::int64_t first_user = 0, first_item = 0;
    bool times = false, kinds = false, sessions = false;
    std::optional<bool> weights = std::nullopt;  // whether they were given, if that is known
    std::int64_t expected_rows = 0;              // most likely (base/column_writer.h)
  };
  // Errors: the folder exists, the disk is full.
  static Result<SegmentWriter> create(const std::string& path, const Shape& shape, Sync sync);

  // The columns of a row, the heaviest first: threads may append to different ones at once.
  static constexpr int kColumns = 5;
  // Appends the rows' values of one column; nothing if the segment does not have it.
  Status append(int column, const HistorySpans& rows);
  Status append_users_of_items(std::span<const UserIndex> users);

  // What is known when all rows are there.
  struct End {
    IdList new_users, new_items;
    std::span<const std::int64_t> offsets, item_offsets;
    ImportReport report;
    std::optional<TimeRange> times;
    std::string inputs;
    std::vector<std::string> kind_names;
  };
  // Completes the files and names the folder.
  Status finish(const End& end);

 private:
  SegmentWriter(ArtifactWriter artifact, const Shape& shape)
      : artifact_(std::move(artifact)), shape_(shape) {}
  template <class T>
  Status open(std::size_t column);

  ArtifactWriter artifact_;
  Shape shape_;
  std::array<std::optional<ColumnWriter>, kColumns> columns_;
  std::optional<ColumnWriter> users_of_items_;
};

}  // namespace crossfade
