// Training of implicit ALS (models/als/README.md): Hu, Koren, Volinsky, Collaborative Filtering for
// Implicit Feedback Datasets, ICDM 2008; Rendle, Krichene, Zhang, Koren, Revisiting the Performance
// of iALS on Item Recommendation Benchmarks, RecSys 2022 (arXiv 2110.14037).
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "crossfade/base/context.h"
#include "crossfade/data/dataset.h"
#include "crossfade/models/als/als_config.h"
#include "crossfade/models/trainer.h"

namespace crossfade {

// Factors as they come out of training, turned to the principal axes of the item factors.
struct AlsFactors {
  std::vector<float> users, items;  // row-major, config.factors each
  std::vector<float> strengths;     // the diagonal of items^T items, falling
  std::vector<double> losses;       // the objective after every iteration
};

// `weights` holds each pair's weight in the log, > 0, at most once. Same seed, same bytes, for any
// number of threads. Memory: two copies of the matrix and one of the factors. Errors: stopped.
Result<AlsFactors> train_als(const AlsConfig& config, const SparseMatrix& weights,
                             std::uint64_t seed, Context& context);

// The same as a model of this domain. Errors: also data invalid, where nothing is to be learned
// from.
Result<std::unique_ptr<Model>> learn_als(const AlsConfig& config, const Domain& domain,
                                         std::int64_t num_users, std::uint64_t seed,
                                         Context& context);

TrainerEntry als_trainer();

}  // namespace crossfade
