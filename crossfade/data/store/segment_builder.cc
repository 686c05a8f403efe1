// Taking blocks in: numbering and partitioning. Writing them out stands in segment_passes.cc.
#include "crossfade/data/store/segment_builder.h"

#include <algorithm>
#include <utility>

#include "crossfade/data/log_lengths.h"

namespace crossfade {
namespace {

// Blocks with fewer rows are joined first.
constexpr std::size_t kBlockRows = std::size_t{1} << 19;

template <class T>
void append(std::vector<T>& all, std::vector<T>&& more) {
  if (all.empty())
    all = std::move(more);
  else
    all.insert(all.end(), more.begin(), more.end());
}

const char* verb(bool has) {
  return has ? "has" : "has no";
}

// The column that one part of a log has and another has not.
Status disagreement(const LogShape& before, const LogShape& now) {
  const auto differ = [](const char* what, bool then, bool here) {
    return data_invalid(std::string("this part of the log ") + verb(here) + " " + what +
                        ", and the part before it " + verb(then) +
                        "; give a log whose parts have the same columns");
  };
  if (before.times != now.times) return differ("times", before.times, now.times);
  if (before.weights != now.weights) return differ("weights", before.weights, now.weights);
  if (before.kinds != now.kinds) return differ("kinds", before.kinds, now.kinds);
  return differ("sessions", before.sessions, now.sessions);
}

}  // namespace

LogShape shape_of(const LogColumns& log) {
  return {!log.time_ns.empty(), !log.weights.empty(), !log.kinds.empty(), !log.sessions.empty()};
}

SegmentBuilder::SegmentBuilder(Plan plan, Context& context)
    : plan_(std::move(plan)),
      context_(context),
      users_(plan_.users),
      items_(plan_.items),
      blocks_(plan_.spill_path + "rows", plan_.memory_bytes / 2) {
  plan_.users = plan_.items = {};
}

std::int64_t SegmentBuilder::rows() const {
  return blocks_.rows() + std::ssize(pending_.users);
}

Status SegmentBuilder::resume(std::int64_t spilled_bytes, const LogShape& shape) {
  CROSSFADE_CHECK(rows() == 0, "resume() comes before add()");
  shape_ = shape;
  has_shape_ = true;
  return blocks_.reopen(spilled_bytes, context_.threads);
}

// Numbers the ids behind those that are pending.
Status SegmentBuilder::encode(const LogColumns& block) {
  const std::size_t before = pending_.users.size(), rows = before + size_of(block.users);
  std::vector<std::int32_t>&users = pending_.users, &items = pending_.columns.item;
  users.resize(rows);
  items.resize(rows);
  CROSSFADE_RETURN_IF_ERROR(
      users_.encode(block.users, std::span(users).subspan(before), &context_.threads).at("users"));
  return items_.encode(block.items, std::span(items).subspan(before), &context_.threads)
      .at("items");
}

Result<bool> SegmentBuilder::add(LogColumns block) {
  CROSSFADE_RETURN_IF_ERROR(check_lengths(block));
  CROSSFADE_RETURN_IF_ERROR(check_weights(block));
  if (size_of(block.users) == 0) return false;
  const LogShape shape = shape_of(block);
  if (!std::exchange(has_shape_, true)) shape_ = shape;
  if (!(shape == shape_)) return disagreement(shape_, shape);
  if (plan_.makes_sessions() && !shape.times)
    return usage_error("sessions by gaps or ends need times, and this log has none");
  if (plan_.session_end_kind >= 0 && !shape.kinds)
    return usage_error("sessions by ends need kinds, and this log has none");
  CROSSFADE_RETURN_IF_ERROR(encode(block));
  append(pending_.columns.weight, std::move(block.weights));
  append(pending_.columns.time_ns, std::move(block.time_ns));
  append(pending_.columns.kind, std::move(block.kinds));
  if (!plan_.makes_sessions()) append(pending_.columns.session, std::move(block.sessions));
  spent_.users = std::move(block.users);
  spent_.items = std::move(block.items);
  const std::size_t bytes = pending_.users.size() * 32;
  if (pending_.users.size() < kBlockRows &&
      static_cast<std::int64_t>(bytes) < plan_.memory_bytes / 8)
    return false;
  return pack_pending();
}

Result<bool> SegmentBuilder::pack_pending() {
  if (pending_.users.empty()) return false;
  RowBlocks::Block block =
      RowBlocks::pack(pending_.users, pending_.columns.spans(), users_.size(), &context_.threads);
  HistoryColumns& columns = pending_.columns;
  pending_.users.clear();
  columns.item.clear();
  columns.kind.clear();
  spent_.weights = std::exchange(columns.weight, {});
  spent_.time_ns = std::exchange(columns.time_ns, {});
  spent_.sessions = std::exchange(columns.session, {});
  return blocks_.add(std::move(block));
}

SegmentWriter::Shape SegmentBuilder::segment_shape(const std::string& domain) const {
  return {domain,           plan_.first_user,
          plan_.first_item, shape_.times,
          shape_.kinds,     plan_.makes_sessions() || shape_.sessions,
          shape_.weights,   rows()};
}

}  // namespace crossfade
