// The knobs of co-visitation.
#pragma once

#include <cstdint>
#include <string>

#include "crossfade/base/knobs.h"
#include "crossfade/models/neighbours/history_use.h"

namespace crossfade {

struct CovisitConfig {
  std::int64_t window = 10;
  std::string direction = "after";
  std::string distance = "inverse";
  std::string within = "session";
  double half_life_s = 0;
  double half_life_days = 0;
  std::int64_t first_kind = -1, second_kind = -1;
  bool weighted = false;
  bool repeats = true;
  double popularity = 0;
  double per_play = 1;
  std::int64_t neighbours = 100;
  HistoryUse use{0, 0.7, "binary"};

  template <class Visitor>
  void knobs(Visitor& knob) {
    knob("window", window, between(1, 1000).tuned_log(1, 30),
         "plays at most so far from each other count together; 1: transitions");
    knob("direction", direction, one_of({"after", "both", "before"}).tuned(),
         "what comes after an item speaks for it, what comes before, or both alike");
    knob("distance", distance, one_of({"inverse", "equal", "halving"}).tuned(),
         "what a pair d plays apart counts: 1 / d, 1, or 2^(1 - d)");
    knob("within", within, one_of({"session", "history"}).tuned(),
         "session: pairs of one session only, where the log has sessions");
    knob("half_life_s", half_life_s, between(0, 1e9),
         "a pair counts half per so many seconds between its plays; 0: time does not count");
    knob("half_life_days", half_life_days, between(0, 36500).tuned_log(3, 3000),
         "a play counts half per so many days before the newest of the log; 0: age does not count");
    knob("first_kind", first_kind, between(-1, 255),
         "only events of this kind (its number) have followers; -1: all");
    knob("second_kind", second_kind, between(-1, 255), "only events of this kind follow; -1: all");
    knob("weighted", weighted, yes_or_no(), "a pair counts the weight of its second play");
    knob("repeats", repeats, yes_or_no(), "an item may follow itself");
    knob("popularity", popularity, between(0, 2).tuned(0, 1),
         "power of an item's plays by which its score is divided");
    knob("per_play", per_play, between(0, 2),
         "power of the first item's plays by which a score is divided; 1: probabilities");
    knob("neighbours", neighbours, between(1, 100000).tuned_log(20, 500),
         "at most so many per item");
    use.knobs(knob);
  }
};

}  // namespace crossfade
