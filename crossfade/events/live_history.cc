// Places behind `size` of a block belong to the writer that holds the shard's lock; places before
// it are read by anyone.
#include "crossfade/events/live_history.h"

#include <algorithm>

#include "crossfade/base/check.h"
#include "crossfade/base/hash.h"
#include "crossfade/base/rng.h"

namespace crossfade {
namespace {

constexpr std::size_t kFirstPlaces = 8;

// "42" and 42 become the same key; "042" stays a text of its own.
ExternalId canonical(const ExternalId& id) {
  const auto number = as_number(id);
  return number ? ExternalId(*number) : id;
}

std::uint64_t hash_id(const ExternalId& id) {
  if (const auto* number = std::get_if<std::int64_t>(&id))
    return mix64(static_cast<std::uint64_t>(*number));
  return hash_bytes(std::get<std::string>(id));
}

std::size_t shard_of_canonical(const ExternalId& id) {
  return hash_id(id) >> 58;  // the top six bits; the table inside uses the low ones
}
static_assert(LiveHistory::kShards == 1 << 6);

}  // namespace

struct LiveHistory::Block {
  explicit Block(std::size_t places)
      : items(places), weights(places), reported(places), times_ns(places), kinds(places) {}
  std::vector<ItemIndex> items;
  std::vector<float> weights, reported;
  std::vector<std::int64_t> times_ns;
  std::vector<std::uint8_t> kinds;
};

LiveHistory::LiveHistory(std::size_t num_domains, std::int64_t limit)
    : num_domains_(num_domains), limit_(static_cast<std::size_t>(limit)) {
  CROSSFADE_CHECK(limit >= 1, "a live history keeps at least one event");
}
LiveHistory::~LiveHistory() = default;

std::size_t LiveHistory::Hash::operator()(const ExternalId& user) const {
  return hash_id(user);
}

std::size_t LiveHistory::shard_of(const ExternalId& user) {
  return shard_of_canonical(canonical(user));
}

std::uint64_t LiveHistory::hash_of(const ExternalId& user) {
  return hash_id(canonical(user));
}

void LiveHistory::make_room(Timeline& timeline) const {
  if (timeline.block && timeline.size < timeline.block->items.size()) return;
  const std::size_t size = timeline.size;
  const std::size_t kept = size < 2 * limit_ ? size : limit_ - 1;
  const std::size_t places =
      std::clamp(2 * (kept + 1), std::min(kFirstPlaces, 2 * limit_), 2 * limit_);
  auto block = std::make_shared<Block>(places);
  if (timeline.block) {
    const std::size_t from = size - kept;
    const auto copy = [&](const auto& source, auto& target) {
      std::copy_n(source.data() + from, kept, target.data());
    };
    copy(timeline.block->items, block->items);
    copy(timeline.block->weights, block->weights);
    copy(timeline.block->reported, block->reported);
    copy(timeline.block->times_ns, block->times_ns);
    copy(timeline.block->kinds, block->kinds);
  }
  timeline = {std::move(block), kept};
}

void LiveHistory::add(const ExternalId& user, std::size_t domain, const LiveEvent& event) {
  CROSSFADE_CHECK(domain < num_domains_, "an event's domain is one of the live history's");
  ExternalId key = canonical(user);
  Shard& shard = shards_[shard_of_canonical(key)];
  const std::lock_guard lock(shard.mutex);
  User& known = shard.users[std::move(key)];
  ++known.num_events;
  if (known.timelines.empty()) {
    known.timelines.resize(num_domains_);
    ++shard.num_kept;
  }
  Timeline& timeline = known.timelines[domain];
  make_room(timeline);
  Block& block = *timeline.block;
  const std::size_t at = timeline.size;
  block.items[at] = event.item;
  block.weights[at] = event.weight;
  block.reported[at] = event.reported;
  block.times_ns[at] = at > 0 ? std::max(event.time_ns, block.times_ns[at - 1]) : event.time_ns;
  block.kinds[at] = event.kind;
  timeline.size = at + 1;
}

void LiveHistory::pass(const ExternalId& user) {
  ExternalId key = canonical(user);
  Shard& shard = shards_[shard_of_canonical(key)];
  const std::lock_guard lock(shard.mutex);
  ++shard.users[std::move(key)].num_events;
}

LiveHistory::Snapshot LiveHistory::snapshot(const ExternalId& user) const {
  const ExternalId key = canonical(user);
  const Shard& shard = shards_[shard_of_canonical(key)];
  Snapshot snapshot;
  const std::lock_guard lock(shard.mutex);
  const auto found = shard.users.find(key);
  if (found == shard.users.end()) return snapshot;
  snapshot.num_events_ = found->second.num_events;
  for (const Timeline& timeline : found->second.timelines) {
    History& history = snapshot.histories_.emplace_back();
    std::span<const float>& reported = snapshot.reported_.emplace_back();
    if (!timeline.block) continue;
    const std::size_t size = timeline.size;
    const Block& block = *timeline.block;
    history.items = std::span(block.items).first(size);
    history.weights = std::span(block.weights).first(size);
    history.time_ns = std::span(block.times_ns).first(size);
    history.kinds = std::span(block.kinds).first(size);
    reported = std::span(block.reported).first(size);
    snapshot.blocks_.push_back(timeline.block);
  }
  return snapshot;
}

std::int64_t LiveHistory::num_users() const {
  std::int64_t count = 0;
  for (const Shard& shard : shards_) {
    const std::lock_guard lock(shard.mutex);
    count += shard.num_kept;
  }
  return count;
}

}  // namespace crossfade
