// search: where to try next, from what was tried.
//
// The tree-structured Parzen estimator (Bergstra, Bardenet, Bengio, Kegl: Algorithms for
// Hyper-Parameter Optimization, NIPS 2011). What was tried is divided into the good (the best 15%,
// at most 25) and the rest; l(x) and g(x) are densities around the points of each; of candidates
// drawn from l the one with the largest l(x) / g(x) is next, which is where the expected
// improvement is largest. Densities are over all dimensions together, a product kernel per point
// (as in Falkner, Klein, Hutter: BOHB, ICML 2018), so that knobs that work against each other are
// moved together: a Gaussian cut off at the ends of [0, 1] per number, the same option or any other
// per choice. One more component, as wide as the space, keeps every corner in reach. The first
// tries are random.
#pragma once

#include <cstdint>
#include <span>

#include "crossfade/pipeline/search_space.h"

namespace crossfade {

struct TriedPoint {
  SearchPoint point;
  std::int64_t rung = 0;  // how far the try came; farther counts as better
  double score = 0;       // higher is better
};

struct SearchOptions {
  std::uint64_t seed = 1;
  std::int64_t random_tries = 10;  // before the model is asked
  std::int64_t candidates = 48;    // drawn from l
};

// The next point; the same for the same arguments. The stream of random numbers is that of the
// number of tries so far and of `attempt`, which asks for another one.
SearchPoint suggest(const SearchSpace& space, std::span<const TriedPoint> tried,
                    const SearchOptions& options, std::uint64_t attempt = 0);

}  // namespace crossfade
