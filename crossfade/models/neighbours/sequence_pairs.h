// Pairs of items that stand near each other in time: for every item i the best j by a score made of
//
//     sum over pairs of plays (i at place p, j at place q of one sequence) of
//         first(p) * second(q) * share(q - p)
//
// A sequence is a user's history, or one session of it. What comes after a play, what comes before
// it, and how much a distance counts is the caller's; so is what a sum is worth.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "crossfade/data/dataset.h"
#include "crossfade/models/neighbours/item_products.h"

namespace crossfade {

struct SequencePairs {
  // What a pair counts whose second play comes d plays after (before) the first: at d - 1.
  std::vector<float> after, before;
  bool within_sessions = false;  // ignored where the log has no sessions
  double half_life_s = 0;        // a pair counts half per so many seconds between; 0: as much
  bool itself = false;           // an item may be its own neighbour: played again
  Targets targets = {};          // pairs whose second play is of another item do not count
  // What a play counts as the first and as the second of a pair, by row of the domain; empty: 1.
  std::vector<float> first, second;
  std::int64_t neighbours = 20;     // at most so many per item
  ScoreSums score;                  // null: the sums themselves
  std::string what = "neighbours";  // for progress
};

// Plays of weight zero do not count and are not counted as places. O(plays * distances) on all
// threads; memory: some twelve bytes per play, the result, a float per item and thread. The same
// bytes for any number of threads. Errors: stopped; a half life without times (usage).
Result<ItemNeighbours> sum_pairs(const Domain& domain, const SequencePairs& pairs,
                                 Context& context);

}  // namespace crossfade
