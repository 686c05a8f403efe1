// UserNow: stored history and live events of one user as the one UserView that models take.
#pragma once

#include <vector>

#include "crossfade/data/dataset.h"
#include "crossfade/events/live_history.h"

namespace crossfade {

// Where a user has only one of the two in a domain, its spans are viewed as they are; where both,
// they are copied behind each other. Optional columns are there if the domain's log has them; live
// events carry no session, so a mixed history has none. Times never fall: a live event that claims
// to be older than the stored history counts as of its end.
class UserNow {
 public:
  // `dataset` must outlive this.
  UserNow(const Dataset& dataset, UserIndex user, LiveHistory::Snapshot live);
  UserNow(UserNow&&) = default;

  UserView view() const { return {user_, histories_}; }
  const History& history(std::size_t domain) const { return histories_[domain]; }
  // Items of the live events, oldest first; the weight of each as it was sent; and its kind.
  std::span<const ItemIndex> live_items(std::size_t domain) const {
    return live_.empty() ? std::span<const ItemIndex>() : live_.by_domain()[domain].items;
  }
  std::span<const float> live_reported(std::size_t domain) const {
    return live_.empty() ? std::span<const float>() : live_.reported(domain);
  }
  std::span<const std::uint8_t> live_kinds(std::size_t domain) const {
    return live_.empty() ? std::span<const std::uint8_t>() : live_.by_domain()[domain].kinds;
  }
  std::uint64_t num_events() const { return live_.num_events(); }

 private:
  struct Columns {
    std::vector<ItemIndex> items;
    std::vector<float> weights;
    std::vector<std::int64_t> times_ns;
    std::vector<std::uint8_t> kinds;
  };
  History join(const History& stored, const History& live);

  UserIndex user_;
  LiveHistory::Snapshot live_;
  std::vector<History> histories_;
  std::vector<Columns> joined_;  // moving it leaves the columns where they are
};

}  // namespace crossfade
