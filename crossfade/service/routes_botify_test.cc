// Replays what Flask, Werkzeug and Flask-RESTful answered (tests/service), byte for byte, and holds
// what goes beyond them: what is recorded, and that a track always comes back.
#include "crossfade/service/routes_botify.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "crossfade/service/fake_backend.h"
#include "crossfade/service/router.h"

namespace crossfade {
namespace {

const std::string kData = CROSSFADE_TEST_DATA;

class RoutesBotify : public testing::Test {
 protected:
  HttpResponse ask(const std::string& method, const std::string& target, const std::string& body,
                   const std::string& content_type = "application/json") {
    HttpRequest request{method, target, {}, {}, content_type, body};
    std::string decoded;
    split_target(request, decoded);
    HttpResponse response;
    router_.handle(request, response);
    return response;
  }

  ManualClock clock_;
  FakeBackend backend_{kData + "/catalog.jsonl"};
  Router router_{backend_, clock_, "music"};
};

std::string trimmed(const std::string& text) {
  const std::size_t first = text.find_first_not_of(' ');
  return first == std::string::npos ? ""
                                    : text.substr(first, text.find_last_not_of(' ') - first + 1);
}

TEST_F(RoutesBotify, AnswersAsTheOriginalDoes) {
  int asked = 0;
  for (const std::string& line :
       split(read_file(kData + "/botify_expectations.jsonl").value(), '\n')) {
    if (line.empty()) continue;
    SCOPED_TRACE(line);
    const Json expected = parse_json(line).value();
    const auto text = [&](const char* name) {
      const auto* value = expected[name].as_string();
      return value ? *value : std::string();
    };
    const HttpResponse response =
        ask(text("method"), text("target"), text("body"), trimmed(text("content_type")));
    EXPECT_EQ(response.status, expected.int_at("status").value());
    EXPECT_EQ(response.content_type, text("answer_type"));
    EXPECT_EQ(static_cast<std::int64_t>(response.body.size()), expected.int_at("length").value());
    if (text("method") != "HEAD") {
      EXPECT_EQ(response.body, text("answer"));
    }
    std::vector<std::string> allow;
    for (std::string& method : split(response.allow, ','))
      if (!method.empty()) allow.push_back(trimmed(method));
    std::sort(allow.begin(), allow.end());
    std::vector<std::string> expected_allow;
    for (const Json& method : *expected["allow"].as_array())
      expected_allow.push_back(*method.as_string());
    EXPECT_EQ(allow, expected_allow);
    ++asked;
  }
  EXPECT_GT(asked, 300);
}

TEST_F(RoutesBotify, RecordsThePlayBeforeItAnswers) {
  clock_.time_ns = 12345;
  EXPECT_EQ(ask("POST", "/next/42", R"({"track": 3, "time": 0.25})").body,
            "{\"user\": 42, \"track\": 7}\n");
  EXPECT_EQ(ask("POST", "/last/42", R"({"track": "4", "time": 7})").body, "{\"user\": 42}\n");
  ask("POST", "/last/42", R"({"track": 5, "time": NaN})");
  ask("POST", "/last/42", R"({"track": 6, "time": -3})");
  ask("POST", "/last/42", R"({"track": 6})");  // refused, so not recorded
  ASSERT_EQ(backend_.observed.size(), 4u);
  EXPECT_EQ(backend_.observed[0].user, ExternalId(std::int64_t{42}));
  EXPECT_EQ(backend_.observed[0].item, ExternalId(std::int64_t{3}));
  EXPECT_EQ(backend_.observed[0].domain, "music");
  EXPECT_EQ(backend_.observed[0].time_ns, 12345);
  EXPECT_EQ(backend_.observed[0].weight, 0.25);
  EXPECT_EQ(backend_.observed[1].weight, 1.0);
  EXPECT_EQ(backend_.observed[2].weight, 0.0);
  EXPECT_EQ(backend_.observed[3].weight, 0.0);
}

TEST_F(RoutesBotify, TellsTheRecommenderWhatWasJustPlayed) {
  clock_.time_ns = 99;
  ask("POST", "/next/42", R"({"track": 3, "time": 1.5})");
  EXPECT_EQ(backend_.last_request.played->item, ExternalId(std::int64_t{3}));
  EXPECT_EQ(backend_.last_request.played->share, 1);
  EXPECT_EQ(backend_.last_request.time_ns, 99);
  EXPECT_EQ(backend_.observed[0].kind, kPlayed);
  ask("POST", "/last/42", R"({"track": 3, "time": 0.5})");
  EXPECT_EQ(backend_.observed[1].kind, kPlayedLast);
}

TEST_F(RoutesBotify, LogsTheLinesOfTheOriginal) {
  const std::string path = testing::TempDir() + "routes_botify_log/data.json";
  ASSERT_TRUE(remove_tree(path).ok());
  DataLog log = *DataLog::open(path);
  const BotifyRoutes routes(backend_, clock_, "music", &log);
  clock_.time_ns = 1772867968488'123'456;
  const auto post = [&](const char* target, const char* body) {
    HttpResponse response;
    routes.handle({"POST", target, target, {}, "application/json", body}, response);
  };
  post("/next/1981", R"({"track": "525", "time": 1})");
  post("/last/1981", R"({"track": 7, "time": 0.25})");
  post("/next/1981", R"({"time": 0.25})");  // refused: no line
  post("/next/x", R"({"track": 7, "time": 0.25})");
  ASSERT_TRUE(log.close().ok());
  EXPECT_EQ(*read_file(path),
            R"({"message": "next", "timestamp": 1772867968488, "user": 1981, "track": 525, )"
            R"("time": 1.0, "latency": 0.0, "recommendation": 7, "experiments": {"AA": "T1"}})"
            "\n"
            R"({"message": "last", "timestamp": 1772867968488, "user": 1981, "track": 7, )"
            R"("time": 0.25, "latency": 0.0, "recommendation": null, )"
            R"("experiments": {"AA": "T1"}})"
            "\n");
}

TEST_F(RoutesBotify, AnswersATrackWhenTheRecommenderHasNone) {
  const auto next = [&](const std::string& track) {
    return ask("POST", "/next/1", "{\"track\": " + track + ", \"time\": 1}").body;
  };
  for (const auto& item : std::vector<std::optional<ExternalId>>{std::nullopt, ExternalId("a text"),
                                                                 ExternalId(std::int64_t{-1})}) {
    backend_.next_item = item;
    EXPECT_EQ(next("3"), "{\"user\": 1, \"track\": 4}\n");
    EXPECT_EQ(next("11"), "{\"user\": 1, \"track\": 0}\n");  // the last of the catalogue
    EXPECT_EQ(next("-5"), "{\"user\": 1, \"track\": 0}\n");
    EXPECT_EQ(next("9223372036854775807"), "{\"user\": 1, \"track\": 0}\n");
    EXPECT_EQ(next("1e300"), "{\"user\": 1, \"track\": 0}\n");
  }
}

TEST_F(RoutesBotify, AnswersWhenAPlayIsRefusedButNotWhenTheLogFails) {
  backend_.observe_status = usage_error("the id is too long");
  EXPECT_EQ(ask("POST", "/next/1", R"({"track": 3, "time": 1})").status, 200);
  backend_.observe_status = exhausted("cannot write events.log: no space left");
  const HttpResponse full = ask("POST", "/next/1", R"({"track": 3, "time": 1})");
  EXPECT_EQ(full.status, 503);
  EXPECT_NE(full.body.find("no space left"), std::string::npos);
}

TEST_F(RoutesBotify, ShowsTextIdsOfACatalogueAsJson) {
  EXPECT_EQ(ask("GET", "/track/3", "").body,
            "{\"track\": 3, \"artist\": \"AC/DC\", \"title\": \"Say \\\"hello\\\"\\\\ back\", "
            "\"recommendations\": [4]}\n");
}

}  // namespace
}  // namespace crossfade
