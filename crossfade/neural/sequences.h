// Sequences: what of a log a sequence model learns from, and what it is judged by.
//
// Rows of weight 0 do not count, as in the model's answers. Cut by `validation`: last: each user's
// last item is held back, if two are left to learn from; time: what comes from a date on is, and a
// user's last item there is the target, asked with all that is before it; none.
//
// Where a model reads sessions (SequenceConfig::reads) each session is a sequence of its own, what
// is held back is asked with what is before it in its session, and a user whose last item begins
// one is not asked.
#pragma once

#include <cstdint>
#include <vector>

#include "crossfade/base/status.h"
#include "crossfade/data/dataset.h"
#include "crossfade/models/sequence/sequence_training_config.h"

namespace crossfade {

// The items [begin, end) of TrainingSequences::items, of one user, oldest first.
struct Window {
  std::int64_t begin = 0, end = 0;
  std::int64_t size() const { return end - begin; }
};

// One question of the validation: given the history [begin, end), where is `target`?
struct HeldOut {
  Window history;
  std::int64_t first = 0;  // of the user's items: [first, history.begin) are of earlier sessions
  ItemIndex target = kUnknown;
};

struct TrainingSequences {
  std::vector<ItemIndex> items;    // of positive weight, user-major
  std::vector<Window> windows;     // at most `longest` items each, by user
  std::vector<HeldOut> held_out;   // by user
  std::int64_t users_learned = 0;  // with at least one window
  std::int64_t too_short = 0;      // users with items, but too few
};

// `longest`: items that a window may have: one more than the network's length where each item but
// the first is a target. Errors (data invalid): no window is left; validation by time on a log
// without times; sessions of a log that has neither them nor times; (usage) a date after which
// nothing comes.
Result<TrainingSequences> make_sequences(const Domain& domain, const SequenceTraining& config,
                                         std::int64_t longest, std::uint64_t seed);

}  // namespace crossfade
