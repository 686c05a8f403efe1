// Answers and rewards out of a small log by hand, and a policy judged on a log whose truth is
// known.
#include "crossfade/experiments/logged_answers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "crossfade/base/rng.h"
#include "crossfade/experiments/off_policy.h"
#include "crossfade/experiments/test_traffic.h"

namespace crossfade {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

struct Line {
  UserIndex user = 0;
  std::int64_t track = 0, recommendation = kNoTrack;
  double share = 1, propensity = 0.5;
};

TrafficLog log_of(const std::vector<Line>& lines) {
  TrafficLog log;
  for (const Line& line : lines) {
    while (static_cast<UserIndex>(log.user_ids.size()) <= line.user)
      log.user_ids.emplace_back(static_cast<std::int64_t>(log.user_ids.size()));
    log.users.push_back(line.user);
    log.times_ns.push_back(log.size());
    log.is_last.push_back(line.recommendation == kNoTrack);
    log.tracks.push_back(line.track);
    log.shares.push_back(line.share);
    log.latencies_s.push_back(0.001);
    log.recommendations.push_back(line.recommendation);
    log.propensities.push_back(line.propensity);
  }
  return log;
}

bool takes_all(std::size_t) {
  return true;
}

TEST(LoggedAnswers, RewardsStandInTheNextLine) {
  TestContext world;
  const TrafficLog log =
      log_of({{.track = 1, .recommendation = 2},
              {.track = 2, .recommendation = 3, .share = 0.25},
              {.track = 9, .share = 0.75},        // not what was said
              {.track = 4, .recommendation = 5},  // the last line
              {.user = 1, .track = 1, .recommendation = 2, .propensity = kNotANumber},
              {.user = 1, .track = 2, .share = 0.1}});
  const LoggedAnswers answers =
      answers_of_log(log, order_rows(log, world.context.threads), takes_all);
  EXPECT_THAT(answers.rewards, ElementsAre(0.25));
  EXPECT_THAT(answers.after, ElementsAre(1));
  EXPECT_THAT(answers.answers, ElementsAre(2));
  EXPECT_EQ(answers.without_reward, 2);
  EXPECT_EQ(answers.without_propensity, 1);
  EXPECT_EQ(answers_of_log(log, order_rows(log, world.context.threads),
                           [](std::size_t row) { return row > 0; })
                .size(),
            0u);
}

TEST(ListPolicy, DrawsEvenlyAndFallsBack) {
  LoggedAnswers answers;
  answers.rewards = {1, 1, 1};
  answers.propensities = {0.5, 0.5, 0.5};
  answers.users = {0, 1, 1};
  answers.after = {7, 8, 9};
  answers.answers = {1, 2, 3};
  const TrafficLog log = log_of({{.user = 0}, {.user = 1}});
  ListPolicy policy{.by = ListPolicy::By::kTrack,
                    .lists = {{7, {1, 2, 3, 4}}, {8, {5, 6}}, {9, {}}},
                    .num_tracks = 100};
  EXPECT_THAT(*policy.probabilities(answers, log), ElementsAre(0.25, 0, 0.01));
  policy.num_tracks = 0;
  EXPECT_THAT(policy.probabilities(answers, log).status().message(), HasSubstr("track 9"));
  const ListPolicy by_user{.by = ListPolicy::By::kUser, .lists = {{0, {1}}, {1, {2, 3}}}};
  EXPECT_THAT(*by_user.probabilities(answers, log), ElementsAre(1, 0.5, 0.5));
  const ListPolicy random{.num_tracks = 50};
  EXPECT_THAT(*random.probabilities(answers, log), ElementsAre(0.02, 0.02, 0.02));
  const ListPolicy top{.lists = {{0, {3, 4}}}};
  EXPECT_THAT(*top.probabilities(answers, log), ElementsAre(0, 0, 0.5));
}

// Ten tracks drawn at random, of which the first three are liked: a list of those earns their mean.
TEST(ListPolicy, IsJudgedByAnotherPolicysLog) {
  TestContext world;
  Rng rng(4);
  std::vector<Line> lines;
  for (UserIndex user = 0; user < 2000; ++user) {
    Line line{.user = user, .track = 0, .share = 1, .propensity = 0.1};
    for (int step = 0; step < 6; ++step) {
      line.recommendation = step == 5 ? kNoTrack : static_cast<std::int64_t>(rng.below(10));
      lines.push_back(line);
      line.track = line.recommendation;
      line.share = line.track < 3 ? 0.4 + 0.2 * rng.uniform() : 0.2 * rng.uniform();
    }
  }
  const TrafficLog log = log_of(lines);
  const LoggedAnswers answers =
      answers_of_log(log, order_rows(log, world.context.threads), takes_all);
  const ListPolicy top{.lists = {{0, {0, 1, 2}}}};
  const auto target = *top.probabilities(answers, log);
  const OffPolicyResult result =
      *estimate_off_policy({answers.rewards, answers.propensities, target, {}, {}, answers.users});
  EXPECT_NEAR(result.estimates[1].value, 0.5, 4 * result.estimates[1].standard_error);
  EXPECT_LT(result.estimates[1].standard_error, 0.01);
  EXPECT_TRUE(result.warnings.empty());
}

}  // namespace
}  // namespace crossfade
