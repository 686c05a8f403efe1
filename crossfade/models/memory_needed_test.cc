// Trainers of matrices over items say what they need before they start, and do not start without
// it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <string>

#include "crossfade/models/als/als_trainer.h"
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

using Solve = std::function<Status(Context& context)>;

const std::map<std::string, Solve>& solvers() {
  static const std::map<std::string, Solve> all{
      {"knn",
       [](Context& run) { return find_neighbours(KnnConfig(), random_users(), run).status(); }},
      {"rp3beta", [](Context& run) { return walk(Rp3betaConfig(), random_users(), run).status(); }},
      {"rules",
       [](Context& run) { return find_rules(RulesConfig(), random_users(), run).status(); }},
      {"slim", [](Context& run) { return solve_slim(SlimConfig(), random_users(), run).status(); }},
      {"sparse_ease",
       [](Context& run) {
         return solve_sparse_ease(SparseEaseConfig(), random_users(), run).status();
       }},
      {"gfcf",
       [](Context& run) { return filter_graph(GfcfConfig(), random_users(), 1, run).status(); }},
      {"als", [](Context& run) { return train_als(AlsConfig(), random_users(), 1, run).status(); }},
  };
  return all;
}

TEST(MemoryNeeded, IsRefusedBeforeAnythingStarts) {
  for (const auto& [name, solve] : solvers()) {
    TestContext run;
    run.context.memory_bytes = 1000;
    const Status status = solve(run.context);
    EXPECT_EQ(status.kind(), StatusKind::kExhausted) << name;
    EXPECT_THAT(status.message(), testing::StartsWith(name + " over 90 items needs ")) << name;
    EXPECT_THAT(status.message(), testing::HasSubstr("may take 1000 B")) << name;
    EXPECT_THAT(status.message(), testing::HasSubstr("fewer")) << name;
    run.context.memory_bytes = 1 << 30;
    EXPECT_TRUE(solve(run.context).ok()) << name;
  }
}

TEST(MemoryNeeded, CountsNoMoreNeighboursThanCanBe) {
  // Users of 3, 1 and 2 items; item 3 is met by one who met nothing else.
  const SparseMatrix users{3, 4, {{0, 3, 4, 6}}, {{0, 1, 2, 3, 0, 1}}, {{1, 1, 1, 1, 1, 1}}};
  EXPECT_EQ(most_neighbours(users, 100), 3 + 3 + 2);
  EXPECT_EQ(most_neighbours(users, 1), 3);
  EXPECT_GT(products_bytes(users, 100, 2), products_bytes(users, 1, 2));
  EXPECT_GT(products_bytes(users, 100, 2), products_bytes(users, 100, 1));
}

}  // namespace
}  // namespace crossfade
