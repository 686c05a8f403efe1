// The knobs of association rules.
#pragma once

#include <cstdint>
#include <string>

#include "crossfade/base/knobs.h"
#include "crossfade/models/neighbours/history_use.h"

namespace crossfade {

struct RulesConfig {
  std::string measure = "confidence";
  std::int64_t support = 2;
  std::int64_t neighbours = 100;
  HistoryUse use;

  template <class Visitor>
  void knobs(Visitor& knob) {
    knob("measure", measure, one_of({"confidence", "lift"}).tuned(),
         "confidence: how many of the users of i met j; lift: how much more often than all users");
    knob("support", support, between(1, 1e9).tuned_log(1, 20),
         "a rule needs at least so many users of both items");
    knob("neighbours", neighbours, between(1, 100000).tuned_log(10, 1000),
         "at most so many per item");
    use.knobs(knob);
  }
};

}  // namespace crossfade
