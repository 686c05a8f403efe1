// Splits: which interactions a model may learn from, which tune it, which judge it.
//
//   time:0.9         the global cut in time: of all interactions of all domains, the last 10% (at
//                    or after the 0.9-quantile of time) are test; of those before, the last 10% are
//                    validation (time:0.8,0.9: both as shares of the whole). Equal times
//                    are never separated. Or from a day on (time:2022-12-01), or the last days
//                    (time:7d); validation is the stretch before the test that is as long.
//   last:1           each user's last n interactions in each domain are test, the n before them
//                    validation. A user with n or fewer stays in train, one with 2n or fewer has no
//                    validation. Equal times go by the order of the log; so does a log without
//                    times, and that is said. Or each user's last days (last:7d).
//   ratio:0.8        of each user's m interactions in each domain, floor(m * 0.2) drawn at random
//                    (ratio:0.8,late: the latest) are test, and floor(0.2 * rest) of the rest
//                    validation; seeded, the same for any number of threads.
//   random:0.8       every interaction is drawn for itself: about a fifth is test.
//   users:0.1,0.8    new users (strong generalisation): a tenth of the users, drawn by the seed, is
//                    held out of train; of their histories 80% are given as fold-in, the rest is
//                    test. As many others are validation.
//   new_users:0.1    the same for the tenth of users that came last; the latest 20% are test.
//   session:1        each user's last session, by the log's sessions or by gaps (session:1,30m).
//   random_next:1    each user's history is cut at a random place; the next n are test, and what
//                    comes after is dropped.
//   fold:1/5         each user's interactions are dealt to five folds; the first is test, the next
//                    validation.
//   hide:0.106       each user's last interactions, in proportion to the history, so that exactly
//                    this share of each domain is test.
//   cold:zvuk,0.2    all that a fifth of the users known in other domains too, drawn by the seed,
//                    did in the domain zvuk is test, and of as many others validation; what they
//                    did elsewhere stays in train.
//
// The parts are disjoint: an interaction is in one of them, or in none where a rule or an option
// drops it. All share the vocabularies of the dataset, so a model's indices mean the same
// everywhere. Interactions are divided, not pairs: an item that a user took twice may be in two
// parts.
//
// What is known of a user at the moment of the test can be more than train: the validation part,
// the fold-in part of a new user, what came before the target. The fold-in datasets hold that: for
// every user of the test (or of the validation) all that a model may look at when it recommends.
//
// A rule is a file of its own (split_time.cc) and a line in split.cc.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "crossfade/data/dataset.h"

namespace crossfade {

// Which of a user's held-out interactions are targets, in each domain. For kLast, kFirst and
// kRandom it is one: those before it are known when it is asked for, those after it are dropped.
// For kSuccessive each is asked for in turn (data/splits/successive.h); for kFollowing each but the
// user's first, which is history to those that follow: how a session goes on, not how it begins.
enum class Target { kAll, kLast, kFirst, kRandom, kSuccessive, kFollowing };
// Whether they are asked for in turn.
inline bool is_in_turn(Target target) {
  return target == Target::kSuccessive || target == Target::kFollowing;
}
// Whether a session that a cut goes through is kept whole, and where.
enum class Sessions { kCut, kEarlier, kLater };

struct SplitOptions {
  std::uint64_t seed = 1;  // of rules that draw
  bool validation = true;  // false: what would be validation stays in train
  Target target = Target::kAll;
  Sessions sessions = Sessions::kCut;
  // Drop from validation and test the users without any history (in no domain), and the items that
  // no interaction before has: train, for the test also validation.
  bool drop_cold_users = false, drop_cold_items = false;
  bool fold_in = false;  // make the fold-in parts even if validation is all they add to train
};

// The part of every interaction: a Part per row, per domain. kFoldIn: known when the test asks,
// and neither trained on nor a target; kValidationFoldIn: known already when the validation asks.
enum Part : std::uint8_t { kTrain, kValidation, kTest, kDropped, kFoldIn, kValidationFoldIn };
constexpr std::size_t kNumParts = 6;
using PartSet = std::array<bool, kNumParts>;  // which parts are meant
using RowParts = std::vector<std::vector<std::uint8_t>>;

struct SplitRule {
  std::string text;  // as the user wrote it: "time:0.9"
  // Errors: the data has not what the rule needs (usage, says what to use instead); interrupted.
  std::function<Result<RowParts>(const Dataset&, const SplitOptions&, Context&)> assign;
  // Whether a model may be trained on the validation part before it meets the test. Not so where
  // validation is made of other users.
  bool validation_joins_train = true;
};

// Usage error that shows how a rule is written, with the nearest name to an unknown one.
Result<SplitRule> parse_split(const std::string& text);
// One line per rule, for --help.
std::string describe_splits();

struct Split {
  Dataset train, test;
  std::optional<Dataset> validation;  // absent if it was not asked for
  // What is known of the users of test and validation when they are asked for; absent if that is
  // train alone and SplitOptions::fold_in is false. With targets in turn these four parts have more
  // users than train: the questions, behind its own.
  std::optional<Dataset> fold_in, validation_fold_in;
  std::int64_t rows_dropped = 0;  // that are in no part
};
// Errors: those of the rule; sessions asked for and absent (usage); a part without any interaction
// (data invalid, says which and why).
Result<Split> split_dataset(const Dataset& dataset, const SplitRule& rule,
                            const SplitOptions& options, Context& context);

}  // namespace crossfade
