// Which column is which file, and the facts of the manifest.
#include "crossfade/data/store/segment_writer.h"

#include <utility>

namespace crossfade {
namespace {

constexpr std::array<const char*, SegmentWriter::kColumns> kNames{
    "time_ns.npy", "session.npy", "item.npy", "weight.npy", "kind.npy"};

}  // namespace

template <class T>
Status SegmentWriter::open(std::size_t column) {
  CROSSFADE_ASSIGN_OR_RETURN(columns_[column],
                             artifact_.open_column<T>(kNames[column], shape_.expected_rows));
  return ok_status();
}

Result<SegmentWriter> SegmentWriter::create(const std::string& path, const Shape& shape,
                                            Sync sync) {
  CROSSFADE_ASSIGN_OR_RETURN(ArtifactWriter artifact,
                             ArtifactWriter::create(path, kSegmentKind, kSegmentSchema, sync));
  SegmentWriter writer(std::move(artifact), shape);
  if (shape.times) CROSSFADE_RETURN_IF_ERROR(writer.open<std::int64_t>(0));
  if (shape.sessions) CROSSFADE_RETURN_IF_ERROR(writer.open<std::int64_t>(1));
  CROSSFADE_RETURN_IF_ERROR(writer.open<ItemIndex>(2));
  CROSSFADE_RETURN_IF_ERROR(writer.open<float>(3));
  if (shape.kinds) CROSSFADE_RETURN_IF_ERROR(writer.open<std::uint8_t>(4));
  CROSSFADE_ASSIGN_OR_RETURN(writer.users_of_items_, writer.artifact_.open_column<UserIndex>(
                                                         "item_user.npy", shape.expected_rows));
  return writer;
}

Status SegmentWriter::append(int column, const HistorySpans& rows) {
  auto& file = columns_[static_cast<std::size_t>(column)];
  if (!file) return ok_status();
  switch (column) {
    case 0:
      return file->append(rows.time_ns);
    case 1:
      return file->append(rows.session);
    case 2:
      return file->append(rows.item);
    case 3:
      return file->append(rows.weight);
    default:
      return file->append(rows.kind);
  }
}

Status SegmentWriter::append_users_of_items(std::span<const UserIndex> users) {
  return users_of_items_->append(users);
}

Status SegmentWriter::finish(const End& end) {
  const std::int64_t rows = columns_[2]->count();
  for (std::size_t column = 0; column < columns_.size(); ++column) {
    if (!columns_[column]) continue;
    CROSSFADE_CHECK(columns_[column]->count() == rows, "columns of one length");
    CROSSFADE_RETURN_IF_ERROR(artifact_.close_column(kNames[column], *columns_[column]));
  }
  CROSSFADE_CHECK(users_of_items_->count() == rows, "a transpose of as many rows");
  CROSSFADE_RETURN_IF_ERROR(artifact_.close_column("item_user.npy", *users_of_items_));
  CROSSFADE_RETURN_IF_ERROR(artifact_.add<std::int64_t>("offsets.npy", end.offsets));
  CROSSFADE_RETURN_IF_ERROR(artifact_.add<std::int64_t>("item_offsets.npy", end.item_offsets));
  CROSSFADE_RETURN_IF_ERROR(save_ids(artifact_, "users", end.new_users));
  CROSSFADE_RETURN_IF_ERROR(save_ids(artifact_, "items", end.new_items));
  Json& facts = artifact_.metadata();
  facts.set("domain", shape_.domain)
      .set("first_user", shape_.first_user)
      .set("new_users", end.new_users.size())
      .set("first_item", shape_.first_item)
      .set("items", shape_.first_item + end.new_items.size())
      .set("interactions", rows);
  if (shape_.weights) facts.set("weights", *shape_.weights);
  if (end.times)
    facts.set("first_time_ns", end.times->first_ns).set("last_time_ns", end.times->last_ns);
  if (!end.inputs.empty()) facts.set("inputs", end.inputs);
  if (!end.kind_names.empty()) {
    facts.set("kind_names", json_list(end.kind_names));
  }
  facts.set("import", to_json(end.report));
  return artifact_.commit();
}

}  // namespace crossfade
