// A planted continuation, votes counted by hand, what is kept of a log, and columns that are
// refused.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "crossfade/data/test_log.h"
#include "crossfade/models/session_knn/session_knn_model.h"
#include "crossfade/models/session_knn/session_knn_trainer.h"

namespace crossfade {
namespace {

using testing::ElementsAre;
using testing::FloatEq;
using testing::Pair;
using Plays = std::vector<std::int64_t>;
constexpr std::int64_t kDay = 86'400'000'000'000, kSecond = 1'000'000'000;

// One session per day, the plays of each a second apart, all of one user.
Dataset log_of(const std::vector<Plays>& sessions, bool with_sessions = true) {
  std::vector<TestRow> rows;
  std::vector<std::int64_t> numbers;
  for (std::size_t s = 0; s < sessions.size(); ++s)
    for (std::size_t n = 0; n < sessions[s].size(); ++n) {
      rows.push_back(
          {1, sessions[s][n],
           static_cast<std::int64_t>(s) * kDay + static_cast<std::int64_t>(n) * kSecond});
      numbers.push_back(static_cast<std::int64_t>(s));
    }
  LogColumns log = make_log(rows);
  if (with_sessions) log.sessions = numbers;
  TestContext run;
  return *build_dataset(Dataset(), "music", log, run);
}

std::unique_ptr<Model> train(const Dataset& dataset, const std::vector<std::string>& settings) {
  TestContext run;
  auto model = session_knn_trainer().train({dataset, 0, settings, 1}, run);
  CROSSFADE_CHECK(model.ok(), model.status().message());
  return std::move(model).value();
}

struct Asked {
  Plays played;
  std::vector<std::int64_t> sessions = {}, time_ns = {};
};

std::vector<std::pair<std::int64_t, float>> answer(const Model& model, const Dataset& dataset,
                                                   const Asked& asked, bool keep_seen = false) {
  const Vocabulary& ids = dataset.domains()[0].items;
  std::vector<ItemIndex> items;
  for (const std::int64_t id : asked.played) items.push_back(ids.find(id));
  const std::vector<float> weights(items.size(), 1);
  const History history{items, weights, asked.time_ns, {}, asked.sessions};
  std::vector<std::pair<std::int64_t, float>> list;
  for (const ScoredItem& scored : model.recommend({kUnknown, {&history, 1}}, 0, {9, keep_seen}))
    list.emplace_back(std::get<std::int64_t>(ids.id(scored.item)), scored.score);
  return list;
}

// Every share is 1: likeness is what is shared, and a vote is the likeness.
const std::vector<std::string> kPlain{"fading=1", "per_length=0", "near=1", "before=1"};

std::vector<std::string> plain(std::vector<std::string> more) {
  more.insert(more.begin(), kPlain.begin(), kPlain.end());
  return more;
}

TEST(SessionKnn, FindsThePlantedContinuation) {
  // 1 2 goes on with 3, and 1 4 with 5; 1 alone is in all.
  std::vector<Plays> sessions;
  for (int n = 0; n < 20; ++n) sessions.push_back(n % 2 == 0 ? Plays{1, 2, 3} : Plays{1, 4, 5});
  const Dataset dataset = log_of(sessions);
  const auto model = train(dataset, {"neighbours=8"});
  EXPECT_THAT(answer(*model, dataset, {{1, 2}}), ElementsAre(Pair(3, testing::Gt(0))));
  EXPECT_THAT(answer(*model, dataset, {{1, 4}}), ElementsAre(Pair(5, testing::Gt(0))));
  // A new listener's first play is enough; nothing known is no answer.
  EXPECT_EQ(answer(*model, dataset, {{2}})[0].first, 3);
  EXPECT_THAT(answer(*model, dataset, {{}}), testing::IsEmpty());
  EXPECT_THAT(answer(*model, dataset, {{77}}), testing::IsEmpty());
}

TEST(SessionKnn, VotesAreThoseOfTheFormula) {
  const Dataset dataset = log_of({{1, 2, 3}, {9, 2, 8, 7}});
  EXPECT_THAT(answer(*train(dataset, kPlain), dataset, {{1, 2}}),
              ElementsAre(Pair(3, 2), Pair(9, 1), Pair(8, 1), Pair(7, 1)));
  EXPECT_THAT(answer(*train(dataset, plain({"fading=0.5"})), dataset, {{1, 2}})[0],
              Pair(3, FloatEq(1.5F)));
  EXPECT_THAT(
      answer(*train(dataset, plain({"per_length=1"})), dataset, {{2}}),
      ElementsAre(Pair(1, FloatEq(1 / 3.0F)), Pair(3, FloatEq(1 / 3.0F)), Pair(9, FloatEq(0.25F)),
                  Pair(8, FloatEq(0.25F)), Pair(7, FloatEq(0.25F))));
  // 2 stands at place 1: 8 comes right behind it, 7 one further, 9 before.
  EXPECT_THAT(answer(*train(dataset, plain({"near=0.5", "before=0.1"})), dataset, {{2}}),
              ElementsAre(Pair(3, 1), Pair(8, 1), Pair(7, FloatEq(0.5F)), Pair(1, FloatEq(0.1F)),
                          Pair(9, FloatEq(0.1F))));
  // The item by which a session is met has no vote there, but for plays after it.
  EXPECT_THAT(answer(*train(dataset, kPlain), dataset, {{3}}, true),
              ElementsAre(Pair(1, 1), Pair(2, 1)));
  const Dataset again = log_of({{1, 2, 1}});
  EXPECT_THAT(answer(*train(again, plain({"before=0"})), again, {{1}}, true),
              ElementsAre(Pair(1, 1), Pair(2, 1)));
  // log(1 + 2 sessions / 1 session) for 3 and its like.
  EXPECT_THAT(answer(*train(dataset, plain({"idf=1"})), dataset, {{1, 2}})[0],
              Pair(3, FloatEq(2 * std::log(3.0F))));
}

TEST(SessionKnn, NewSessionsCountMore) {
  const Dataset dataset = log_of({{1, 2}, {1, 3}, {1, 4}});
  EXPECT_THAT(answer(*train(dataset, plain({"half_life_days=1"})), dataset,
                     {{1}, {}, {2 * kDay + kSecond}}),
              ElementsAre(Pair(4, 1), Pair(3, FloatEq(0.5F)), Pair(2, FloatEq(0.25F))));
  EXPECT_THAT(answer(*train(dataset, plain({"sample=2"})), dataset, {{1}}),
              testing::UnorderedElementsAre(Pair(3, 1), Pair(4, 1)));
  EXPECT_THAT(answer(*train(dataset, plain({"recent=1"})), dataset, {{1}}),
              ElementsAre(Pair(4, 1)));
  EXPECT_THAT(answer(*train(dataset, plain({"sessions=1"})), dataset, {{1}}),
              ElementsAre(Pair(4, 1)));
  EXPECT_THAT(answer(*train(dataset, plain({"neighbours=1"})), dataset, {{1}}),
              ElementsAre(Pair(4, 1)));
}

TEST(SessionKnn, TheRunningSessionIsWhatIsSaid) {
  const Dataset dataset = log_of({{1, 2}, {3, 4}});
  const auto model = train(dataset, kPlain);
  const auto all = train(dataset, plain({"running=history"}));
  const Asked in_sessions{{1, 3}, {1, 2}}, in_one{{1, 3}, {1, 1}};
  EXPECT_THAT(answer(*model, dataset, in_sessions), ElementsAre(Pair(4, 1)));
  EXPECT_THAT(answer(*model, dataset, in_one), ElementsAre(Pair(2, 1), Pair(4, 1)));
  EXPECT_THAT(answer(*all, dataset, in_sessions), ElementsAre(Pair(2, 1), Pair(4, 1)));
  EXPECT_THAT(answer(*train(dataset, plain({"last=1"})), dataset, in_one), ElementsAre(Pair(4, 1)));
  // Live events have no sessions: a pause ends one.
  EXPECT_THAT(answer(*model, dataset, {{1, 3}, {}, {0, 31 * 60 * kSecond}}),
              ElementsAre(Pair(4, 1)));
  EXPECT_THAT(answer(*model, dataset, {{1, 3}, {}, {0, 29 * 60 * kSecond}}),
              ElementsAre(Pair(2, 1), Pair(4, 1)));
}

TEST(SessionKnn, PausesEndSessionsWhereTheLogHasNone) {
  const std::vector<Plays> days{{1, 2, 3}, {4, 5}};
  TestContext run;
  SessionKnnConfig config;
  const auto by_pause = gather_sessions(config, log_of(days, false).domains()[0], run);
  ASSERT_TRUE(by_pause.ok());
  EXPECT_EQ(by_pause->size(), 2);
  EXPECT_EQ(by_pause->end_ns[0], 2 * kSecond);
  config.gap_minutes = 0;
  EXPECT_EQ(gather_sessions(config, log_of(days, false).domains()[0], run)->size(), 1);
  config.length = 2;
  const auto cut = gather_sessions(config, log_of(days).domains()[0], run);
  EXPECT_EQ(cut->items_of(0).size(), 2U);
  EXPECT_TRUE(cut->sessions_of(0).empty());  // item 1 was played before the last two
}

TEST(SessionKnn, AgeNeedsTimes) {
  LogColumns log = make_log({{1, 0, 0}, {1, 2, 0}});
  log.time_ns.clear();
  TestContext run;
  const Dataset dataset = *build_dataset(Dataset(), "music", log, run);
  const auto model = session_knn_trainer().train({dataset, 0, {"half_life_days=3"}, 1}, run);
  ASSERT_FALSE(model.ok());
  EXPECT_EQ(model.status().kind(), StatusKind::kUsage);
  EXPECT_THAT(model.status().message(), testing::HasSubstr("needs times"));
  EXPECT_TRUE(session_knn_trainer().train({dataset, 0, {}, 1}, run).ok());
}

TEST(SessionKnn, SaysWhichItemsFoundTheVotes) {
  const Dataset dataset = log_of({{1, 2, 3}, {2, 3}, {4, 3}});
  const auto model = train(dataset, plain({"fading=0.5"}));
  const Vocabulary& ids = dataset.domains()[0].items;
  const std::vector<ItemIndex> played{ids.find(1), ids.find(2)};
  const std::vector<float> weights{1, 1};
  const History history{played, weights, {}, {}, {}};
  const UserView view{kUnknown, {&history, 1}};
  // The first session votes 1.5 for 3, a third of it by 1; the second 1, all by 2.
  EXPECT_THAT(model->explain(view, 0, ids.find(3), 9),
              ElementsAre(ScoredItem{ids.find(2), 2}, ScoredItem{ids.find(1), 0.5F}));
}

TEST(SessionKnn, RefusesColumnsThatDoNotFit) {
  const Sessions good{{{0, 2, 3}}, {{0, 1, 1}}, {}, {{0, 1, 3}}, {{0, 1, 0}}};
  ASSERT_TRUE(good.check().ok());
  const auto refused = [](const Sessions& sessions) {
    return sessions.check().kind() == StatusKind::kDataInvalid;
  };
  SessionKnnConfig shorter;
  shorter.length = 1;
  const auto longer = SessionKnnModel::make(shorter, "music", good);
  ASSERT_FALSE(longer.ok());
  EXPECT_THAT(longer.status().message(), testing::HasSubstr("more plays than the model's knob"));
  Sessions bad = good;
  bad.items = std::vector<ItemIndex>{0, 1, 2};
  EXPECT_TRUE(refused(bad));
  bad = good;
  bad.of_item = std::vector<SessionIndex>{0, 2, 0};
  EXPECT_TRUE(refused(bad));
  bad = good;
  bad.end_ns = std::vector<std::int64_t>{5};
  EXPECT_TRUE(refused(bad));
  bad = good;
  bad.offsets = std::vector<std::int64_t>{0, 3, 2};
  EXPECT_TRUE(refused(bad));
  bad = good;
  bad.offsets = {};
  EXPECT_TRUE(refused(bad));
}

}  // namespace
}  // namespace crossfade
