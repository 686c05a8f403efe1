// Flows in the recommender: who is answered by which, reproducibly, and what the log says of it.
#include "crossfade/serving/flows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "crossfade/base/toml.h"
#include "crossfade/serving/recommender.h"
#include "crossfade/serving/test_flows.h"

namespace crossfade {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

const char* const kHstu = R"(
  [flows]
  control = { sources = ["i2i:near", "random"], repeats = true }
  hstu = { sources = ["indexed:users", "random"], repeats = true }
  [[experiments]]
  name = "HSTU"
  flows = { C = "control", T1 = "hstu" }
  [[experiments]]
  name = "AA"
)";

Bundle bundle_of(const std::string& toml) {
  return *Bundle::assemble(flows_input(parse_toml(toml)->root));
}

Request request_of(std::int64_t user) {
  Request request;
  request.user = ExternalId(user);
  request.k = 1;
  return request;
}

TEST(Flows, TheTreatmentChoosesTheFlow) {
  const Recommender recommender(bundle_of(kHstu), EventLog::without_file());
  // HSTU/2 of users 0 to 15, and AA/2, as published.
  const std::string hstu = "0001010000101111", aa = "1101111111000011";
  for (std::int64_t user = 0; user < 16; ++user) {
    const auto at = static_cast<std::size_t>(user);
    const auto slate = recommender.next(request_of(user));
    const std::vector<Treatment> expected{{"HSTU", hstu[at] == '0' ? "C" : "T1"},
                                          {"AA", aa[at] == '0' ? "C" : "T1"}};
    EXPECT_EQ(slate->treatments, expected) << user;
    EXPECT_EQ(recommender.treatments(ExternalId(user)), expected);
    EXPECT_EQ(slate->flow, hstu[at] == '0' ? "control" : "hstu");
  }
}

TEST(Flows, UsersOfNoExperimentGetTheDefault) {
  const std::string some = R"(
    [flows]
    a = ["random"]
    [[experiments]]
    name = "X"
    traffic = 0.5
    flows = { C = "a", T1 = "a" }
  )";
  const Recommender chain(bundle_of(some), EventLog::without_file());
  const Recommender flow(bundle_of("[flows]\na = [\"random\"]\ndefault = [\"top:tops,1\"]\n" +
                                   some.substr(some.find("[[experiments"))),
                         EventLog::without_file());
  int outside = 0;
  for (std::int64_t user = 0; user < 100; ++user) {
    const auto slate = chain.next(request_of(user));
    if (!slate->treatments.empty()) continue;
    ++outside;
    EXPECT_EQ(slate->flow, "");
    EXPECT_EQ(slate->items[0].source, "popular") << "as without flows";
    EXPECT_EQ(flow.next(request_of(user))->flow, "default");
    EXPECT_EQ(flow.next(request_of(user))->items[0].item, ExternalId(9));
  }
  EXPECT_GT(outside, 20);
}

TEST(Flows, ABundleWithoutFlowsAnswersAsBefore) {
  const Recommender recommender(*Bundle::assemble(flows_input()), EventLog::without_file());
  const auto slate = recommender.next(request_of(7));
  EXPECT_EQ(slate->flow, "");
  EXPECT_EQ(slate->items[0].source, "popular");
  EXPECT_EQ(slate->items[0].propensity, 1);
  EXPECT_THAT(slate->treatments, IsEmpty());
}

TEST(Flows, RecommendKeepsToTheDefaultChainAndItsFilters) {
  Recommender recommender(bundle_of(kHstu), EventLog::without_file());
  ASSERT_TRUE(recommender.observe({ExternalId(7), ExternalId(4), "", 1, 1, 0}).ok());
  Request request = request_of(7);
  request.k = 12;
  const auto slate = recommender.recommend(request);
  EXPECT_EQ(slate->items.size(), 11u);
  for (const SlateItem& item : slate->items) EXPECT_NE(item.item, ExternalId(4));
}

TEST(Flows, AnUnknownTrackFallsBackThoughAnEarlierOneIsKnown) {
  Recommender recommender(*Bundle::assemble(flows_input(default_flow({"sticky_artist"}, true))),
                          EventLog::without_file());
  ASSERT_TRUE(recommender.observe({ExternalId(1), ExternalId(4), "", 1, 1, 0}).ok());
  EXPECT_EQ(recommender.next(request_of(1))->items[0].item, ExternalId(5));
  Request request = request_of(1);
  request.played = JustPlayed{ExternalId(999), 1};
  EXPECT_EQ(recommender.next(request)->items[0].source, "random");
}

// Tracks that one user is answered, playing on what comes.
std::string listen(Recommender& recommender, std::int64_t user, std::int64_t first, int steps) {
  std::string heard;
  ExternalId track = first;
  for (int step = 0; step < steps; ++step) {
    EXPECT_TRUE(recommender.observe({ExternalId(user), track, "", step, 0.5, 0}).ok());
    track = recommender.next(request_of(user))->items[0].item;
    heard += to_text(track) + " ";
  }
  return heard;
}

TEST(Flows, TheSameLogGivesTheSameAnswersAlsoAfterARestart) {
  const std::string path = testing::TempDir() + "flows_test_events";
  const auto open = [&](std::int64_t seed) {
    LiveOptions options;
    options.seed = seed;
    return *Recommender::create(*Bundle::assemble(flows_input(default_flow({"random"}, true))),
                                *EventLog::open(path), options);
  };
  const auto whole = [&](std::int64_t seed) {
    EXPECT_TRUE(remove_tree(path).ok());
    Recommender recommender = open(seed);
    listen(recommender, 5, 3, 4);
    return listen(recommender, 1, 0, 20);
  };
  const std::string expected = whole(1);
  EXPECT_EQ(expected, whole(1));
  EXPECT_NE(expected, whole(2));
  ASSERT_TRUE(remove_tree(path).ok());
  std::string heard;
  {
    Recommender recommender = open(1);
    heard = listen(recommender, 1, 0, 10);
    ASSERT_TRUE(recommender.observe({ExternalId(8), ExternalId(1), "", 1, 1, 0}).ok());
  }
  Recommender recommender = open(1);
  EXPECT_EQ(recommender.recovery().answers, 10);
  const auto last = heard.substr(0, heard.size() - 1);
  heard += listen(recommender, 1, std::stoll(last.substr(last.rfind(' ') + 1)), 10);
  EXPECT_EQ(heard, expected) << "other users change nothing, and neither does the end";
}

TEST(Flows, EventsOfUnknownTracksMoveTheDrawsOn) {
  Recommender recommender(*Bundle::assemble(flows_input(default_flow({"random"}, true))),
                          EventLog::without_file());
  std::set<ExternalId> heard;
  for (int step = 0; step < 30; ++step) {
    ASSERT_TRUE(recommender.observe({ExternalId(1), ExternalId(999), "", step, 1, 0}).ok());
    heard.insert(recommender.next(request_of(1))->items[0].item);
  }
  EXPECT_GT(heard.size(), 5u);
}

TEST(Flows, TheEventLogKeepsWhatWasAnswered) {
  const std::string path = testing::TempDir() + "flows_test_answers";
  ASSERT_TRUE(remove_tree(path).ok());
  {
    Recommender recommender(bundle_of(kHstu), *EventLog::open(path));
    Request request = request_of(3);
    request.played = JustPlayed{ExternalId(0), 0.5};
    request.time_ns = 77;
    ASSERT_TRUE(recommender.next(request).ok());
    ASSERT_TRUE(recommender.recommend(request).ok());
  }
  std::vector<Answer> answers;
  (void)EventLog::open(path)->replay([](const Event&) {},
                                     [&](const Answer& one) { answers.push_back(one); });
  ASSERT_EQ(answers.size(), 2u);
  EXPECT_EQ(answers[0].asked, "next");
  EXPECT_EQ(answers[0].after, ExternalId(0));
  EXPECT_EQ(answers[0].time_ns, 77);
  EXPECT_EQ(answers[0].flow, "hstu");
  EXPECT_EQ(answers[0].domain, "music");
  EXPECT_EQ(answers[0].treatments[0], (Treatment{"HSTU", "T1"}));
  EXPECT_EQ(answers[0].shown[0].source, "random") << "user 3 has no list";
  EXPECT_NEAR(answers[0].shown[0].propensity, 1.0 / 12, 1e-12);
  EXPECT_EQ(answers[1].asked, "recommend");
  EXPECT_EQ(answers[1].flow, "");
}

TEST(Flows, AnswersAreNotKeptWhereTheyAreNotWanted) {
  const std::string path = testing::TempDir() + "flows_test_no_answers";
  ASSERT_TRUE(remove_tree(path).ok());
  {
    LiveOptions options;
    options.log_answers = false;
    const Recommender recommender(bundle_of(kHstu), *EventLog::open(path), options);
    ASSERT_TRUE(recommender.next(request_of(3)).ok());
  }
  EXPECT_EQ(EventLog::open(path)->replay([](const Event&) {}).answers, 0);
}

TEST(Flows, FlowsThatCannotBeServedAreNoRecommender) {
  const auto made = Recommender::create(bundle_of("[flows]\na = [\"indexed:nobody\"]\n"),
                                        EventLog::without_file());
  EXPECT_EQ(made.status().kind(), StatusKind::kDataInvalid);
  EXPECT_THAT(made.status().message(), HasSubstr("flow 'a': there is no part of the bundle"));
}

TEST(Flows, AreDescribed) {
  const Json facts = Recommender(bundle_of(kHstu), EventLog::without_file()).describe();
  EXPECT_EQ(to_text(facts["flows"]), R"(["control", "hstu"])");
  EXPECT_EQ(to_text(facts["experiments"]), R"(["HSTU", "AA"])");
}

}  // namespace
}  // namespace crossfade
