// Trainers of matrices over items say what they need before they start, and do not start without
// it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <string>

#include "crossfade/models/gfcf/gfcf_trainer.h"
#include "crossfade/models/knn/knn_trainer.h"
#include "crossfade/models/neighbours/item_products.h"
#include "crossfade/models/neighbours/test_matrices.h"
#include "crossfade/models/rp3beta/rp3beta_trainer.h"
#include "crossfade/models/rules/rules_trainer.h"
#include "crossfade/models/slim/slim_trainer.h"
#include "crossfade/models/sparse_ease/sparse_ease_trainer.h"

namespace crossfade {
namespace {

template <class Config>
Config with_gib(double gib) {
  Config config;
  config.memory.gib = gib;
  return config;
}

using Solve = std::function<Result<ItemNeighbours>(double gib, Context& context)>;

const std::map<std::string, Solve>& solvers() {
  static const std::map<std::string, Solve> all{
      {"knn",
       [](double gib, Context& run) {
         return find_neighbours(with_gib<KnnConfig>(gib), random_users(), run);
       }},
      {"rp3beta",
       [](double gib, Context& run) {
         return walk(with_gib<Rp3betaConfig>(gib), random_users(), run);
       }},
      {"rules",
       [](double gib, Context& run) {
         return find_rules(with_gib<RulesConfig>(gib), random_users(), run);
       }},
      {"slim",
       [](double gib, Context& run) {
         return solve_slim(with_gib<SlimConfig>(gib), random_users(), run);
       }},
      {"sparse_ease",
       [](double gib, Context& run) {
         return solve_sparse_ease(with_gib<SparseEaseConfig>(gib), random_users(), run);
       }},
      {"gfcf",
       [](double gib, Context& run) {
         return filter_graph(with_gib<GfcfConfig>(gib), random_users(), 1, run);
       }},
  };
  return all;
}

TEST(MemoryLimit, RefusesBeforeItStarts) {
  for (const auto& [name, solve] : solvers()) {
    TestContext run;
    const auto found = solve(1e-6, run);
    ASSERT_FALSE(found.ok()) << name;
    EXPECT_EQ(found.status().kind(), StatusKind::kExhausted) << name;
    EXPECT_THAT(found.status().message(), testing::StartsWith(name + " over 90 items needs "))
        << name;
    EXPECT_THAT(found.status().message(), testing::HasSubstr("fewer")) << name;
    EXPECT_TRUE(solve(1, run).ok()) << name;
  }
}

TEST(MemoryLimit, CountsNoMoreNeighboursThanCanBe) {
  // Users of 3, 1 and 2 items; item 3 is met by one who met nothing else.
  const SparseMatrix users{3, 4, {{0, 3, 4, 6}}, {{0, 1, 2, 3, 0, 1}}, {{1, 1, 1, 1, 1, 1}}};
  EXPECT_EQ(most_neighbours(users, 100), 3 + 3 + 2);
  EXPECT_EQ(most_neighbours(users, 1), 3);
  EXPECT_GT(products_bytes(users, 100, 2), products_bytes(users, 1, 2));
  EXPECT_GT(products_bytes(users, 100, 2), products_bytes(users, 100, 1));
}

}  // namespace
}  // namespace crossfade
