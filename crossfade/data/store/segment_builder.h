// SegmentBuilder: a log that comes in blocks becomes a segment, in bounded memory.
//
// Each block's ids are numbered (data/id_encoder.h) and its rows partitioned by user
// (data/store/row_blocks.h), in memory or, beyond the budget, in files. At the end each range of
// users is read back sorted by user, sorted by time where it is not yet, and written; on the way
// its rows are partitioned by item, which makes the transpose in the same manner. Equal times keep
// the order of the log. The bytes do not depend on the threads, the blocks or the budget: they are
// those that build_dataset() and write_segment() would make of the whole log.
//
// What bounds the memory: `memory_bytes` for rows, wherever 1,024 users or items together have no
// more rows than fit an eighth of it (a single larger range is held whole); besides, the distinct
// ids with their tables, 16 bytes per user and item, and the blocks that the caller holds.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "crossfade/base/context.h"
#include "crossfade/data/dataset.h"
#include "crossfade/data/id_encoder.h"
#include "crossfade/data/store/row_blocks.h"
#include "crossfade/data/store/segment_writer.h"
#include "crossfade/data/store/sessions.h"

namespace crossfade {

// Which of the optional columns a log has.
struct LogShape {
  bool times = false, weights = false, kinds = false, sessions = false;
  bool operator==(const LogShape&) const = default;
};
LogShape shape_of(const LogColumns& log);

class SegmentBuilder {
 public:
  struct Plan {
    IdList users, items;  // known already; they keep their indices
    // From here on ids are the segment's own. Fewer than there are above after a checkpoint.
    std::int64_t first_user = 0, first_item = 0;
    std::string spill_path;  // files for rows begin with this
    std::int64_t memory_bytes = std::int64_t{1} << 30;
    bool drop_repeats = false;        // rows equal to an earlier one in all but the session
    std::int64_t session_gap_ns = 0;  // above 0: sessions are made by gaps, not taken from the log
    int session_end_kind = -1;        // 0 or more: made by ends, which are rows of this kind
    FindLatestRow latest_row;         // where the store's sessions may go on; may be empty

    bool makes_sessions() const { return session_gap_ns > 0 || session_end_kind >= 0; }
  };
  SegmentBuilder(Plan plan, Context& context);

  // Takes the next rows. True if all rows so far are in the spill file now, and none in memory: the
  // moment for a checkpoint. Errors (data invalid): a column that has come or gone between blocks,
  // has another length, a bad weight, ids of two types; the disk is full.
  Result<bool> add(LogColumns block);
  // Columns of numbers that add() has done with: their memory may hold later blocks.
  LogColumns take_spent() { return std::exchange(spent_, {}); }

  std::int64_t rows() const;  // taken so far
  const IdEncoder& users() const { return users_; }
  const IdEncoder& items() const { return items_; }
  const LogShape& shape() const { return shape_; }

  // Where a checkpoint was: how much of the file to believe, and the log's shape.
  std::int64_t spilled_bytes() const { return blocks_.spilled_bytes(); }
  // Goes on from a checkpoint, before any add(); the plan's ids are those of that moment. Errors
  // (data invalid): the file is not what was written.
  Status resume(std::int64_t spilled_bytes, const LogShape& shape);

  // What the rows came to.
  struct Built {
    std::int64_t rows = 0;     // in the segment
    std::int64_t repeats = 0;  // rows that repeat an earlier one; dropped if the plan says so
    std::string repeat;        // one of them: "user 5, item 9"
    std::optional<TimeRange> times;
    std::vector<std::int64_t> offsets, item_offsets;
  };
  // Whether rows of the segment have times, kinds and sessions.
  SegmentWriter::Shape segment_shape(const std::string& domain) const;
  // Writes all columns. Nothing can be added after this. Errors: the stop flag, the disk is full,
  // a spill file that cannot be read.
  Result<Built> write(SegmentWriter& writer);

 private:
  friend class UserPass;
  friend class ItemPass;

  struct EncodedRows {
    std::vector<std::int32_t> users;
    HistoryColumns columns;
  };
  Status encode(const LogColumns& block);
  Result<bool> pack_pending();

  Plan plan_;
  Context& context_;
  LogShape shape_;
  bool has_shape_ = false;
  IdEncoder users_, items_;
  EncodedRows pending_;
  LogColumns spent_;
  RowBlocks blocks_;
};

}  // namespace crossfade
