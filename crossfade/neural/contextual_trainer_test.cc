// The contextual network: pairs by hand, gradients against differences, a planted world that is
// learned, and a stop that changes no byte.
#include "crossfade/neural/contextual_trainer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <set>

#include "crossfade/base/file.h"
#include "crossfade/neural/contextual_squares.h"
#include "crossfade/neural/test_gradients.h"
#include "crossfade/neural/test_world.h"

namespace crossfade {
namespace {

using testing::HasSubstr;

// Sessions of 4 to 7 items; an item of the start's own third is played to the end, others hardly.
Dataset thirds(std::int64_t sessions) {
  constexpr std::int64_t kItems = 24, kUsers = 20;
  std::vector<std::int64_t> users, items;
  LogColumns log;
  Rng rng(7);
  for (std::int64_t session = 0; session < sessions; ++session) {
    const auto start = static_cast<std::int64_t>(rng.below(kItems));
    const std::uint64_t length = 4 + rng.below(4);
    for (std::uint64_t step = 0; step < length; ++step) {
      const auto item = step == 0 ? start : static_cast<std::int64_t>(rng.below(kItems));
      users.push_back(session % kUsers);
      items.push_back(item);
      log.time_ns.push_back(session * 100 + static_cast<std::int64_t>(step));
      log.weights.push_back(item % 3 == start % 3 ? 0.9F : 0.1F);
      log.sessions.push_back(session);
    }
  }
  log.users = std::move(users);
  log.items = std::move(items);
  TestContext run;
  return *build_dataset(Dataset(), "music", std::move(log), run);
}

ContextualTraining config_of(std::vector<std::string> settings) {
  ContextualTraining config;
  settings.insert(settings.begin(),
                  {"dimensions=8", "batch=128", "learning_rate=0.02", "spread=0.1"});
  EXPECT_TRUE(apply_settings(config, "contextual", settings).ok());
  return config;
}

Result<TrainedContextual> train(const Dataset& dataset, const std::vector<std::string>& settings,
                                TestContext& run, const std::string& checkpoint = "") {
  return train_contextual(
      {dataset.domains()[0], dataset.num_users(), config_of(settings), 3, checkpoint, "data"},
      ManualClock(), run);
}

TEST(ContextualPairs, AreASessionsFirstWithEachLaterItem) {
  const Dataset dataset = thirds(400);
  const auto pairs = make_pairs(dataset.domains()[0], 1);
  ASSERT_TRUE(pairs.ok());
  const Domain& domain = dataset.domains()[0];
  std::set<std::int64_t> sessions(domain.session.begin(), domain.session.end());
  const std::size_t all = pairs->train.size() + pairs->validation.size() + pairs->test.size();
  EXPECT_EQ(all, domain.item.size() - sessions.size());
  EXPECT_NEAR(static_cast<double>(pairs->train.size()) / static_cast<double>(all), 0.8, 0.03);
  EXPECT_NEAR(static_cast<double>(pairs->test.size()) / static_cast<double>(all), 0.1, 0.03);
  // Ids are numbers that tell the third, whatever the index.
  const auto third = [&](ItemIndex item) { return std::stoi(domain.items.id_text(item)) % 3; };
  for (const ContextualPair& pair : pairs->train)
    EXPECT_EQ(pair.rate > 0.5, third(pair.start) == third(pair.track));
}

TEST(ContextualPairs, SayWhatIsMissing) {
  EXPECT_THAT(make_pairs(make_dataset({{0, 1, 1}, {0, 2, 2}}).domains()[0], 1).status().message(),
              HasSubstr("has no sessions"));
  TestContext run;
  LogColumns log = make_log({{0, 1, 1}, {0, 2, 2}});
  log.sessions = {1, 2};
  EXPECT_THAT(
      make_pairs(build_dataset(Dataset(), "music", log, run)->domains()[0], 1).status().message(),
      HasSubstr("no session of domain music has a second item"));
  log.sessions = {1, 1};
  EXPECT_THAT(
      make_pairs(build_dataset(Dataset(), "music", log, run)->domains()[0], 1).status().message(),
      HasSubstr("too few"));
}

TEST(ContextualTrainer, HasTheGradientOfDifferences) {
  const std::vector<ContextualPair> pairs = {
      {0, 1, 2, 0.3F}, {1, 1, 0, 0.9F}, {0, 2, 2, 0.1F}, {1, 0, 3, 1}};
  for (const auto& settings : std::vector<std::vector<std::string>>{
           {"spread=0.7"}, {"spread=0.7", "users=no"}, {"spread=0.7", "head=2"}}) {
    const ContextualTraining config = config_of(settings);
    const Parameters weights = make_contextual(config, 4, 2, 5);
    Parameters gradient = weights.zeros();
    learn_pairs(config, weights, pairs, 0, gradient);
    const auto error = [&] {
      Parameters scratch = weights.zeros();
      return learn_pairs(config, weights, pairs, 0, scratch) / 4;
    };
    // Differences step over the kinks of a head.
    const double tolerance = config.training.head > 0 ? 2e-2 : 2e-3;
    for (const Parameter& one : weights.list())
      expect_gradient(one.name, one.value, gradient[one.name], error, tolerance, {32});
  }
}

class LearnsThirds : public testing::TestWithParam<std::vector<std::string>> {};

TEST_P(LearnsThirds, FarBetterThanTheMean) {
  TestContext run;
  const auto trained = train(thirds(1500), GetParam(), run);
  ASSERT_TRUE(trained.ok()) << trained.status().message();
  const double mean = trained->summary["test mse of the mean"].number();
  EXPECT_NEAR(mean, 0.64 * (1.0 / 3) * (2.0 / 3), 0.01);  // rates are .9 or .1
  EXPECT_LT(trained->summary["test mse"].number(), 0.1 * mean);
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, LearnsThirds,
    testing::Values(std::vector<std::string>{"solver=squares", "ridge=0.1", "epochs=10"},
                    std::vector<std::string>{"solver=squares", "ridge=0.1", "epochs=10", "users=no",
                                             "centred=yes"},
                    std::vector<std::string>{"epochs=40", "users=no"},
                    std::vector<std::string>{"epochs=40"},
                    std::vector<std::string>{"epochs=60", "head=1", "dropout=0.1", "users=no"}));

bool same_bytes(const TrainedContextual& a, const TrainedContextual& b) {
  return std::all_of(a.weights.list().begin(), a.weights.list().end(), [&](const Parameter& one) {
    return std::memcmp(one.value.data_ptr(), b.weights[one.name].data_ptr(), one.value.nbytes()) ==
           0;
  });
}

// Where each row is the least squares' answer to the others, no gradient is left but the ridge's.
TEST(ContextualSquares, StandsWhereTheGradientIsTheRidges) {
  const Dataset dataset = thirds(600);
  const auto pairs = make_pairs(dataset.domains()[0], 1);
  ASSERT_TRUE(pairs.ok());
  const ContextualTraining config = config_of({"dimensions=3", "spread=1"});
  const std::int64_t items = dataset.domains()[0].items.size();
  Parameters weights = make_contextual(config, items, dataset.num_users(), 5);
  TestContext run;
  const ContextualSquares squares(pairs->train, items, dataset.num_users(), 2);
  for (int round = 0; round < 300; ++round) ASSERT_TRUE(squares.improve(weights, run).ok());
  Parameters gradient = weights.zeros();
  learn_pairs(config, weights, pairs->train, 0, gradient);
  const auto size = static_cast<double>(pairs->train.size());
  for (const Parameter& one : weights.list()) {
    const at::Tensor left = gradient[one.name] * (size / 2) + 2 * one.value;
    EXPECT_LT(left.abs().max().item<double>(), 0.05) << one.name;
    EXPECT_GT((2 * one.value).abs().max().item<double>(), 0.5) << one.name;
  }
}

TEST(ContextualSquares, FewPairsDrawARowToZero) {
  // Track 2 was heard once, to the end; track 1 a hundred times, for .6.
  std::vector<ContextualPair> pairs(100, {0, 0, 1, 0.6F});
  pairs.push_back({0, 0, 2, 1});
  Parameters weights;
  for (const char* table : {"start", "track"}) weights.add(table, {4, 2}, {1, 0}, 5);
  TestContext run;
  const ContextualSquares squares(pairs, 4, 1, 1);
  for (int round = 0; round < 30; ++round) ASSERT_TRUE(squares.improve(weights, run).ok());
  const at::Tensor rates = weights["track"].matmul(weights["start"][0]);
  EXPECT_NEAR(rates[1].item<double>(), 0.6, 0.03);
  EXPECT_LT(rates[2].item<double>(), 0.5);
  EXPECT_EQ(weights["track"][3].abs().sum().item<double>(), 0);
}

TEST(ContextualTrainer, CentredErrsAsTheMeanDoes) {
  TestContext run;
  const Dataset dataset = thirds(300);
  const auto plain = train(dataset, {"epochs=1"}, run);
  const auto centred = train(dataset, {"epochs=1", "centred=yes"}, run);
  ASSERT_TRUE(plain.ok() && centred.ok());
  EXPECT_NEAR(plain->summary["test mse of the mean"].number(),
              centred->summary["test mse of the mean"].number(), 1e-6);
}

TEST(ContextualTrainer, ForgetsWhatFewPairsSpokeFor) {
  TestContext run;
  const Dataset dataset = thirds(40);
  const auto trained = train(dataset, {"epochs=1", "least=3"}, run);
  ASSERT_TRUE(trained.ok());
  const auto pairs = make_pairs(dataset.domains()[0], 3);
  std::vector<int> started(24, 0), heard(24, 0);
  for (const ContextualPair& pair : pairs->train) {
    ++started[static_cast<std::size_t>(pair.start)];
    ++heard[static_cast<std::size_t>(pair.track)];
  }
  ASSERT_TRUE(std::any_of(started.begin(), started.end(), [](int met) { return met < 3; }));
  for (std::int64_t item = 0; item < dataset.domains()[0].items.size(); ++item) {
    const auto at = static_cast<std::size_t>(item);
    EXPECT_EQ(trained->weights["start"][item].abs().sum().item<double>() == 0, started[at] < 3);
    EXPECT_EQ(trained->weights["track"][item].abs().sum().item<double>() == 0, heard[at] < 3);
  }
}

TEST(ContextualTrainer, SquaresHaveNoHead) {
  TestContext run;
  const auto refused = train(thirds(100), {"solver=squares", "head=1"}, run);
  EXPECT_EQ(refused.status().kind(), StatusKind::kUsage);
  EXPECT_THAT(refused.status().message(), HasSubstr("without a head"));
}

class StoppedTraining : public testing::TestWithParam<std::vector<std::string>> {};

TEST_P(StoppedTraining, GoesOnInTheSameBytes) {
  const Dataset dataset = thirds(200);
  std::vector<std::string> settings = GetParam();
  TestContext run;
  const auto whole = train(dataset, settings, run);
  ASSERT_TRUE(whole.ok());
  const std::string folder = testing::TempDir() + "contextual_trainer";
  ASSERT_TRUE(remove_tree(folder).ok());
  std::atomic<bool> stop{false};
  StopAfter progress(4000, stop);
  ThreadPool threads(3);
  Context context{threads, progress, stop};
  const ContextualTrainingInput input{
      dataset.domains()[0], dataset.num_users(), config_of(settings), 3, folder, "data"};
  ASSERT_EQ(train_contextual(input, ManualClock(), context).status().kind(),
            StatusKind::kInterrupted);
  const auto resumed = train(dataset, settings, run, folder);
  ASSERT_TRUE(resumed.ok()) << resumed.status().message();
  EXPECT_TRUE(same_bytes(*whole, *resumed));
  EXPECT_EQ(to_text(whole->summary), to_text(resumed->summary));
  settings.emplace_back("epochs=13");
  EXPECT_EQ(train(dataset, settings, run, folder).status().kind(), StatusKind::kUsage);
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, StoppedTraining,
    testing::Values(std::vector<std::string>{"epochs=12", "patience=0", "head=1"},
                    std::vector<std::string>{"epochs=12", "patience=0", "solver=squares"}));

}  // namespace
}  // namespace crossfade
