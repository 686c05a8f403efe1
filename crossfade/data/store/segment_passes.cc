// The two passes over a finished log: by users into histories, by items into the transpose.
#include <algorithm>
#include <limits>
#include <utility>

#include "crossfade/base/text.h"
#include "crossfade/data/store/repeated_rows.h"
#include "crossfade/data/store/row_waves.h"
#include "crossfade/data/store/segment_builder.h"

namespace crossfade {
namespace {

constexpr std::int64_t kBytesPerRow = 64;  // of a row in a wave, its scratch and its copies
constexpr std::int64_t kRowsPerRange = std::int64_t{1} << 18;
constexpr std::int64_t kRowsPerWave = std::int64_t{1} << 21;

std::size_t at(std::int64_t index) {
  return static_cast<std::size_t>(index);
}

std::string id_text(const IdList& ids) {
  return ids.text ? std::string(ids.texts[0]) : std::to_string(ids.numbers[0]);
}

// Appends the range's offsets to those before; keys beyond the last offset do not exist.
void place_offsets(const PartitionRange& range, const std::vector<std::int64_t>& of_range,
                   std::vector<std::int64_t>& offsets) {
  const auto first = at(range.first * RowBlocks::kKeysPerPartition);
  const std::int64_t before = offsets[first];
  const std::size_t keys = std::min(of_range.size(), offsets.size() - first);
  for (std::size_t key = 1; key < keys; ++key) offsets[first + key] = before + of_range[key];
}

}  // namespace

// Histories: sorted, repeats counted, sessions made; their rows by item on the way.
class UserPass {
 public:
  struct Slot {
    KeyedRows rows;
    RowBlocks::Block by_item;
    std::vector<std::size_t> repeats;
    UserIndex repeating_user = kUnknown;
    ItemIndex repeated_item = kUnknown;
    TimeRange times;
  };
  static constexpr int kWriters = SegmentWriter::kColumns;

  UserPass(const SegmentBuilder& builder, SegmentWriter& writer, RowBlocks& by_item,
           SegmentBuilder::Built& built)
      : builder_(builder),
        writer_(writer),
        by_item_(by_item),
        built_(built),
        workers_(at(builder.context_.threads.num_threads())) {
    built_.offsets.assign(at(builder.users_.size()) + 1, 0);
  }

  Status make(const PartitionRange& range, Slot& slot, int worker) {
    Worker& own = workers_[at(worker)];
    CROSSFADE_RETURN_IF_ERROR(
        builder_.blocks_.read(range.first, range.end, own.scratch, slot.rows));
    HistoryColumns& columns = slot.rows.columns;
    const auto first_user = static_cast<UserIndex>(range.first * RowBlocks::kKeysPerPartition);
    slot.repeats.clear();
    slot.times = {std::numeric_limits<std::int64_t>::max(),
                  std::numeric_limits<std::int64_t>::min()};
    if (!builder_.shape_.weights) columns.weight.assign(columns.item.size(), 1.0F);
    own.users.resize(columns.item.size());
    for (std::size_t key = 0; key + 1 < slot.rows.offsets.size(); ++key)
      finish_history(slot, first_user, key, own);
    if (!slot.repeats.empty()) note_repeat(slot, own);
    if (builder_.plan_.makes_sessions()) make_all_sessions(slot, first_user);
    slot.by_item = RowBlocks::pack(columns.item, HistorySpans{own.users, {}, {}, {}, {}},
                                   builder_.items_.size(), nullptr);
    return ok_status();
  }

  Status collect(const PartitionRange& range, Slot& slot) {
    place_offsets(range, slot.rows.offsets, built_.offsets);
    built_.rows += std::ssize(slot.rows.columns.item);
    built_.repeats += std::ssize(slot.repeats);
    if (!slot.repeats.empty() && built_.repeat.empty())
      built_.repeat = "user " + id_text(builder_.users_.ids_at(slot.repeating_user)) + ", item " +
                      id_text(builder_.items_.ids_at(slot.repeated_item));
    if (slot.times.first_ns <= slot.times.last_ns) widen(built_.times, slot.times);
    return by_item_.add(std::move(slot.by_item)).status();
  }

  Status write(int writer, std::span<Slot* const> slots) {
    for (const Slot* slot : slots)
      CROSSFADE_RETURN_IF_ERROR(writer_.append(writer, slot->rows.columns.spans()));
    return ok_status();
  }

 private:
  struct Worker {
    RowBlocks::Scratch scratch;
    HistorySorter sorter;
    RepeatFinder finder;
    std::vector<UserIndex> users;  // of the rows of a range
  };

  void finish_history(Slot& slot, UserIndex first_user, std::size_t key, Worker& own) {
    const auto begin = at(slot.rows.offsets[key]), end = at(slot.rows.offsets[key + 1]);
    if (begin == end) return;
    HistoryColumns& columns = slot.rows.columns;
    if (!columns.time_ns.empty()) {
      own.sorter.sort(columns, begin, end);
      slot.times.first_ns = std::min(slot.times.first_ns, columns.time_ns[begin]);
      slot.times.last_ns = std::max(slot.times.last_ns, columns.time_ns[end - 1]);
    }
    if (!columns.session.empty()) {
      const std::span<const std::int64_t> times = columns.time_ns;
      fill_missing_sessions(times.empty() ? times : times.subspan(begin, end - begin),
                            std::span(columns.item).subspan(begin, end - begin),
                            std::span(columns.session).subspan(begin, end - begin));
    }
    own.finder.find(columns, begin, end, slot.repeats);
    std::fill(own.users.begin() + static_cast<std::ptrdiff_t>(begin),
              own.users.begin() + static_cast<std::ptrdiff_t>(end),
              first_user + static_cast<UserIndex>(key));
  }

  // Keeps one repeat for the report, and takes all out if that is wanted.
  void note_repeat(Slot& slot, Worker& own) {
    slot.repeating_user = own.users[slot.repeats[0]];
    slot.repeated_item = slot.rows.columns.item[slot.repeats[0]];
    if (!builder_.plan_.drop_repeats) return;
    std::size_t kept = 0, next = 0;
    for (std::size_t row = 0; row < own.users.size(); ++row) {
      if (next < slot.repeats.size() && slot.repeats[next] == row)
        ++next;
      else
        own.users[kept++] = own.users[row];
    }
    own.users.resize(kept);
    remove_rows(slot.repeats, slot.rows.columns, slot.rows.offsets);
  }

  void make_all_sessions(Slot& slot, UserIndex first_user) const {
    const SegmentBuilder::Plan& plan = builder_.plan_;
    HistoryColumns& columns = slot.rows.columns;
    columns.session.resize(columns.item.size());
    for (std::size_t key = 0; key + 1 < slot.rows.offsets.size(); ++key) {
      const auto begin = at(slot.rows.offsets[key]);
      const std::size_t size = at(slot.rows.offsets[key + 1]) - begin;
      if (size == 0) continue;
      std::optional<LatestRow> before;
      if (plan.latest_row) before = plan.latest_row(first_user + static_cast<UserIndex>(key));
      const std::span times = std::span(columns.time_ns).subspan(begin, size);
      const std::span sessions = std::span(columns.session).subspan(begin, size);
      if (plan.session_end_kind >= 0)
        make_sessions_by_end(times, std::span(columns.kind).subspan(begin, size),
                             static_cast<std::uint8_t>(plan.session_end_kind), before, sessions);
      else
        make_sessions(times, plan.session_gap_ns, before, sessions);
    }
  }

  const SegmentBuilder& builder_;
  SegmentWriter& writer_;
  RowBlocks& by_item_;
  SegmentBuilder::Built& built_;
  std::vector<Worker> workers_;
};

// The transpose: rows came by rising users, so each item's do.
class ItemPass {
 public:
  struct Slot {
    KeyedRows rows;  // keys are items, and the column `item` holds users
  };
  static constexpr int kWriters = 1;

  ItemPass(const RowBlocks& by_item, std::int64_t num_items, SegmentWriter& writer,
           std::vector<std::int64_t>& offsets, int num_threads)
      : by_item_(by_item), writer_(writer), offsets_(offsets), scratch_(at(num_threads)) {
    offsets_.assign(at(num_items) + 1, 0);
  }

  Status make(const PartitionRange& range, Slot& slot, int worker) {
    return by_item_.read(range.first, range.end, scratch_[at(worker)], slot.rows);
  }
  Status collect(const PartitionRange& range, Slot& slot) {
    place_offsets(range, slot.rows.offsets, offsets_);
    return ok_status();
  }
  Status write(int, std::span<Slot* const> slots) {
    for (const Slot* slot : slots)
      CROSSFADE_RETURN_IF_ERROR(writer_.append_users_of_items(slot->rows.columns.item));
    return ok_status();
  }

 private:
  const RowBlocks& by_item_;
  SegmentWriter& writer_;
  std::vector<std::int64_t>& offsets_;
  std::vector<RowBlocks::Scratch> scratch_;
};

Result<SegmentBuilder::Built> SegmentBuilder::write(SegmentWriter& writer) {
  CROSSFADE_RETURN_IF_ERROR(pack_pending().status());
  pending_ = {};
  spent_ = {};
  if (blocks_.has_spilled()) CROSSFADE_RETURN_IF_ERROR(blocks_.verify(context_.threads));
  const std::int64_t rows_per_wave =
      std::clamp<std::int64_t>(plan_.memory_bytes / 8 / kBytesPerRow, 1, kRowsPerWave);
  const std::int64_t rows_per_range =
      std::clamp<std::int64_t>(rows_per_wave / context_.threads.num_threads(), 1, kRowsPerRange);
  RowBlocks by_item(plan_.spill_path + "items", plan_.memory_bytes / 4);
  Built built;
  context_.progress.begin("sorting by user", blocks_.rows(), "rows");
  UserPass users(*this, writer, by_item, built);
  Status status = run_waves(cut_ranges(blocks_.rows_by_partition(users_.size()), rows_per_range),
                            rows_per_wave, users, context_);
  blocks_.clear();
  context_.progress.end();
  context_.progress.begin("sorting by item", by_item.rows(), "rows");
  if (status.ok() && by_item.has_spilled()) status = by_item.verify(context_.threads);
  if (status.ok()) {
    ItemPass items(by_item, items_.size(), writer, built.item_offsets,
                   context_.threads.num_threads());
    status = run_waves(cut_ranges(by_item.rows_by_partition(items_.size()), rows_per_range),
                       rows_per_wave, items, context_);
  }
  context_.progress.end();
  CROSSFADE_RETURN_IF_ERROR(status);
  return built;
}

}  // namespace crossfade
