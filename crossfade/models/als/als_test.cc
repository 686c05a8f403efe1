// ALS against its own definition: the objective computed the long way, gradients that vanish at an
// exact step, and fold-in, explanation and new items against dense double-precision solutions.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "crossfade/data/test_log.h"
#include "crossfade/models/als/als_model.h"
#include "crossfade/models/als/als_trainer.h"
#include "crossfade/models/storage.h"

namespace crossfade {
namespace {

constexpr std::int64_t kUsers = 50, kItems = 30;

// Users like items of their own third; every user has something, weights from 1 to 3.
Dataset thirds() {
  std::vector<TestRow> rows;
  Rng rng(5);
  for (std::int64_t user = 0; user < kUsers; ++user)
    for (std::int64_t item = 0; item < kItems; ++item)
      if (rng.uniform() < (item % 3 == user % 3 ? 0.7 : 0.05))
        rows.push_back({user, item, 0, static_cast<float>(1 + rng.below(3))});
  return make_dataset(rows);
}

AlsConfig small_config() {
  AlsConfig config;
  config.factors = 6;
  config.iterations = 12;
  config.regularization = 0.05;
  config.unobserved_weight = 0.1;
  config.weighting = "linear";
  return config;
}

using Matrix = std::vector<std::vector<double>>;

double dot(const Matrix& a, std::size_t i, const Matrix& b, std::size_t j) {
  double sum = 0;
  for (std::size_t k = 0; k < a[i].size(); ++k) sum += a[i][k] * b[j][k];
  return sum;
}

Matrix to_matrix(std::span<const float> values, std::size_t dims) {
  Matrix rows(values.size() / dims, std::vector<double>(dims));
  for (std::size_t i = 0; i < values.size(); ++i) rows[i / dims][i % dims] = values[i];
  return rows;
}

// The objective as models/als/README.md writes it, pair by pair.
double objective(const AlsConfig& config, const SparseMatrix& log, const Matrix& users,
                 const Matrix& items) {
  Matrix weight(users.size(), std::vector<double>(items.size(), 0));
  std::vector<std::int64_t> of_user(users.size(), 0), of_item(items.size(), 0);
  for (std::size_t u = 0; u < users.size(); ++u)
    for (auto j = static_cast<std::size_t>(log.offsets[u]);
         j < static_cast<std::size_t>(log.offsets[u + 1]); ++j) {
      const auto i = static_cast<std::size_t>(log.indices[j]);
      weight[u][i] = config.confidence(log.values[j]);
      ++of_user[u];
      ++of_item[i];
    }
  double sum = 0;
  for (std::size_t u = 0; u < users.size(); ++u)
    for (std::size_t i = 0; i < items.size(); ++i) {
      const double s = dot(users, u, items, i), w = weight[u][i], a = config.unobserved_weight;
      if (config.unobserved == "all")
        sum += w * (1 - s) * (1 - s) + a * s * s;
      else
        sum += w > 0 ? (w + a) * (1 - s) * (1 - s) : a * s * s;
    }
  for (std::size_t u = 0; u < users.size(); ++u)
    sum += config.penalty(of_user[u], static_cast<std::int64_t>(items.size())) *
           dot(users, u, users, u);
  for (std::size_t i = 0; i < items.size(); ++i)
    sum += config.penalty(of_item[i], static_cast<std::int64_t>(users.size())) *
           dot(items, i, items, i);
  return sum;
}

std::vector<AlsConfig> variants() {
  std::vector<AlsConfig> list;
  for (const char* solver : {"cg", "cholesky"})
    for (const char* unobserved : {"all", "missing"})
      for (const char* weighting : {"binary", "linear", "log"})
        for (const double nu : {0.0, 0.5, 1.0}) {
          AlsConfig config = small_config();
          config.solver = solver;
          config.unobserved = unobserved;
          config.weighting = weighting;
          config.nu = nu;
          config.alpha = 2;
          list.push_back(config);
        }
  return list;
}

TEST(Als, ReportsTheObjectiveAndItFalls) {
  TestContext run;
  const SparseMatrix log = crossfade::to_matrix(thirds().domains()[0], kUsers, run);
  for (const AlsConfig& config : variants()) {
    const auto trained = train_als(config, log, 3, run);
    ASSERT_TRUE(trained.ok());
    const double expected =
        objective(config, log, to_matrix(trained->users, 6), to_matrix(trained->items, 6));
    EXPECT_NEAR(trained->losses.back(), expected, 1e-4 * expected)
        << config.solver << " " << config.unobserved << " " << config.weighting << " " << config.nu;
    for (std::size_t i = 1; i < trained->losses.size(); ++i)
      EXPECT_LE(trained->losses[i], trained->losses[i - 1] * (1 + 1e-6));
  }
}

TEST(Als, AnExactItemStepIsAMinimum) {
  // The last half step solved the items: no small change of an item's factors lowers the objective.
  TestContext run;
  const SparseMatrix log = crossfade::to_matrix(thirds().domains()[0], kUsers, run);
  for (const AlsConfig& config : variants()) {
    if (config.solver == "cg") continue;
    const auto trained = train_als(config, log, 3, run);
    ASSERT_TRUE(trained.ok());
    const Matrix users = to_matrix(trained->users, 6);
    Matrix items = to_matrix(trained->items, 6);
    const double best = objective(config, log, users, items);
    for (std::size_t i = 0; i < items.size(); i += 7)
      for (std::size_t k = 0; k < 6; k += 2)
        for (const double change : {-0.01, 0.01}) {
          items[i][k] += change;
          EXPECT_GT(objective(config, log, users, items), best);
          items[i][k] -= change;
        }
  }
}

TEST(Als, ConjugateGradientsReachTheExactLoss) {
  TestContext run;
  const SparseMatrix log = crossfade::to_matrix(thirds().domains()[0], kUsers, run);
  AlsConfig config = small_config();
  config.iterations = 40;
  const auto approximate = train_als(config, log, 3, run);
  config.solver = "cholesky";
  const auto exact = train_als(config, log, 3, run);
  ASSERT_TRUE(approximate.ok() && exact.ok());
  EXPECT_NEAR(approximate->losses.back(), exact->losses.back(), 0.01 * exact->losses.back());
}

TEST(Als, ConfidencesAndPenalties) {
  AlsConfig config;
  config.alpha = 4;
  EXPECT_FLOAT_EQ(config.confidence(7), 4);
  config.weighting = "linear";
  EXPECT_FLOAT_EQ(config.confidence(7), 28);
  config.weighting = "log";
  EXPECT_FLOAT_EQ(config.confidence(7), 4 * std::log(8.0F));
  EXPECT_EQ(config.extra_pull(), 0);
  config.unobserved = "missing";
  config.unobserved_weight = 0.5;
  EXPECT_FLOAT_EQ(config.extra_pull(), 0.5F);
  config.regularization = 0.1;
  config.nu = 1;
  EXPECT_FLOAT_EQ(config.penalty(10, 100), 6);  // 0.1 * (10 + 0.5 * 100)
  config.nu = 0.5;
  EXPECT_FLOAT_EQ(config.penalty(10, 780), 2);  // 0.1 * sqrt(400)
  config.nu = 0;
  EXPECT_FLOAT_EQ(config.penalty(10, 100), 0.1F);
}

// A trained model and its log.
struct Trained {
  explicit Trained(std::vector<std::string> settings = {}) : dataset(thirds()) {
    TestContext run;
    std::vector<std::string> all{"factors=6",           "iterations=30",
                                 "regularization=0.05", "unobserved_weight=0.1",
                                 "weighting=linear",    "solver=cholesky"};
    all.insert(all.end(), settings.begin(), settings.end());
    auto made = als_trainer().train({dataset, 0, all, 3}, run);
    CROSSFADE_CHECK(made.ok(), made.status().message());
    model = std::move(made).value();
  }
  const AlsModel& als() const { return static_cast<const AlsModel&>(*model); }
  Dataset dataset;
  std::unique_ptr<Model> model;
};

double relative_distance(std::span<const float> a, std::span<const float> b) {
  double difference = 0, size = 0;
  for (std::size_t k = 0; k < a.size(); ++k) {
    difference += (a[k] - b[k]) * (a[k] - b[k]);
    size += b[k] * b[k];
  }
  return std::sqrt(difference / size);
}

TEST(Als, AKnownUserFoldedInNearlyHasTheStoredFactors) {
  const Trained trained;
  for (UserIndex user = 0; user < kUsers; ++user) {
    const auto folded = trained.als().fold_in_user(trained.dataset.domains()[0].history(user));
    EXPECT_LT(relative_distance(folded, trained.als().columns().users.row(user)), 0.05);
  }
}

TEST(Als, AKnownItemFoldedInIsTheStoredOne) {
  // Items were solved last, so their own users give them back exactly.
  const Trained trained;
  TestContext run;
  const SparseMatrix by_item =
      transpose(crossfade::to_matrix(trained.dataset.domains()[0], kUsers, run), run);
  for (std::int64_t item = 0; item < kItems; ++item) {
    const auto begin = static_cast<std::size_t>(by_item.offsets[static_cast<std::size_t>(item)]);
    const auto end = static_cast<std::size_t>(by_item.offsets[static_cast<std::size_t>(item) + 1]);
    const auto folded =
        trained.als().fold_in_item(by_item.indices.span().subspan(begin, end - begin),
                                   by_item.values.span().subspan(begin, end - begin));
    EXPECT_LT(relative_distance(folded, trained.als().columns().items.row(item)), 1e-3);
  }
}

TEST(Als, RepeatsAndOrderDoNotMatterToAFoldIn) {
  const Trained trained;
  const std::vector<ItemIndex> once{3, 9, 12}, twice{12, 3, 9, 3, 29, kItems, kUnknown};
  const std::vector<float> weights{3, 1, 2}, parts{2, 1, 1, 2, 0, 5, 5};
  const auto a = trained.als().fold_in_user({once, weights, {}, {}, {}});
  const auto b = trained.als().fold_in_user({twice, parts, {}, {}, {}});
  EXPECT_EQ(a, b);
}

TEST(Als, HugeWeightsStillMakeAnAnswerOfTheHistory) {
  constexpr float kHuge = std::numeric_limits<float>::max();
  for (const char* weighting : {"weighting=binary", "weighting=linear", "weighting=log"}) {
    const Trained trained({weighting});
    const std::vector<ItemIndex> items{3, 3};
    const std::vector<float> weights{kHuge, kHuge};
    const std::vector<History> histories{{items, weights, {}, {}, {}}};
    for (const float x : trained.als().fold_in_user(histories[0])) EXPECT_TRUE(std::isfinite(x));
    const auto list = trained.model->recommend({kUnknown, histories}, 0, {5});
    ASSERT_EQ(list.size(), 5u) << weighting;
    const auto& ids = trained.dataset.domains()[0].items.numbers();
    EXPECT_EQ(ids[static_cast<std::size_t>(list[0].item)] % 3, ids[3] % 3) << weighting;
  }
}

TEST(Als, AnExplanationAddsUpToTheScore) {
  for (const char* unobserved : {"unobserved=all", "unobserved=missing"}) {
    const Trained trained({unobserved});
    for (UserIndex user = 0; user < 5; ++user) {
      const DatasetUser member(trained.dataset, user);
      const auto best = trained.model->recommend(member.view(), 0, {1});
      ASSERT_EQ(best.size(), 1u);
      const auto parts = trained.model->explain(member.view(), 0, best[0].item, kItems);
      double sum = 0;
      for (const ScoredItem& part : parts) sum += part.score;
      EXPECT_NEAR(sum, best[0].score, 1e-4);
    }
  }
}

TEST(Als, SimilarItemsAreOfTheSameThird) {
  const Trained trained;
  const auto& vocabulary = trained.dataset.domains()[0].items;
  const auto third = [&](ItemIndex item) {
    return std::get<std::int64_t>(vocabulary.id(item)) % 3;
  };
  for (ItemIndex item = 0; item < kItems; ++item)
    for (const ScoredItem& scored : trained.model->similar(item, 3)) {
      EXPECT_EQ(third(scored.item), third(item));
      EXPECT_LE(scored.score, 1.0001F);
    }
}

TEST(Als, AnsweringFromStoredFactorsIsAChoice) {
  const Trained trained;
  const DatasetUser first(trained.dataset, 0), second(trained.dataset, 1);
  // User 0 by number, with the history of user 1: folded in, the history decides; stored, the user.
  const UserView mixed{0, second.view().by_domain};
  RecommendOptions options{5, true};
  EXPECT_EQ(trained.model->recommend(mixed, 0, options),
            trained.model->recommend(second.view(), 0, options));
  options.stored_users = true;
  EXPECT_EQ(trained.model->recommend(mixed, 0, options),
            trained.model->recommend(first.view(), 0, options));
  // A known user without history in the view has the stored factors either way.
  EXPECT_EQ(trained.model->recommend({0, {}}, 0, {5, true}),
            trained.model->recommend(first.view(), 0, options));
  EXPECT_TRUE(trained.model->recommend({}, 0, {5}).empty());
}

TEST(Als, DamagedColumnsAreRefused) {
  const Trained trained;
  AlsColumns columns = trained.als().columns();
  columns.item_strengths = std::vector<float>(5, 1.0F);
  EXPECT_EQ(AlsModel::make(trained.als().config(), "music", columns).status().kind(),
            StatusKind::kDataInvalid);
  columns = trained.als().columns();
  columns.user_axes = std::vector<float>(36, NAN);
  EXPECT_THAT(AlsModel::make(trained.als().config(), "music", columns).status().message(),
              testing::HasSubstr("train it again"));
  columns = trained.als().columns();
  columns.user_strengths = std::vector<float>(6, -1.0F);
  EXPECT_FALSE(AlsModel::make(trained.als().config(), "music", columns).ok());
  columns = trained.als().columns();
  columns.items.rows -= 1;
  EXPECT_FALSE(AlsModel::make(trained.als().config(), "music", columns).ok());
}

TEST(Als, OtherSeedsGiveOtherFactors) {
  TestContext run;
  const SparseMatrix log = crossfade::to_matrix(thirds().domains()[0], kUsers, run);
  const auto a = train_als(small_config(), log, 1, run), b = train_als(small_config(), log, 1, run);
  const auto c = train_als(small_config(), log, 2, run);
  EXPECT_EQ(a->users, b->users);
  EXPECT_NE(a->users, c->users);
}

}  // namespace
}  // namespace crossfade
