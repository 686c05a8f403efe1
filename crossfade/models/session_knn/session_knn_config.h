// The knobs of nearest neighbours among sessions.
#pragma once

#include <cstdint>
#include <string>

#include "crossfade/base/knobs.h"

namespace crossfade {

struct SessionKnnConfig {
  std::int64_t neighbours = 200;
  std::int64_t sample = 2000;
  std::string running = "session";
  std::int64_t last = 20;
  double fading = 0.7;
  double per_length = 0.5;
  double half_life_days = 0;
  double near = 0.8;
  double before = 0.3;
  double idf = 0;
  std::int64_t recent = 1000;
  std::int64_t sessions = 0;
  std::int64_t length = 100;
  double gap_minutes = 30;

  template <class Visitor>
  void knobs(Visitor& knob) {
    knob("neighbours", neighbours, between(1, 1e6).tuned_log(20, 1000),
         "so many of the sessions most like the running one vote");
    knob("sample", sample, between(1, 1e7).tuned_log(100, 10000),
         "they are looked for among so many of the newest that share an item");
    knob("running", running, one_of({"session", "history"}).tuned(),
         "session: only plays of the running session count; history: those before it too");
    knob("last", last, between(1, 1000).tuned_log(2, 50),
         "at most so many of the items played last count");
    knob("fading", fading, between(1e-6, 1).tuned(0.3, 1),
         "what an item counts against the one that was played after it");
    knob("per_length", per_length, between(0, 2).tuned(0, 1),
         "power of a session's length by which its likeness is divided");
    knob("half_life_days", half_life_days, between(0, 36500).tuned_log(3, 3000),
         "a session counts half per so many days of age; 0: age does not count");
    knob("near", near, between(1e-6, 1).tuned(0.3, 1),
         "what a place of a session counts against the one nearer to the item it shares");
    knob("before", before, between(0, 1).tuned(0, 1),
         "what comes before that item, against what comes after it");
    knob("idf", idf, between(0, 4).tuned(0, 1.5),
         "power of log(sessions / sessions of an item) that its votes are multiplied by");
    knob("recent", recent, between(1, 1e7), "so many of an item's newest sessions are kept");
    knob("sessions", sessions, between(0, 2e9),
         "so many of the newest sessions are kept at all; 0: all");
    knob("length", length, between(1, 1e6), "so many of a session's last plays are kept");
    knob(
        "gap_minutes", gap_minutes, between(0, 1e7),
        "a session ends with a pause of so long where the log has times and no sessions; 0: never");
  }
};

}  // namespace crossfade
