// What side tables say of the users: how many have an attribute, which values are common, and where
// numbers lie.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "crossfade/data/dataset.h"
#include "crossfade/data/exploration/explore_numbers.h"

namespace crossfade {

// Of labels and texts.
struct UserAttributeExploration {
  std::string attribute;                // "gender"
  std::int64_t users = 0, missing = 0;  // of the vocabulary: with a value, and without
  std::int64_t values = 0;              // distinct ones
  // The most common and their users; a user may have several labels. Equal ones by text.
  std::vector<std::pair<std::string, std::int64_t>> top;
};

struct UserExploration {
  std::vector<UserAttributeExploration> attributes;
  std::vector<NumberExploration> numbers;
  std::int64_t without_any = 0;  // users without a value of any attribute

  bool empty() const { return attributes.empty() && numbers.empty(); }
};

// One entry per attribute, in their order; empty where nothing is known of the users.
UserExploration explore_users(const Dataset& dataset, std::size_t top);

}  // namespace crossfade
