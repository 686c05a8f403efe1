// Every route's answer, and every sentence with which it refuses.
#include "crossfade/service/routes_v1.h"

#include <gtest/gtest.h>

#include "crossfade/service/fake_backend.h"
#include "crossfade/service/router.h"

namespace crossfade {
namespace {

class RoutesV1 : public testing::Test {
 protected:
  HttpResponse ask(const std::string& method, const std::string& target,
                   const std::string& body = "", const std::string& type = "application/json") {
    HttpRequest request{method, target, {}, {}, type, body};
    std::string decoded;
    split_target(request, decoded);
    HttpResponse response;
    router_.handle(request, response);
    return response;
  }
  // The status and the sentence of a refusal.
  void expect_refusal(const HttpResponse& response, int status, const std::string& part) {
    EXPECT_EQ(response.status, status) << response.body;
    const auto answer = parse_json(response.body);
    ASSERT_TRUE(answer.ok()) << response.body;
    const auto message = (*answer)["error"].string_at("message");
    ASSERT_TRUE(message.ok()) << response.body;
    EXPECT_NE(message->find(part), std::string::npos) << *message;
  }

  ManualClock clock_;
  FakeBackend backend_;
  Router router_{backend_, clock_};
};

TEST_F(RoutesV1, RecommendsWithDefaults) {
  const HttpResponse response = ask("POST", "/v1/recommend", R"({"user": 5})");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.content_type, "application/json");
  EXPECT_EQ(response.body.substr(0, 74),
            "{\"user\": 5, \"items\": [{\"item\": 1, \"score\": 1.0, \"source\": \"popular\"}, "
            "{\"it");
  EXPECT_EQ(backend_.last_request.k, 10);
  EXPECT_FALSE(backend_.last_request.keep_seen);
}

TEST_F(RoutesV1, PassesEveryMemberOn) {
  const HttpResponse response = ask(
      "POST", "/v1/recommend",
      R"({"user": "u\u00e9", "k": 1, "domain": "zvuk", "keep_seen": true, "exclude": [3, "x"]})",
      "Application/JSON; charset=utf-8");
  EXPECT_EQ(response.body,
            "{\"user\": \"u\u00e9\", \"items\": [{\"item\": 1, \"score\": 1.0, \"source\": "
            "\"popular\"}]}\n");
  EXPECT_EQ(backend_.last_request.user, ExternalId("u\u00e9"));
  EXPECT_EQ(backend_.last_request.domain, "zvuk");
  EXPECT_TRUE(backend_.last_request.keep_seen);
  EXPECT_EQ(backend_.last_request.exclude,
            (std::vector<ExternalId>{ExternalId(std::int64_t{3}), ExternalId("x")}));
}

TEST_F(RoutesV1, RefusesWrongRecommendBodies) {
  const std::string long_id(513, 'x');
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"", "not valid JSON"},
      {"[]", "the request must be a JSON object"},
      {"{}", "'user' is missing"},
      {R"({"user": null})", "'user' must be a whole number"},
      {R"({"user": 1.5})", "'user' must be"},
      {R"({"user": 18446744073709551616})", "64 bits"},
      {R"({"user": ""})", "not empty"},
      {R"({"user": ")" + long_id + "\"}", "at most 512 bytes"},
      {R"({"user": 1, "k": 0})", "'k' must be a whole number from 1 to 1000"},
      {R"({"user": 1, "k": 1001})", "1 to 1000"},
      {R"({"user": 1, "k": "5"})", "1 to 1000"},
      {R"({"user": 1, "domain": 5})", "'domain' must be a text"},
      {R"({"user": 1, "domain": "zvuq"})", "zvuk"},
      {R"({"user": 1, "keep_seen": 1})", "true or false"},
      {R"({"user": 1, "exclude": 1})", "a list of at most 10000"},
      {R"({"user": 1, "exclude": [null]})", "'exclude' must be"},
      {R"({"user": 1, "keep_sen": true})", "keep_seen"},
      {std::string(100, '[') + std::string(100, ']'), "64 levels"},
  };
  for (const auto& [body, part] : cases)
    expect_refusal(ask("POST", "/v1/recommend", body), 400, part);
  expect_refusal(ask("POST", "/v1/recommend", R"({"user": 1})", "text/plain"), 415,
                 "Content-Type: application/json");
}

TEST_F(RoutesV1, TakesOneEventOrMany) {
  clock_.time_ns = 99;
  EXPECT_EQ(ask("POST", "/v1/events", R"({"user": 1, "item": "a"})").body, "{\"accepted\": 1}\n");
  EXPECT_EQ(ask("POST", "/v1/events",
                R"({"events": [{"user": 1, "item": 2, "time_ns": 7, "weight": 0.5, "kind": 3},
                               {"user": "b", "item": 3, "domain": "zvuk"}]})")
                .body,
            "{\"accepted\": 2}\n");
  ASSERT_EQ(backend_.observed.size(), 3u);
  EXPECT_EQ(backend_.observed[0].time_ns, 99);
  EXPECT_EQ(backend_.observed[0].item, ExternalId("a"));
  EXPECT_EQ(backend_.observed[0].weight, 1.0);
  EXPECT_EQ(backend_.observed[1].time_ns, 7);
  EXPECT_EQ(backend_.observed[1].weight, 0.5);
  EXPECT_EQ(backend_.observed[1].kind, 3);
  EXPECT_EQ(backend_.observed[2].domain, "zvuk");
}

TEST_F(RoutesV1, TakesAllEventsOrNone) {
  std::string many = R"({"events": [)";
  for (int i = 0; i < 1001; ++i) many += std::string(i ? ", " : "") + R"({"user": 1, "item": 2})";
  many += "]}";
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"[]", "an event must be a JSON object"},
      {"{}", "'user' is missing"},
      {R"({"user": 1})", "'item' is missing"},
      {R"({"user": 1, "item": 2, "weight": -1})", "'weight' must be a number of at least 0"},
      {R"({"user": 1, "item": 2, "weight": "1"})", "'weight' must be"},
      {R"({"user": 1, "item": 2, "time_ns": -1})", "'time_ns' must be"},
      {R"({"user": 1, "item": 2, "time_ns": 86400000000001})", "at most a day from now"},
      {R"({"user": 1, "item": 2, "time_ns": 9223372036854775807})", "at most a day from now"},
      {R"({"user": 1, "item": 2, "time_ns": 1.5})", "'time_ns' must be"},
      {R"({"user": 1, "item": 2, "weight": 1e39})", "at most 3e38"},
      {R"({"user": 1, "item": 2, "kind": 256})", "0 to 255"},
      {R"({"user": 1, "item": 2, "wieght": 1})", "weight"},
      {R"({"events": []})", "a list of 1 to 1000 events"},
      {R"({"events": [{"user": 1, "item": 2}], "user": 1})", "events"},
      {R"({"events": [{"user": 1, "item": 2}, {"user": 1}]})", "events[1]: 'item' is missing"},
      {many, "1 to 1000 events"},
  };
  for (const auto& [body, part] : cases) expect_refusal(ask("POST", "/v1/events", body), 400, part);
  EXPECT_TRUE(backend_.observed.empty());
  backend_.observe_status = failed("cannot write events.log");
  expect_refusal(ask("POST", "/v1/events", R"({"user": 1, "item": 2})"), 503, "events.log");
}

TEST_F(RoutesV1, FindsSimilarItems) {
  EXPECT_EQ(ask("GET", "/v1/similar?item=42").body,
            "{\"item\": 42, \"items\": [{\"item\": 42, \"score\": 0.5, \"source\": \"als\"}]}\n");
  EXPECT_EQ(ask("GET", "/v1/similar?k=3&&item=a%20b%2Bc+d&domain=zvuk").body.substr(0, 20),
            "{\"item\": \"a b+c d\", ");
  expect_refusal(ask("GET", "/v1/similar"), 400, "'item' is missing");
  expect_refusal(ask("GET", "/v1/similar?item="), 400, "'item' must be");
  expect_refusal(ask("GET", "/v1/similar?item=1&k=0"), 400, "from 1 to 1000");
  expect_refusal(ask("GET", "/v1/similar?item=1&k=x"), 400, "from 1 to 1000");
  expect_refusal(ask("GET", "/v1/similar?itme=1"), 400, "item");
  expect_refusal(ask("GET", "/v1/similar?item=" + std::string(600, 'x')), 400, "512");
  expect_refusal(ask("GET", "/v1/similar?item=1&domain=" + std::string(600, 'x')), 400, "512");
}

TEST_F(RoutesV1, RefusesAQueryThatIsNotUtf8) {
  for (const char* query :
       {"item=%ff", "%ff=1", "item=1&domain=%ff%fe", "item=%ed%a0%80", "item=%d1"}) {
    const HttpResponse response = ask("GET", "/v1/similar?" + std::string(query));
    expect_refusal(response, 400, "is not UTF-8");
    EXPECT_TRUE(parse_json(response.body).ok()) << response.body;
  }
  EXPECT_EQ(ask("GET", "/v1/similar?item=%d1%8f").status, 200);
  EXPECT_TRUE(parse_json(ask("GET", "/v1/%ff%fe").body).ok());
}

TEST_F(RoutesV1, TellsItsHealth) {
  EXPECT_EQ(ask("GET", "/health/live").body, "{\"status\": \"alive\"}\n");
  EXPECT_EQ(ask("HEAD", "/health/ready").body, "{\"status\": \"ready\"}\n");
  clock_.time_ns = 2500000000;
  EXPECT_EQ(ask("GET", "/health/info").body,
            "{\"version\": \"" CROSSFADE_VERSION
            "\", \"uptime_s\": 2.5, \"serving\": {\"users\": 3}}\n");
}

TEST_F(RoutesV1, NamesMethodsAndRoutes) {
  for (const char* path : {"/v1/recommend", "/v1/events"}) {
    const HttpResponse response = ask("GET", path);
    expect_refusal(response, 405, "takes POST");
    EXPECT_EQ(response.allow, "POST, OPTIONS");
  }
  for (const char* path : {"/v1/similar", "/health/live", "/health/info"}) {
    const HttpResponse response = ask("DELETE", path);
    expect_refusal(response, 405, "takes GET");
    EXPECT_EQ(response.allow, "GET, HEAD, OPTIONS");
  }
  const HttpResponse options = ask("OPTIONS", "/v1/recommend");
  EXPECT_EQ(options.status, 200);
  EXPECT_EQ(options.allow, "POST, OPTIONS");
  EXPECT_EQ(options.body, "");
  expect_refusal(ask("GET", "/v1/nothing"), 404, "/v1/recommend");
  expect_refusal(ask("GET", "/health/"), 404, "/health/live");
}

}  // namespace
}  // namespace crossfade
