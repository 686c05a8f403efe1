// LiveHistory: what every user did since the bundle was made, as the History spans models take.
//
// Per user and domain the newest kLiveEventsPerUser events are kept, in the order of arrival. They
// stand in append-only blocks: a writer fills the place behind what is published and publishes it
// under the lock of one of 64 shards; a reader takes that lock to copy one pointer per domain and
// then reads without any, because nobody writes to published places again. A full block is replaced
// by a new one with its newest events, so adding costs O(1) amortised.
//
// Memory: 17 bytes per place and up to twice as many places as events, so at most 34 KiB per user
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

constexpr std::int64_t kLiveEventsPerUser = 500;

// One event of a user whose item has an index. Times never fall within a History: one that claims
// to be older than the user's newest event in the domain counts as of that event's time.
struct LiveEvent {
  ItemIndex item = kUnknown;
  float weight = 1;
  std::int64_t time_ns = 0;
  std::uint8_t kind = 0;
};

class LiveHistory {
  struct Block;

 public:
  // One user's events at one moment. Stays as it is while the user goes on; cheap to copy.
  class Snapshot {
   public:
    // One History per domain, without sessions; empty if the user has no events at all.
    std::span<const History> by_domain() const { return histories_; }
    bool empty() const { return histories_.empty(); }

   private:
    friend class LiveHistory;
    std::vector<std::shared_ptr<const Block>> blocks_;
    std::vector<History> histories_;
  };

  explicit LiveHistory(std::size_t num_domains, std::int64_t limit = kLiveEventsPerUser);
  ~LiveHistory();

  // Thread-safe. A number and its decimal text are the same user.
  void add(const ExternalId& user, std::size_t domain, const LiveEvent& event);
  Snapshot snapshot(const ExternalId& user) const;
  std::int64_t num_users() const;

  // Where a user's lock stands. Callers that must keep the order of a user's events equal in two
  // places (the log and here) guard both with a lock of their own per shard.
  static constexpr std::size_t kShards = 64;
  static std::size_t shard_of(const ExternalId& user);

 private:
  // The published part of a block.
  struct Timeline {
    std::shared_ptr<Block> block;
    std::size_t begin = 0, end = 0;
  };
  struct Hash {
    std::size_t operator()(const ExternalId& user) const;
  };
  struct Shard {
    mutable std::mutex mutex;
    std::unordered_map<ExternalId, std::vector<Timeline>, Hash> users;
  };
  void make_room(Timeline& timeline) const;

  const std::size_t num_domains_;
  const std::size_t limit_;
  std::array<Shard, kShards> shards_;
};

}  // namespace crossfade
