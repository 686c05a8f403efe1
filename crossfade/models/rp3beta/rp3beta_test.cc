// The walk against its formula, on a small random log.
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "crossfade/data/test_log.h"
#include "crossfade/models/neighbours/test_matrices.h"
#include "crossfade/models/rp3beta/rp3beta_trainer.h"

namespace crossfade {
namespace {

TEST(Rp3beta, IsTheProductOfItsSteps) {
  TestContext run;
  const Dataset dataset = *build_dataset(Dataset(), "music", random_log(1500, 5), run);
  const SparseMatrix users = to_matrix(dataset.domains()[0], dataset.num_users(), run);
  Rp3betaConfig config;
  config.alpha = 1.3;
  config.beta = 0.4;
  config.neighbours = 1000;
  const auto found = walk(config, users, run);
  ASSERT_TRUE(found.ok());
  const auto num_items = static_cast<std::size_t>(users.columns);
  std::vector<double> met(num_items);
  std::vector<std::vector<double>> sums(num_items, std::vector<double>(num_items));
  for (const ItemIndex item : users.indices) ++met[static_cast<std::size_t>(item)];
  for (std::size_t u = 0; u + 1 < users.offsets.size(); ++u) {
    const auto begin = static_cast<std::size_t>(users.offsets[u]);
    const auto end = static_cast<std::size_t>(users.offsets[u + 1]);
    for (auto a = begin; a < end; ++a)
      for (auto b = begin; b < end; ++b) {
        const auto i = static_cast<std::size_t>(users.indices[a]);
        const auto j = static_cast<std::size_t>(users.indices[b]);
        sums[i][j] += std::pow(1 / met[i], 1.3) *
                      std::pow(1 / static_cast<double>(end - begin), 1.3) / std::pow(met[j], 0.4);
      }
  }
  for (std::size_t i = 0; i < num_items; ++i) {
    const auto items = found->items_of(static_cast<ItemIndex>(i));
    const auto scores = found->scores_of(static_cast<ItemIndex>(i));
    std::size_t others = 0;
    for (std::size_t j = 0; j < num_items; ++j) others += i != j && sums[i][j] > 0 ? 1U : 0U;
    ASSERT_EQ(items.size(), others);
    for (std::size_t n = 0; n < items.size(); ++n)
      ASSERT_NEAR(scores[n] / sums[i][static_cast<std::size_t>(items[n])], 1, 1e-4);
  }
}

TEST(Rp3beta, TheBestOfAColumnAreTheLargestOfAllThatSpeakForAnItem) {
  TestContext run;
  const Dataset dataset = *build_dataset(Dataset(), "music", random_log(1500, 5), run);
  const SparseMatrix users = to_matrix(dataset.domains()[0], dataset.num_users(), run);
  Rp3betaConfig config;
  config.beta = 0.9;
  config.neighbours = 1000;
  const Square all = weights_of(*walk(config, users, run));
  config.neighbours = 4;
  config.best_of = "column";
  const Square some = weights_of(*walk(config, users, run));
  for (std::size_t j = 0; j < all.size(); ++j) {
    double least_kept = 1e9, most_left = 0;
    int kept = 0;
    for (std::size_t i = 0; i < all.size(); ++i)
      if (some[i][j] == 0) {
        most_left = std::max(most_left, all[i][j]);
      } else {
        ++kept;
        ASSERT_EQ(some[i][j], all[i][j]);
        least_kept = std::min(least_kept, all[i][j]);
      }
    ASSERT_EQ(kept, 4);
    ASSERT_GE(least_kept, most_left);
  }
}

}  // namespace
}  // namespace crossfade
