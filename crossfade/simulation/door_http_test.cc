// Whole sessions against servers that work and servers that fail in the middle of them.
#include "crossfade/simulation/door_http.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crossfade/simulation/scripted_server.h"
#include "crossfade/simulation/simulate.h"
#include "crossfade/simulation/test_world.h"

namespace crossfade {
namespace {

using testing::HasSubstr;

TEST(NextTrack, IsReadFromAnyJson) {
  EXPECT_EQ(read_next_track("{\"user\": 1, \"track\": 17}\n"), 17);
  EXPECT_EQ(read_next_track("{\"track\":17,\"user\":1}"), 17);
  EXPECT_EQ(read_next_track("{\"user\": \"a\", \"track\": -4, \"more\": []}"), -4);
  for (const char* wrong :
       {"", "{}", "[17]", "17", "{\"user\": 1, \"track\": 17", "{\"user\": 1, \"track\": \"17\"}",
        "{\"user\": 1, \"track\": 1.5}", "{\"user\": 1, \"track\": null}", "\xff\xfe"})
    EXPECT_EQ(read_next_track(wrong), std::nullopt) << wrong;
}

TEST(PlayedText, WritesNumbersAsPythonDoes) {
  EXPECT_EQ(played_text({1, 10, 0.3, 0}), "{\"track\": 10, \"time\": 0.3}");
  EXPECT_EQ(played_text({1, 10, 1, 0}), "{\"track\": 10, \"time\": 1.0}");
  EXPECT_EQ(played_text({1, 10, 0, 0}), "{\"track\": 10, \"time\": 0.0}");
}

class HttpDoorTest : public testing::Test {
 protected:
  DayResult play(const std::string& url, const SimulationOptions& options,
                 std::int64_t deadline_ms = 5000) {
    auto door =
        HttpDoor::create(*parse_url(url), options.listeners, {.deadline_ms = deadline_ms}, clock_);
    EXPECT_TRUE(door.ok()) << door.status().message();
    sessions_.clear();
    const auto result = simulate(
        world_, **door, options,
        [&](std::int64_t, std::span<const SessionRecord> sessions) {
          sessions_.assign(sessions.begin(), sessions.end());
          return ok_status();
        },
        context_);
    EXPECT_TRUE(result.ok()) << result.status().message();
    return result.ok() ? result->days.at(0) : DayResult();
  }
  static std::int64_t count(const DayResult& day, Loss loss) {
    return day.losses[static_cast<std::size_t>(loss)];
  }

  const HiddenWorld world_ = test_world();
  SystemClock clock_;
  ThreadPool threads_{1};
  SilentProgress progress_;
  std::atomic<bool> stop_{false};
  Context context_{threads_, progress_, stop_};
  std::vector<SessionRecord> sessions_;
};

// The recommended track follows from the question alone, so every run has to be the same.
std::string next_of(const std::string& request) {
  if (request.starts_with("POST /last/")) return ScriptedServer::answer("{\"user\": 1}\n");
  const std::size_t at = request.find("{\"track\": ") + 10;
  return ScriptedServer::next((std::stoll(request.substr(at)) * 7 + 3) % 60);
}

TEST_F(HttpDoorTest, SessionsAreThoseOfADoorInsideTheProcess) {
  ScriptedServer server(
      [](const std::string& request, int) { return ScriptedServer::Act{next_of(request)}; });
  class Inside final : public ImmediateDoor {
    Result<Reply> answer(const Inquiry& inquiry) override {
      return Reply{.track = (inquiry.heard.track * 7 + 3) % 60};
    }
  } inside;
  for (const std::int64_t listeners : {1, 8}) {
    const SimulationOptions options{.episodes = 40, .listeners = listeners};
    const DayResult over_http = play(server.url(), options);
    const auto here = simulate(world_, inside, options, nullptr, context_);
    ASSERT_TRUE(here.ok());
    EXPECT_EQ(count(over_http, Loss::kNone), 40);
    EXPECT_EQ(over_http.reward.mean, here->days[0].reward.mean);
    EXPECT_EQ(over_http.steps.mean, here->days[0].steps.mean);
  }
}

TEST_F(HttpDoorTest, EachListenerAsksInOrderOnOneConnection) {
  ScriptedServer server(
      [](const std::string& request, int) { return ScriptedServer::Act{next_of(request)}; });
  play(server.url(), {.episodes = 30, .listeners = 3});
  const auto connections = server.seen();
  ASSERT_EQ(connections.size(), 3u);
  for (const auto& requests : connections) {
    std::string user;
    for (const std::string& request : requests) {
      const std::size_t begin = request.find("/", 6) + 1;
      const std::string asked = request.substr(begin, request.find(' ', begin) - begin);
      if (user.empty()) {
        EXPECT_THAT(request, HasSubstr("\"time\": 1.0}"));  // a session's first
      }
      if (!user.empty()) {
        EXPECT_EQ(asked, user);
      }
      user = request.starts_with("POST /last/") ? "" : asked;
      EXPECT_THAT(request, HasSubstr("Content-Type: application/json\r\n"));
    }
    EXPECT_EQ(user, "");  // the last word of every session arrived
  }
}

TEST_F(HttpDoorTest, AServiceMayStandBelowAPath) {
  ScriptedServer server([](const std::string& request, int) -> ScriptedServer::Act {
    if (!request.starts_with("POST /botify/")) return {ScriptedServer::answer("", "404 Not Found")};
    return {next_of("POST " + request.substr(12))};
  });
  EXPECT_EQ(count(play(server.url() + "/botify", {.episodes = 5}), Loss::kNone), 5);
  EXPECT_EQ(count(play(server.url(), {.episodes = 5}), Loss::kStatus), 5);
}

TEST_F(HttpDoorTest, EveryWayToFailEndsASessionWithItsReason) {
  ScriptedServer server([](const std::string& request, int n) -> ScriptedServer::Act {
    if (n % 40 == 3) return {ScriptedServer::answer("oh", "500 Internal Server Error")};
    if (n % 40 == 9) return {ScriptedServer::answer("what?")};
    if (n % 40 == 15) return {"no HTTP at all\r\n\r\n"};
    if (n % 40 == 21) return {ScriptedServer::next(60)};
    if (n % 40 == 27) return {"HTTP/1.1 200 OK\r\nContent-Le", true};
    if (n % 40 == 33) return {next_of(request), false, 400};
    return {next_of(request)};
  });
  const DayResult day = play(server.url(), {.episodes = 60}, 150);
  for (const Loss loss :
       {Loss::kStatus, Loss::kGarbage, Loss::kUnknownTrack, Loss::kConnectionLost, Loss::kLate})
    EXPECT_GE(count(day, loss), 1) << name_of(loss);
  EXPECT_GE(count(day, Loss::kNone), 5);
  EXPECT_EQ(day.sessions, 60);
}

TEST_F(HttpDoorTest, AServerThatDiesLeavesWhatWasPlayed) {
  ScriptedServer server([](const std::string& request, int n) -> ScriptedServer::Act {
    return {next_of(request), false, 0, n == 200};
  });
  const DayResult day = play(server.url(), {.episodes = 1000, .listeners = 4});
  EXPECT_GE(count(day, Loss::kNone), 5);
  EXPECT_GE(count(day, Loss::kNoConnection), 20);
  EXPECT_LT(day.sessions, 200);  // the rest was given up
}

}  // namespace
}  // namespace crossfade
