// The contextual network without steps: alternating least squares. With two of its three tables
// fixed, each row of the third has an exact answer, so a round over all of them always lowers
//
//   sum over pairs (rate - (start + user) . track)^2 + ridge sum over rows |row|^2.
//
// The ridge is the same for every row, so the fewer pairs speak for a row, the more it is drawn to
// zero: a track that was heard once cannot look better than all the others. Adam's decay has no
// such measure, because its steps do not know how large a gradient was.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "crossfade/base/context.h"
#include "crossfade/neural/contextual_pairs.h"
#include "crossfade/neural/parameters.h"

namespace crossfade {

class ContextualSquares {
 public:
  // `pairs` must outlive this.
  ContextualSquares(std::span<const ContextualPair> pairs, std::int64_t num_items,
                    std::int64_t num_users, double ridge);
  // Tracks, then starts, then users (if `weights` has them); rows without a pair become zero.
  // Advances the progress by each pair once. The same bytes for any number of threads. Errors:
  // interrupted.
  Status improve(Parameters& weights, Context& context) const;

 private:
  // Of each row of a table, its pairs.
  struct Side {
    std::vector<std::int64_t> offsets, pairs;
  };
  template <class RowOf>
  Side group(std::int64_t rows, const RowOf& row_of) const;
  template <class Fill>
  void solve(const Side& side, const at::Tensor& table, ThreadPool& threads,
             const Fill& fill) const;

  std::span<const ContextualPair> pairs_;
  float ridge_;
  Side tracks_, starts_, users_;
};

}  // namespace crossfade
