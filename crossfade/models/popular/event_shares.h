// EventShares: what each event of a history counts for popularity, by its age, and whether it
// counts at all.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "crossfade/data/dataset.h"
#include "crossfade/models/popular/popular_config.h"

namespace crossfade {

class EventShares {
 public:
  EventShares(const PopularConfig& config, const Domain& domain) : config_(config) {
    for (const std::int64_t time_ns : domain.time_ns) newest_ns_ = std::max(newest_ns_, time_ns);
  }

  // body(item, share) for the events of `user` that count, the newest first. `last_counted` is, by
  // item, the user last counted for it (-1: none), where everyone counts once.
  template <class Body>
  void visit(const History& history, std::int64_t user, std::vector<std::int64_t>& last_counted,
             const Body& body) const {
    for (std::size_t i = history.size(); i-- > 0;) {
      const double share = history.weights[i] > 0 ? share_of(history, i) : 0;
      const auto item = static_cast<std::size_t>(history.items[i]);
      if (share == 0 || (config_.count == "users" && last_counted[item] == user)) continue;
      last_counted[item] = user;
      body(item, share);
    }
  }

 private:
  double share_of(const History& history, std::size_t i) const {
    constexpr double kDayNs = 86400e9;
    if (config_.window_days == 0 && config_.half_life_days == 0) return 1;
    const double age_days = static_cast<double>(newest_ns_ - history.time_ns[i]) / kDayNs;
    if (config_.window_days > 0 && age_days > config_.window_days) return 0;
    return config_.half_life_days > 0 ? std::exp2(-age_days / config_.half_life_days) : 1;
  }

  const PopularConfig& config_;
  std::int64_t newest_ns_ = std::numeric_limits<std::int64_t>::min();
};

}  // namespace crossfade
