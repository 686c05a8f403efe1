// The loop over sessions: reproducible, one stream per listener, and losses that end one session.
#include "crossfade/simulation/simulate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "crossfade/base/json.h"
#include "crossfade/simulation/door_console.h"
#include "crossfade/simulation/door_dummy.h"
#include "crossfade/simulation/test_world.h"

namespace crossfade {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class SimulateTest : public testing::Test {
 protected:
  std::vector<SessionRecord> play(Door& door, const SimulationOptions& options) {
    std::vector<SessionRecord> all;
    result_ = simulate(
        world_, door, options,
        [&](std::int64_t, std::span<const SessionRecord> sessions) {
          all.insert(all.end(), sessions.begin(), sessions.end());
          return ok_status();
        },
        context_);
    EXPECT_TRUE(result_.ok()) << result_.status().message();
    return all;
  }
  std::vector<SessionRecord> play_dummy(const SimulationOptions& options) {
    DummyDoor door(60, options.listeners, 1);
    return play(door, options);
  }

  const HiddenWorld world_ = test_world();
  ThreadPool threads_{1};
  SilentProgress progress_;
  std::atomic<bool> stop_{false};
  Context context_{threads_, progress_, stop_};
  Result<SimulationResult> result_ = failed("not run");
};

using Key = std::tuple<std::int64_t, std::int32_t, std::int32_t, std::int64_t, double>;
Key key_of(const SessionRecord& session) {
  return {session.user, session.opening.interest, session.opening.first, session.steps,
          session.reward};
}

TEST_F(SimulateTest, OneSeedGivesOneRun) {
  const SimulationOptions options{.episodes = 50, .days = 2, .listeners = 7};
  const auto once = play_dummy(options), twice = play_dummy(options);
  ASSERT_EQ(once.size(), 100u);
  for (std::size_t i = 0; i < once.size(); ++i) EXPECT_EQ(key_of(once[i]), key_of(twice[i]));
  SimulationOptions other = options;
  other.seed = 43;
  const auto different = play_dummy(other);
  int equal = 0;
  for (std::size_t i = 0; i < once.size(); ++i) equal += key_of(once[i]) == key_of(different[i]);
  EXPECT_LT(equal, 5);
}

// The original's loop, written out: one stream, one session after the other.
TEST_F(SimulateTest, OneListenerDrawsAsTheOriginal) {
  const auto sessions = play_dummy({.episodes = 20, .seed = 9});
  LegacyRng random(9);
  Rng dummy(1, 0);
  for (const SessionRecord& record : sessions) {
    ListeningSession session;
    session.begin(world_, draw_opening(world_, random));
    while (!session.over()) {
      const auto track = static_cast<std::int32_t>(dummy.below(60));
      std::vector<double> product(1);
      world_.vectors.products(std::vector<TrackVectors::Pair>{{track, session.opening().interest}},
                              product);
      session.hear(track, product[0], random);
    }
    EXPECT_EQ(record.user, session.listener().user);
    EXPECT_EQ(record.steps, session.steps());
    EXPECT_EQ(record.reward, session.reward());
  }
}

TEST_F(SimulateTest, ListenersHaveStreamsOfTheirOwn) {
  const auto many = play_dummy({.episodes = 30, .listeners = 3});
  for (std::int64_t listener = 0; listener < 3; ++listener) {
    DummyDoor door(60, 1, 1, listener);
    const auto alone = play(door, {.episodes = 10, .first_stream = listener});
    for (std::size_t i = 0; i < alone.size(); ++i)
      EXPECT_EQ(key_of(alone[i]), key_of(many[3 * i + static_cast<std::size_t>(listener)]));
  }
}

TEST_F(SimulateTest, MeansAndErrorsAreThoseOfTheSessions) {
  const auto sessions = play_dummy({.episodes = 40, .listeners = 4});
  double sum = 0, square = 0;
  for (const SessionRecord& session : sessions) sum += session.reward;
  const double mean = sum / 40;
  for (const SessionRecord& session : sessions)
    square += (session.reward - mean) * (session.reward - mean);
  const DayResult& day = result_->days.at(0);
  EXPECT_EQ(day.sessions, 40);
  EXPECT_DOUBLE_EQ(day.reward.mean, mean);
  EXPECT_DOUBLE_EQ(day.reward.error, std::sqrt(square / 39 / 40));
}

// Fails at a session's second question, in the way that the user's number says.
class FailingDoor final : public ImmediateDoor {
  Result<Reply> answer(const Inquiry& inquiry) override {
    Reply reply;
    reply.track = (inquiry.heard.track + 1) % 60;
    if (!inquiry.last && inquiry.heard.user < 5 && inquiry.heard.time != 1)
      reply.loss = static_cast<Loss>(inquiry.heard.user + 1);
    if (inquiry.heard.user == 6) reply.track = 60;
    if (inquiry.heard.user == 7) reply.track = -3;
    return reply;
  }
};

TEST_F(SimulateTest, ALossEndsItsSessionAndNoOther) {
  FailingDoor door;
  const auto sessions = play(door, {.episodes = 400, .listeners = 5});
  ASSERT_EQ(sessions.size(), 400u);
  std::array<std::int64_t, kNumLosses> losses{};
  for (const SessionRecord& session : sessions) {
    ++losses[static_cast<std::size_t>(session.loss)];
    if (session.user < 5) {
      EXPECT_EQ(static_cast<std::int64_t>(session.loss), session.user + 1);
      EXPECT_EQ(session.steps, 1);
    } else if (session.user == 6 || session.user == 7) {
      EXPECT_EQ(session.loss, Loss::kUnknownTrack);
    } else {
      EXPECT_EQ(session.loss, Loss::kNone);
    }
  }
  EXPECT_EQ(result_->days[0].losses, losses);
  EXPECT_GT(losses[static_cast<std::size_t>(Loss::kNone)], 100);
  EXPECT_FALSE(result_->given_up);
}

TEST_F(SimulateTest, GivesUpWhenNobodyAnswers) {
  class Dead final : public ImmediateDoor {
    Result<Reply> answer(const Inquiry&) override { return Reply{.loss = Loss::kNoConnection}; }
  } door;
  const auto sessions = play(door, {.episodes = 100000, .days = 3, .listeners = 2});
  EXPECT_TRUE(result_->given_up);
  EXPECT_EQ(result_->days.size(), 1u);
  EXPECT_LT(sessions.size(), 30u);
}

TEST_F(SimulateTest, SessionsThatGoOnTooLongAreGivenUp) {
  const auto sessions = play_dummy({.episodes = 20, .max_steps = 5});
  int too_long = 0;
  for (const SessionRecord& session : sessions) {
    too_long += session.loss == Loss::kTooLong;
    EXPECT_LE(session.steps, 5);
  }
  EXPECT_GT(too_long, 0);
}

TEST_F(SimulateTest, TheLogHasTheOriginalsLines) {
  const std::string path = testing::TempDir() + "played.json";
  ASSERT_TRUE(remove_tree(path).ok());
  auto log = PlayedLog::create(path);
  ASSERT_TRUE(log.ok());
  EXPECT_THAT(PlayedLog::create(path).status().message(), HasSubstr("exist"));
  const auto sessions =
      play_dummy({.episodes = 10, .listeners = 2, .start_ms = 1700000000000, .log = &*log});
  ASSERT_TRUE(log->close().ok());
  std::istringstream lines(*read_file(path));
  std::string line;
  std::getline(lines, line);
  EXPECT_THAT(line, testing::MatchesRegex(
                        "\\{\"message\": \"next\", \"timestamp\": 1700000000000, \"user\": [0-9]+, "
                        "\"track\": [0-9]+, \"time\": 1.0, \"latency\": [0-9.e-]+, "
                        "\"recommendation\": [0-9]+, \"experiments\": \\{\\}\\}"));
  std::int64_t count = 1, lasts = 0, steps = 0;
  for (const SessionRecord& session : sessions) steps += session.steps;
  for (; std::getline(lines, line); ++count) {
    const auto json = parse_json(line);
    ASSERT_TRUE(json.ok());
    if (*(*json)["message"].as_string() != "last") continue;
    ++lasts;
    EXPECT_TRUE((*json)["recommendation"].is_null());
  }
  EXPECT_EQ(lasts, 10);
  EXPECT_EQ(count, steps + lasts);  // S steps are S questions and one farewell
}

TEST_F(SimulateTest, OptionsOutOfRangeAreUsageErrors) {
  DummyDoor door(60, 1, 1);
  const auto error = [&](const SimulationOptions& options) {
    const auto result = simulate(world_, door, options, nullptr, context_);
    EXPECT_EQ(result.status().kind(), StatusKind::kUsage);
    return result.status().message();
  };
  EXPECT_THAT(error({.episodes = 0}), HasSubstr("episodes"));
  EXPECT_THAT(error({.days = 0}), HasSubstr("days"));
  EXPECT_THAT(error({.listeners = 0}), HasSubstr("listeners"));
  EXPECT_THAT(error({.listeners = 100001}), HasSubstr("100,000"));
  EXPECT_THAT(error({.max_steps = -1}), HasSubstr("steps"));
  EXPECT_THAT(error({.seed = -1}), HasSubstr("4294967295"));
  EXPECT_THAT(error({.seed = 4294967296}), HasSubstr("numpy"));
  stop_ = true;
  EXPECT_EQ(simulate(world_, door, {}, nullptr, context_).status().kind(),
            StatusKind::kInterrupted);
}

TEST_F(SimulateTest, AWorldOfOneTrackAndOneUser) {
  const HiddenWorld world = test_world({.tracks = 1, .dims = 1, .users = 1}, "one");
  DummyDoor door(1, 1, 1);
  const auto result = simulate(world, door, {.episodes = 4}, nullptr, context_);
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result->days[0].reward.mean, 0.0);  // nothing but repeats: five of them end it
  EXPECT_EQ(result->days[0].steps.mean, 5.0);
}

TEST_F(SimulateTest, APersonRecommends) {
  std::string typed = "what\n-1\n";
  for (int track = 0; track < 60; ++track) typed += std::to_string(track) + "\n";
  std::istringstream input(typed);
  std::ostringstream output;
  ConsoleDoor door(world_.tracks, input, output);
  const auto sessions = play(door, {.episodes = 1});
  EXPECT_EQ(sessions.at(0).loss, Loss::kNone);
  EXPECT_THAT(output.str(), HasSubstr("heard 1.00 of track"));
  EXPECT_THAT(output.str(), HasSubstr("This is no track's number."));
  EXPECT_THAT(output.str(), HasSubstr("The session is over."));
  std::istringstream nothing;
  ConsoleDoor gone(world_.tracks, nothing, output);
  EXPECT_EQ(simulate(world_, gone, {}, nullptr, context_).status().kind(),
            StatusKind::kInterrupted);
}

}  // namespace
}  // namespace crossfade
