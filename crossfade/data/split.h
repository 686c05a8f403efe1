// Splits: which interactions a model may learn from, which tune it, which judge it.
//
//   time:0.9         the global cut in time: of all interactions of all domains, the last 10% (at
//   or
//                    after the 0.9-quantile of time) are test; of those before, the last 10% are
//                    validation. Equal times are never separated.
//   time:2022-12-01  test from that day on (00:00 UTC); validation is the stretch before it that is
//                    as long as the test.
//   last:1           each user's last n interactions in each domain are test, the n before them
//                    validation. A user with n or fewer stays in train, one with 2n or fewer has no
//                    validation. Equal times go by the order of the log; so does a log without
//                    times, and that is said.
//   ratio:0.8        of each user's m interactions in each domain, floor(m * 0.2) drawn at random
//                    are test, and floor(0.2 * rest) of the rest validation; seeded, the same for
//                    any number of threads.
//
// The parts are disjoint and together the whole: train holds neither validation nor test. All share
// the vocabularies of the dataset, so a model's indices mean the same everywhere. Interactions are
// divided, not pairs: an item that a user took twice may be in two parts.
//
// A rule is a file of its own (split_time.cc) and a line in split.cc.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "crossfade/data/dataset.h"

namespace crossfade {

struct SplitOptions {
  std::uint64_t seed = 1;  // of rules that draw
  bool validation = true;  // false: what would be validation stays in train
};

// The part of every interaction: a Part per row, per domain.
enum Part : std::uint8_t { kTrain, kValidation, kTest };
using RowParts = std::vector<std::vector<std::uint8_t>>;

struct SplitRule {
  std::string text;  // as the user wrote it: "time:0.9"
  // Errors: the data has not what the rule needs (usage, says what to use instead); interrupted.
  std::function<Result<RowParts>(const Dataset&, const SplitOptions&, Context&)> assign;
};

// Usage error that shows how a rule is written, with the nearest name to an unknown one.
Result<SplitRule> parse_split(const std::string& text);
// One line per rule, for --help.
std::string describe_splits();

struct Split {
  Dataset train, test;
  std::optional<Dataset> validation;  // absent if it was not asked for
};
// Errors: those of the rule; a part without any interaction (data invalid, says which and why).
Result<Split> split_dataset(const Dataset& dataset, const SplitRule& rule,
                            const SplitOptions& options, Context& context);

}  // namespace crossfade
