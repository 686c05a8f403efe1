// Local regression: every item from its own few candidates instead of from all items. What SLIM on
// selected features (Ning, Karypis: SLIM: Sparse Linear Methods for Top-N Recommender Systems, ICDM
// 2011, fsSLIM) and sparse EASE have in common; they differ in how they solve one such problem.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>

#include "crossfade/data/dataset.h"
#include "crossfade/models/neighbours/item_neighbours.h"
#include "crossfade/models/neighbours/targets.h"

namespace crossfade {

// For every item the `count` best others by the correlation of X^T X + l2 I,
//
//     x_i . x_j / sqrt((|x_i|^2 + l2) (|x_j|^2 + l2)),
//
// the cosine for l2 = 0: the more l2, the less is thought of what few users say. Errors: stopped.
Result<ItemNeighbours> find_candidates(const SparseMatrix& users, std::int64_t count, double l2,
                                       const std::string& what, Context& context);

// One item's problem: its products with its candidates, and theirs with each other.
struct LocalProblem {
  std::span<float> gram;     // n by n, row-major, the lower triangle; may be overwritten
  std::span<float> weights;  // n: x_candidate . x_item; to be replaced by the weights
};
// What the problems are of: for progress and errors, and whose weights are wanted.
struct LocalTask {
  std::string what;
  Targets targets = {};
};
// False: it has no solution. Called by several threads at once.
using SolveLocal = std::function<bool(LocalProblem problem)>;

// What both steps take at most besides `users`. Error (exhausted): so much memory there is not.
Status check_local_regression(const std::string& generator, const SparseMatrix& users,
                              std::int64_t candidates, Context& context);

// S_ij: the weight of candidate i in the problem of item j, a target; those of 0 are left out.
// O(sum over items and users of c^2 / 2 for the c candidates that the user met) besides solving;
// memory: the weights twice, the matrix once more, per thread two numbers per user and a problem.
// The same bytes for any number of threads. Errors: stopped; failed where `solve` says so.
Result<ItemNeighbours> solve_locally(const SparseMatrix& users, const ItemNeighbours& candidates,
                                     const SolveLocal& solve, const LocalTask& task,
                                     Context& context);

}  // namespace crossfade
