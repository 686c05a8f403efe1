// make_tries(): the loop of a search: propose, judge with little effort, and only the better third
// with more.
//
// Effort is the knob that a model declares as such (iterations of ALS). A model without one is
// trained once per try and judged by more and more of the users, where they are enough that the
// least rung has a hundred. Rungs lie a factor of 3 apart; a try goes on from a rung if it is among
// the best third of all that were judged there so far, the first one always: successive halving
// without waiting (Li et al.: A System for Massively Parallel Hyperparameter Tuning, MLSys 2020).
// The first try is the defaults, so that the answer is never worse than they are on what is
// measured; then suggest() (search.h) is asked. What was tried before is not tried again.
#pragma once

#include <functional>

#include "crossfade/base/clock.h"
#include "crossfade/base/context.h"
#include "crossfade/pipeline/search.h"
#include "crossfade/pipeline/try_journal.h"

namespace crossfade {

struct TriesBudget {
  std::int64_t tries = 40;
  double seconds = 0;  // 0: no limit; no try begins after it
};

// How much a try is given.
struct Rung {
  double effort = 0;  // of the effort knob; 0 if the model has none
  double users = 1;   // the share of the users that it is judged by
};

// Trains with these settings (effort included) and judges; higher is better. Any error but a stop
// makes the try fail. The settings of one try come in a row.
using ScoreTry =
    std::function<Result<RungScore>(const std::vector<std::string>& settings, const Rung& rung)>;

struct TriesRequest {
  const SearchSpace& space;
  SearchOptions search;
  TriesBudget budget;
  std::string metric;          // for the log
  std::int64_t num_users = 0;  // there are to judge by
};

// Goes on behind the tries of the journal until the budget is used up or everything was tried. The
// same tries for the same journal and request, if the budget is in tries. Errors: the defaults fail
// (theirs), interrupted, the journal's.
Status make_tries(const TriesRequest& request, const ScoreTry& score, TryJournal& journal,
                  const Clock& clock, Context& context);

// From little to all. Efforts 5 and 16, or shares 1/9, 1/3 and 1 of the users.
std::vector<Rung> rungs_of(const SearchSpace& space, std::int64_t num_users);

// The try with the best score among those that came farthest; the first of equals.
std::size_t best_try(const std::vector<Try>& tries);

}  // namespace crossfade
