// The client against servers that answer in pieces, close, stay silent or talk nonsense.
#include "crossfade/simulation/http_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "crossfade/simulation/scripted_server.h"

namespace crossfade {
namespace {

using testing::HasSubstr;

const char kRequest[] = "POST /next/1 HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}";

struct Got {
  Loss loss = Loss::kNone;
  int status = 0;
  std::string body;
};

// A client of one server; ask() sends one request and waits for what becomes of it.
class Asker {
 public:
  Asker(const std::string& url, std::int64_t connections = 1, HttpClientLimits limits = {})
      : client_(HttpClient::create(
            *parse_url(url), connections, limits, clock_, [this](const HttpReply& reply) {
              got_[reply.connection] = {reply.loss, reply.status, std::string(reply.body)};
              ++count_;
            })) {}
  Got ask(std::int32_t connection = 0) {
    client_->send(connection, kRequest);
    for (const std::int64_t before = count_; count_ == before;) client_->wait();
    return got_[connection];
  }
  HttpClient& client() { return *client_; }
  std::int64_t count() const { return count_; }

 private:
  SystemClock clock_;
  std::map<std::int32_t, Got> got_;
  std::int64_t count_ = 0;
  Result<HttpClient> client_;
};

TEST(ParseUrl, ReadsHostPortAndPath) {
  const auto url = parse_url("http://localhost:5001/botify/");
  ASSERT_TRUE(url.ok());
  EXPECT_EQ(url->host, "localhost");
  EXPECT_EQ(url->port, "5001");
  EXPECT_EQ(url->path, "/botify");
  EXPECT_EQ(parse_url("127.0.0.1:80")->host, "127.0.0.1");
  EXPECT_EQ(parse_url("http://example.org")->port, "80");
  EXPECT_EQ(parse_url("http://[::1]:5001")->host, "::1");
  EXPECT_THAT(parse_url("https://example.org").status().message(), HasSubstr("no TLS"));
  for (const char* wrong : {"", "http://", "http://x:", "http://x:0", "http://x:99999", "x:y"})
    EXPECT_EQ(parse_url(wrong).status().kind(), StatusKind::kUsage) << wrong;
}

TEST(HttpClient, KeepsItsConnection) {
  ScriptedServer server([](const std::string&, int n) {
    return ScriptedServer::Act{ScriptedServer::answer(std::to_string(n))};
  });
  Asker asker(server.url());
  for (int n = 0; n < 5; ++n) EXPECT_EQ(asker.ask().body, std::to_string(n));
  EXPECT_EQ(asker.client().connections_made(), 1);
}

TEST(HttpClient, ReadsChunksContinuesAndBodiesThatEndWithTheConnection) {
  ScriptedServer server([](const std::string&, int n) -> ScriptedServer::Act {
    if (n == 0)
      return {
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n"};
    if (n == 1) return {"HTTP/1.1 100 Continue\r\n\r\n" + ScriptedServer::answer("d")};
    if (n == 2) return {"HTTP/1.0 200 OK\r\n\r\nto the end", true};
    return {ScriptedServer::answer("large" + std::string(100000, 'x'))};
  });
  Asker asker(server.url());
  EXPECT_EQ(asker.ask().body, "abc");
  EXPECT_EQ(asker.ask().body, "d");
  EXPECT_EQ(asker.ask().body, "to the end");
  EXPECT_EQ(asker.ask().body.size(), 100005u);
}

TEST(HttpClient, AsksAgainWhereAnIdleConnectionWasClosed) {
  ScriptedServer server([](const std::string&, int n) -> ScriptedServer::Act {
    if (n == 1) return {"", true};  // as if it had closed just before the request came
    return {ScriptedServer::answer(std::to_string(n)), n == 2};
  });
  Asker asker(server.url());
  EXPECT_EQ(asker.ask().body, "0");
  EXPECT_EQ(asker.ask().body, "2");
  EXPECT_EQ(asker.ask().body, "3");  // closed after a whole answer: nothing is lost
  EXPECT_EQ(asker.client().connections_made(), 3);
}

TEST(HttpClient, AFreshConnectionThatIsClosedIsALoss) {
  ScriptedServer server([](const std::string&, int n) -> ScriptedServer::Act {
    if (n == 1) return {"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhalf of", true};
    return {n == 0 ? "" : ScriptedServer::answer("well"), n == 0};
  });
  Asker asker(server.url());
  EXPECT_EQ(asker.ask().loss, Loss::kConnectionLost);
  EXPECT_EQ(asker.ask().loss, Loss::kConnectionLost);
  EXPECT_EQ(asker.ask().body, "well");
}

TEST(HttpClient, SaysWhatStatusCame) {
  ScriptedServer server([](const std::string&, int) {
    return ScriptedServer::Act{ScriptedServer::answer("oh", "500 Internal Server Error")};
  });
  Asker asker(server.url());
  EXPECT_EQ(asker.ask().status, 500);
}

TEST(HttpClient, GarbageAndAnswersBeyondTheLimitsAreLosses) {
  const std::vector<std::string> wrong = {
      "hello\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: 9999999999\r\n\r\n",
      "HTTP/1.1 200 OK\r\nX: " + std::string(40000, 'x') + "\r\n\r\n", std::string(40000, 'y')};
  ScriptedServer server([&](const std::string&, int n) {
    return ScriptedServer::Act{n < 5 ? wrong[static_cast<std::size_t>(n)]
                                     : ScriptedServer::answer("well")};
  });
  Asker asker(server.url());
  for (std::size_t n = 0; n < wrong.size(); ++n)
    EXPECT_EQ(asker.ask().loss, Loss::kGarbage) << wrong[n].substr(0, 60);
  EXPECT_EQ(asker.ask().body, "well");
}

TEST(HttpClient, LateAnswersAreLossesAndDisturbNothingLater) {
  ScriptedServer server([](const std::string&, int n) {
    return ScriptedServer::Act{ScriptedServer::answer(std::to_string(n)), false, n == 0 ? 300 : 0};
  });
  Asker asker(server.url(), 1, {.deadline_ms = 100});
  EXPECT_EQ(asker.ask().loss, Loss::kLate);
  EXPECT_EQ(asker.ask().body, "1");
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  EXPECT_EQ(asker.ask().body, "2");
}

TEST(HttpClient, NobodyThere) {
  std::string url;
  {
    ScriptedServer server([](const std::string&, int) { return ScriptedServer::Act{}; });
    url = server.url();
  }
  Asker asker(url);
  EXPECT_EQ(asker.ask().loss, Loss::kNoConnection);
  EXPECT_EQ(asker.ask().loss, Loss::kNoConnection);
  SystemClock clock;
  const auto client = HttpClient::create({"no.such.host.invalid", "80", ""}, 1, {}, clock, nullptr);
  EXPECT_THAT(client.status().message(), HasSubstr("no.such.host.invalid"));
}

TEST(HttpClient, ManyConnectionsAtOnce) {
  ScriptedServer server([](const std::string& request, int) {
    return ScriptedServer::Act{ScriptedServer::answer(request.substr(0, 12)), false, 30};
  });
  Asker asker(server.url(), 20);
  const auto start = std::chrono::steady_clock::now();
  for (std::int32_t c = 0; c < 20; ++c) asker.client().send(c, kRequest);
  while (asker.count() < 20) asker.client().wait();
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::milliseconds(20 * 30));
  EXPECT_EQ(asker.client().connections_made(), 20);
}

}  // namespace
}  // namespace crossfade
