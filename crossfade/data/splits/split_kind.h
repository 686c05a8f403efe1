// SplitKind: what the file of a splitting rule defines and the list in split.cc names.
#pragma once

#include <functional>
#include <span>
#include <string>

#include "crossfade/base/rng.h"
#include "crossfade/data/splits/split.h"

namespace crossfade {

struct SplitKind {
  std::string name;     // before the colon: "time"
  std::string example;  // "time:0.9"
  std::string help;     // half a sentence: what becomes test
  // From what stands after the colon. The error says what that may be.
  Result<SplitRule> (*parse)(const std::string& argument) = nullptr;
};

SplitKind time_split();
SplitKind last_split();
SplitKind ratio_split();
SplitKind random_split();
SplitKind users_split();
SplitKind new_users_split();
SplitKind session_split();
SplitKind random_next_split();
SplitKind fold_split();
SplitKind hide_split();
SplitKind cold_split();

// One user's rows of one domain, and their parts, which are all kTrain at first.
struct UserRows {
  const Domain& domain;
  std::size_t user = 0, begin = 0;  // rows begin to begin + parts.size()
  std::span<std::uint8_t> parts;
  Rng rng;  // a stream of this user's in this domain
};
// The rule that cuts every user's history in every domain for itself, on all threads.
SplitRule rule_per_user(std::function<Status(const Domain&, Context&)> check,
                        std::function<void(UserRows&, const SplitOptions&)> cut);

// How many of `size` are held out when `share` stay; one always does. 0.2 * 5 is 1.
std::size_t held_out(std::size_t size, double share);
// Usage error unless the domain has times; `advice` says what to use instead.
Status need_times_to_split(const Domain& domain, const std::string& advice);

}  // namespace crossfade
