// What the music service of the practicum measures of its lists, for one group of users:
// those with a history, or those without one.
//
// Of the truth a user's tracks in the test; of a list its first 5 for @5, all of it otherwise. A
// pair is a user and one of his tracks in the test; it is met if the list holds the track.
//
//   rmse, mae            of 1 (`listened`) against the list's score, over the pairs that are met:
//                        sqrt of the mean of (1 - score)^2, and the mean of |1 - score|
//   ndcg@5               binary (evaluation/metric_ndcg.cc), twice: the mean over all users and the
//                        mean over users of whom a pair is met. The original could compute it for
//                        the latter only, and so left out all others
//   precision@5, recall@5, coverage
//                        evaluation's; coverage of the whole lists
//   novelty@5            share of the first 5 that the user has not heard in train
//   users without a hit  share of the users of whom no pair is met
//   mean user coverage   over the other users, the mean share of their pairs that are met
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "crossfade/base/context.h"
#include "crossfade/base/statistics.h"
#include "crossfade/data/candidates.h"
#include "crossfade/data/dataset.h"
#include "crossfade/evaluation/truth.h"
#include "crossfade/report/document.h"

namespace crossfade {

struct PracticumQuality {
  std::string list, users_are;  // "personal_als", "warm"
  std::int64_t users = 0, pairs = 0, met = 0;
  // NaN where there is nothing to take a mean of.
  double rmse = kNotANumber, mae = kNotANumber;
  double ndcg = kNotANumber, ndcg_of_met = kNotANumber;
  double precision = kNotANumber, recall = kNotANumber, coverage = kNotANumber;
  double novelty = kNotANumber, without_hit = kNotANumber, user_coverage = kNotANumber;
  Interval ndcg_interval;  // 95%, over all users
};

// The lists of the users of the truth; a user without one has an empty list. `train` has the same
// indices, items beyond it are new. Errors: those of evaluate().
Result<PracticumQuality> judge_practicum(const Candidates& lists, const Truth& truth,
                                         const Domain& train, Context& context);

// A row per group, and the same as JSON: {"list": .., "users_are": .., "rmse": .., ...}.
TableBlock quality_table(const std::vector<PracticumQuality>& all);
Json to_json(const PracticumQuality& quality);

}  // namespace crossfade
