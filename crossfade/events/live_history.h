// LiveHistory: what every user did since the bundle was made, as the History spans models take.
//
// Per user and domain the newest kLiveEventsPerUser events are kept, in the order of arrival, and
// up to as many older ones, which are forgotten all at once: so that a history begins where it
// began at the last answer, and what a model has read of it need not be read again. They stand in
// append-only blocks: a writer fills the place behind what is published and publishes it
// under the lock of one of 64 shards; a reader takes that lock to copy one pointer per domain and
// then reads without any, because nobody writes to published places again. A full block is replaced
// by a larger one, or by a new one with its newest events, so adding costs O(1) amortised.
//
// Memory: 21 bytes per place and up to twice as many places as events, so at most 21 KiB per user
// and domain, and about 400 bytes for a user of few events. The number of users is not bounded.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <unordered_map>
#include <vector>

#include "crossfade/data/history.h"
#include "crossfade/data/ids.h"

namespace crossfade {

constexpr std::int64_t kLiveEventsPerUser = 500;  // at least, and at most twice as many

// One event of a user whose item has an index. Times never fall within a History: one that claims
// to be older than the user's newest event in the domain counts as of that event's time.
struct LiveEvent {
  ItemIndex item = kUnknown;
  float weight = 1;
  std::int64_t time_ns = 0;
  std::uint8_t kind = 0;
  float reported = 1;  // the weight that was sent, where a skip counts as 0 in `weight`
};

class LiveHistory {
  struct Block;

 public:
  // One user's events at one moment. Stays as it is while the user goes on; cheap to copy.
  class Snapshot {
   public:
    // One History per domain, without sessions; empty if none of the user's events is kept.
    std::span<const History> by_domain() const { return histories_; }
    bool empty() const { return histories_.empty(); }
    // Of by_domain()[domain].items, the weights as they were sent; requires !empty().
    std::span<const float> reported(std::size_t domain) const { return reported_[domain]; }
    // All that the user ever did, also what is no longer kept or was of unknown items: with the
    // user's id it names a moment, and a replay of the log comes to the same numbers.
    std::uint64_t num_events() const { return num_events_; }

   private:
    friend class LiveHistory;
    std::uint64_t num_events_ = 0;
    std::vector<std::shared_ptr<const Block>> blocks_;
    std::vector<History> histories_;
    std::vector<std::span<const float>> reported_;
  };

  explicit LiveHistory(std::size_t num_domains, std::int64_t limit = kLiveEventsPerUser);
  ~LiveHistory();

  // Thread-safe. A number and its decimal text are the same user.
  void add(const ExternalId& user, std::size_t domain, const LiveEvent& event);
  // Counts an event of an item that is not known: num_events() grows, and nothing else.
  void pass(const ExternalId& user);
  Snapshot snapshot(const ExternalId& user) const;
  std::int64_t num_users() const;  // with events that are kept

  // Equal for a number and its decimal text.
  static std::uint64_t hash_of(const ExternalId& user);

  // Where a user's lock stands. Callers that must keep the order of a user's events equal in two
  // places (the log and here) guard both with a lock of their own per shard.
  static constexpr std::size_t kShards = 64;
  static std::size_t shard_of(const ExternalId& user);

 private:
  // The published part of a block, from its beginning.
  struct Timeline {
    std::shared_ptr<Block> block;
    std::size_t size = 0;
  };
  struct User {
    std::uint64_t num_events = 0;
    std::vector<Timeline> timelines;  // empty, or one per domain
  };
  struct Hash {
    std::size_t operator()(const ExternalId& user) const;
  };
  struct Shard {
    mutable std::mutex mutex;
    std::unordered_map<ExternalId, User, Hash> users;
    std::int64_t num_kept = 0;  // users with a timeline
  };
  void make_room(Timeline& timeline) const;

  const std::size_t num_domains_;
  const std::size_t limit_;
  std::array<Shard, kShards> shards_;
};

}  // namespace crossfade
