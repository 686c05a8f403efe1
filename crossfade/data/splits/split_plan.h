// SplitPlan: a split in the words of a user: filters, a rule, and settings; what a command line, a
// recipe and a protocol have in common. And SplitOutcome: what came of it, for people and machines.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "crossfade/base/knobs.h"
#include "crossfade/data/filters/filter.h"
#include "crossfade/data/splits/split.h"
#include "crossfade/data/splits/split_report.h"

namespace crossfade {

struct SplitSettings {
  std::int64_t seed = 1;
  bool validation = true;
  std::string target = "all", sessions = "cut", cold_users = "keep", cold_items = "keep";
  bool fold_in = false;

  template <class Visitor>
  void knobs(Visitor& knob) {
    knob("seed", seed, between(0, 9e15), "seed of filters and rules that draw");
    knob("validation", validation, yes_or_no(), "cut a validation part; no: it stays in train");
    knob("target", target, one_of({"all", "last", "first", "random", "successive", "following"}),
         "which of a user's held-out interactions are asked for");
    knob("sessions", sessions, one_of({"cut", "earlier", "later"}),
         "where a session goes that a cut goes through");
    knob("cold_users", cold_users, one_of({"keep", "drop"}),
         "users of validation and test without any history");
    knob("cold_items", cold_items, one_of({"keep", "drop"}),
         "items of validation and test that nobody took before");
    knob("fold_in", fold_in, yes_or_no(),
         "write what is known of the test's users even if only validation adds to train");
  }
};
SplitOptions split_options(const SplitSettings& settings);

struct SplitPlan {
  std::vector<std::string> filters;  // in order: "kcore:5"
  std::string by;                    // "time:0.9"
  SplitSettings settings;
};

struct SplitOutcome {
  std::vector<FilterStep> filters;
  Split split;
  SplitReport report;
};

// Filters, then splits. Errors: those of parse_filters(), parse_split(), filter_dataset() and
// split_dataset(); what is written wrong is found before anything is computed.
Result<SplitOutcome> run_split(const Dataset& dataset, const SplitPlan& plan, Context& context);

// {"filters": [".."], "by": "..", "settings": {..}}
Json to_json(const SplitPlan& plan);

}  // namespace crossfade
