// A range of users at a time, then a range of items: merged on all threads, written column by
// column.
#include "crossfade/data/store/compact_store.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "crossfade/base/file.h"
#include "crossfade/base/hash.h"
#include "crossfade/data/item_counts.h"
#include "crossfade/data/store/merge_segments.h"
#include "crossfade/data/store/segment_writer.h"
#include "crossfade/data/store/store.h"
#include "crossfade/data/store/store_manifest.h"

namespace crossfade {
namespace {

constexpr std::int64_t kRowsAtOnce = std::int64_t{1} << 22;

using Segments = std::vector<const Segment*>;

Status write_columns(const HistoryColumns& columns, SegmentWriter& writer, ThreadPool& threads) {
  std::vector<Status> statuses(SegmentWriter::kColumns);
  threads.parallel_for(SegmentWriter::kColumns, 1, [&](std::int64_t column, std::int64_t, int) {
    statuses[static_cast<std::size_t>(column)] =
        writer.append(static_cast<int>(column), columns.spans());
  });
  for (Status& status : statuses)
    if (!status.ok()) return std::move(status);
  return ok_status();
}

void append_offsets(const std::vector<std::int64_t>& more, std::vector<std::int64_t>& offsets) {
  const std::int64_t before = offsets.back();
  for (std::size_t i = 1; i < more.size(); ++i) offsets.push_back(before + more[i]);
}

Status write_rows(const Segments& segments, std::int64_t num_users, SegmentWriter& writer,
                  std::vector<std::int64_t>& offsets, Context& context) {
  for (std::int64_t first = 0; first < num_users;) {
    const std::int64_t end = first + users_with_rows(segments, first, num_users, kRowsAtOnce);
    const MergedRows rows = merge_users(segments, first, end, &context.threads);
    CROSSFADE_RETURN_IF_ERROR(write_columns(rows.columns, writer, context.threads));
    append_offsets(rows.offsets, offsets);
    context.progress.advance(rows.offsets.back());
    CROSSFADE_RETURN_IF_ERROR(context.check_stop());
    first = end;
  }
  return ok_status();
}

Status write_transpose(const Segments& segments, std::int64_t num_items, SegmentWriter& writer,
                       std::vector<std::int64_t>& offsets, Context& context) {
  for (std::int64_t first = 0; first < num_items;) {
    const std::int64_t end = first + items_with_rows(segments, first, num_items, kRowsAtOnce);
    const MergedItems rows = merge_items(segments, first, end, &context.threads);
    CROSSFADE_RETURN_IF_ERROR(writer.append_users_of_items(rows.users));
    append_offsets(rows.offsets, offsets);
    context.progress.advance(rows.offsets.back());
    CROSSFADE_RETURN_IF_ERROR(context.check_stop());
    first = end;
  }
  return ok_status();
}

// What the segments of one domain are together.
struct Whole {
  SegmentWriter::Shape shape;
  SegmentWriter::End end;
  std::int64_t num_items = 0;
};

Result<Whole> describe(const Segments& segments) {
  Whole whole;
  whole.shape.domain = segments[0]->domain.name;
  std::vector<IdList> items;
  for (const Segment* segment : segments) {
    const Domain& domain = segment->domain;
    items.push_back(segment->new_items);
    whole.shape.expected_rows += domain.num_interactions();
    whole.shape.times |= !domain.time_ns.empty();
    whole.shape.kinds |= !domain.kind.empty();
    whole.shape.sessions |= !domain.session.empty();
    if (segment == segments[0])
      whole.shape.weights = segment->weights;
    else if (whole.shape.weights != segment->weights)
      whole.shape.weights.reset();
    if (!segment->kind_names.empty()) whole.end.kind_names = segment->kind_names;
    if (!segment->inputs.empty())
      whole.end.inputs += (whole.end.inputs.empty() ? "" : " ") + segment->inputs;
    if (segment->times) widen(whole.end.times, *segment->times);
    if (segment == segments[0])
      whole.end.report = segment->report;
    else
      whole.end.report.append(segment->report);
  }
  CROSSFADE_ASSIGN_OR_RETURN(whole.end.new_items, join_ids(items));
  whole.num_items = whole.end.new_items.size();
  return whole;
}

// Segments of old stores have no transpose: it is made here.
void complete(Segment& segment, ThreadPool& threads) {
  Domain& domain = segment.domain;
  if (!domain.item_offsets.empty()) return;
  const ItemMajor made = item_major(domain, segment.first_item + segment.new_items.size(), threads);
  domain.item_offsets = made.offsets;
  domain.item_user = made.users;
}

Status write_whole(const std::string& path, const Segments& segments, const IdList& users,
                   bool with_users, Context& context) {
  CROSSFADE_ASSIGN_OR_RETURN(Whole whole, describe(segments));
  whole.shape.first_user = with_users ? 0 : users.size();
  if (with_users) whole.end.new_users = users;
  CROSSFADE_RETURN_IF_ERROR(remove_tree(path));  // left by a crash: no manifest names it
  CROSSFADE_ASSIGN_OR_RETURN(SegmentWriter writer,
                             SegmentWriter::create(path, whole.shape, Sync::kYes));
  std::vector<std::int64_t> offsets{0}, item_offsets{0};
  context.progress.begin("compacting " + whole.shape.domain, 2 * whole.shape.expected_rows, "rows");
  Status status = write_rows(segments, users.size(), writer, offsets, context);
  if (status.ok())
    status = write_transpose(segments, whole.num_items, writer, item_offsets, context);
  context.progress.end();
  CROSSFADE_RETURN_IF_ERROR(status);
  whole.end.offsets = offsets;
  whole.end.item_offsets = item_offsets;
  return writer.finish(whole.end);
}

}  // namespace

Result<Compaction> compact_store(const std::string& path, Context& context) {
  CROSSFADE_RETURN_IF_ERROR(read_manifest_text(path).status());
  CROSSFADE_ASSIGN_OR_RETURN(const WriterLock lock, WriterLock::take(path));
  CROSSFADE_ASSIGN_OR_RETURN(const std::string text, read_manifest_text(path));
  CROSSFADE_ASSIGN_OR_RETURN(const StoreManifest before, parse_manifest(path, text));
  CROSSFADE_ASSIGN_OR_RETURN(StoreSegments store,
                             open_segments(path, Verify::kFull, &context.threads));
  const std::vector<Segments> domains = segments_by_domain(store.segments);
  Compaction compaction{store.segments.size(), domains.size(), 0};
  for (const Segment& segment : store.segments)
    compaction.interactions += segment.domain.num_interactions();
  if (domains.size() == store.segments.size()) return compaction;
  std::vector<IdList> lists;
  for (Segment& segment : store.segments) {
    lists.push_back(segment.new_users);
    complete(segment, context.threads);
  }
  CROSSFADE_ASSIGN_OR_RETURN(const IdList users, join_ids(lists));

  StoreManifest after = before;
  for (const Segments& segments : domains) {
    const std::string name = segments[0]->domain.name;
    const std::string folder = next_segment_folder(after, name);
    CROSSFADE_RETURN_IF_ERROR(
        write_whole(path + "/" + folder, segments, users, &segments == &domains[0], context));
    CROSSFADE_ASSIGN_OR_RETURN(const Segment written,
                               read_segment(path + "/" + folder, Verify::kSizes));
    after.segments.push_back({folder, name, written.fingerprint});
  }
  after.segments.erase(after.segments.begin(),
                       after.segments.begin() + std::ssize(before.segments));
  CROSSFADE_RETURN_IF_ERROR(replace_file(manifest_path(path), manifest_text(after)));
  for (const StoreManifest::Folder& old : before.segments)
    CROSSFADE_RETURN_IF_ERROR(remove_tree(path + "/" + old.folder));
  return compaction;
}

}  // namespace crossfade
