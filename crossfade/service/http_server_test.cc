// A real server on a free port of this machine and plain sockets that misbehave in every way that
// we could think of. Deadlines are shortened; the clock is the system's.
#include "crossfade/service/http_server.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

#include "crossfade/base/rng.h"

namespace crossfade {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

// Answers what it was asked: "POST /path?query [type] body".
class Echo final : public HttpHandler {
 public:
  void handle(const HttpRequest& request, HttpResponse& response) override {
    if (request.path == "/slow") std::this_thread::sleep_for(std::chrono::milliseconds(300));
    if (request.path == "/throw") throw std::bad_alloc();
    if (request.path == "/large") response.body.assign(8 << 20, 'x');
    response.body.append(request.method).append(" ").append(request.path);
    if (!request.query.empty()) response.body.append("?").append(request.query);
    if (!request.content_type.empty())
      response.body.append(" [").append(request.content_type).append("]");
    if (!request.body.empty()) response.body.append(" ").append(request.body);
    response.body += "\n";
    ++answered;
  }
  std::atomic<int> answered{0};
};

class Client {
 public:
  explicit Client(int port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
    EXPECT_EQ(connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  }
  ~Client() { close(socket_); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  void send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
  }
  void close_sending() { shutdown(socket_, SHUT_WR); }
  // Until `end` has come (or, with "", the server closes), at most 5 s.
  std::string receive(const std::string& end = "") {
    std::string text;
    char buffer[65536];
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(5);
    while (std::chrono::steady_clock::now() < limit) {
      if (!end.empty() && text.ends_with(end)) return text;
      pollfd ready{socket_, POLLIN, 0};
      if (poll(&ready, 1, 100) <= 0) continue;
      const ssize_t count = recv(socket_, buffer, sizeof buffer, 0);
      if (count <= 0) return text;
      text.append(buffer, static_cast<std::size_t>(count));
    }
    ADD_FAILURE() << "nothing more after: " << text.substr(0, 500);
    return text;
  }

 private:
  int socket_;
};

class HttpServerTest : public testing::Test {
 protected:
  void start(const HttpLimits& limits, int threads = 2) {
    auto server = HttpServer::listen({"127.0.0.1", 0}, limits, echo_, clock_);
    ASSERT_TRUE(server.ok()) << server.status().message();
    server_.emplace(std::move(*server));
    thread_ = std::thread([this, threads] { server_->run(threads); });
  }
  void SetUp() override { start(limits_); }
  void TearDown() override {
    server_->stop();
    thread_.join();
  }
  void restart(const HttpLimits& limits) {
    TearDown();
    start(limits);
  }
  // Sends bytes on a new connection, closes the sending half, returns all that comes back.
  std::string ask(std::string_view bytes) {
    Client client(server_->port());
    client.send(bytes);
    client.close_sending();
    return client.receive();
  }

  static HttpLimits short_limits() {
    HttpLimits limits;
    limits.header_bytes = 2048;
    limits.target_bytes = 1024;
    limits.body_bytes = 10000;
    limits.drain_ms = 200;
    return limits;
  }

  SystemClock clock_;
  Echo echo_;
  HttpLimits limits_ = short_limits();
  std::optional<HttpServer> server_;
  std::thread thread_;
};

const std::string kHost = "Host: x\r\n";

TEST_F(HttpServerTest, AnswersAndKeepsTheConnection) {
  Client client(server_->port());
  for (int i = 0; i < 3; ++i) {
    client.send("GET /a%20b?c=d HTTP/1.1\r\n" + kHost + "\r\n");
    const std::string answer = client.receive("GET /a b?c=d\n");
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\nServer: crossfade\r\nDate: "));
    EXPECT_THAT(answer, HasSubstr("\r\nContent-Length: 13\r\n"));
    EXPECT_THAT(answer, testing::Not(HasSubstr("Connection:")));
  }
}

TEST_F(HttpServerTest, ReadsABodyThatComesByteByByte) {
  Client client(server_->port());
  const std::string request =
      "\r\nPOST /p HTTP/1.1\r\n" + kHost + "Content-Type: a/b\r\nContent-Length: 3\r\n\r\nabc";
  for (const char byte : request) {
    client.send(std::string_view(&byte, 1));
    std::this_thread::sleep_for(std::chrono::microseconds(200));
  }
  EXPECT_THAT(client.receive("\n"), EndsWith("\r\n\r\nPOST /p [a/b] abc\n"));
}

TEST_F(HttpServerTest, JoinsChunks) {
  EXPECT_THAT(ask("POST / HTTP/1.1\r\n" + kHost +
                  "Transfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\nA\r\n0123456789\r\n0\r\n"
                  "Content-Type: late\r\n\r\n"),
              EndsWith("\r\n\r\nPOST / abc0123456789\n"));
}

TEST_F(HttpServerTest, AnswersPipelinedRequestsInOrder) {
  std::string requests, expected;
  for (int i = 0; i < 3000; ++i) {
    requests +=
        "POST /" + std::to_string(i) + " HTTP/1.1\r\n" + kHost + "Content-Length: 2\r\n\r\nhi";
    expected += "POST /" + std::to_string(i) + " hi\n";
  }
  const std::string answer = ask(requests);
  std::string bodies;
  for (std::size_t at = 0; (at = answer.find("\r\n\r\n", at)) != std::string::npos;) {
    at += 4;
    bodies += answer.substr(at, answer.find('\n', at) + 1 - at);
  }
  EXPECT_EQ(bodies, expected);
}

TEST_F(HttpServerTest, SendsLargeAnswersToSlowReaders) {
  Client client(server_->port());
  client.send("GET /large HTTP/1.1\r\n" + kHost + "\r\nGET /b HTTP/1.1\r\n" + kHost + "\r\n");
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  const std::string answer = client.receive("GET /b\n");
  EXPECT_GT(answer.size(), std::size_t{8} << 20);
}

TEST_F(HttpServerTest, KeepsTheBodyBackFromHead) {
  const std::string answer = ask("HEAD /a HTTP/1.1\r\n" + kHost + "\r\n");
  EXPECT_THAT(answer, HasSubstr("Content-Length: 8\r\n"));
  EXPECT_THAT(answer, EndsWith("\r\n\r\n"));
}

TEST_F(HttpServerTest, ClosesWhereTheClientWantsIt) {
  Client close(server_->port());
  close.send("GET / HTTP/1.1\r\nConnection: close\r\n" + kHost + "\r\n");
  EXPECT_THAT(close.receive(), HasSubstr("\r\nConnection: close\r\n"));
  Client old(server_->port());
  old.send("GET / HTTP/1.0\r\n\r\n");
  EXPECT_THAT(old.receive(), HasSubstr("\r\nConnection: close\r\n"));
  Client kept(server_->port());
  kept.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_THAT(kept.receive("GET /\n"), HasSubstr("\r\nConnection: keep-alive\r\n"));
}

TEST_F(HttpServerTest, SaysContinueToWhoWaitsForIt) {
  Client client(server_->port());
  client.send("POST / HTTP/1.1\r\n" + kHost + "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  EXPECT_EQ(client.receive("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  client.send("hi");
  EXPECT_THAT(client.receive("\n"), EndsWith("POST / hi\n"));
}

TEST_F(HttpServerTest, RefusesMalformedRequests) {
  for (const std::string& request : std::vector<std::string>{
           "x",
           "GET\r\n\r\n",
           "GET /\r\n\r\n",
           "GET / HTTP/2.0\r\n" + kHost + "\r\n",
           "GET  / HTTP/1.1\r\n" + kHost + "\r\n",
           "G@T / HTTP/1.1\r\n" + kHost + "\r\n",
           "GET / HTTP/1.1\n" + kHost + "\n",
           "GET / HTTP/1.1\r\nHost : x\r\n\r\n",
           "GET / HTTP/1.1\r\nno colon\r\n\r\n",
           "GET / HTTP/1.1\r\n\r\n",
           "GET / HTTP/1.1\r\n" + kHost + kHost + "\r\n",
           "GET / HTTP/1.1\r\n" + kHost + "Content-Length: x\r\n\r\n",
           "GET / HTTP/1.1\r\n" + kHost + "Content-Length: -1\r\n\r\n",
           "POST / HTTP/1.1\r\n" + kHost + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab",
           "POST / HTTP/1.1\r\n" + kHost +
               "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
           "POST / HTTP/1.1\r\n" + kHost + "Transfer-Encoding: chunked\r\n\r\nzz\r\n",
           "POST / HTTP/1.1\r\n" + kHost + "Content-Length: 5\r\n\r\nab",  // cut short
           "GET / HTTP/1.1\r\nHos",
           std::string("GET /\0 HTTP/1.1\r\n\r\n", 19),
           "\x16\x03\x01\x02"}) {
    const std::string answer = ask(request);
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 400 Bad Request\r\n")) << request;
    EXPECT_THAT(answer, HasSubstr("\r\nConnection: close\r\n")) << request;
    EXPECT_THAT(answer, HasSubstr("{\"error\": {\"message\": \"")) << request;
  }
  EXPECT_EQ(echo_.answered, 0);
  EXPECT_EQ(ask(""), "");  // a client that says nothing is told nothing
}

TEST_F(HttpServerTest, HoldsItsLimits) {
  const std::string many(3000, 'a');
  EXPECT_THAT(ask("GET /" + std::string(1100, 'a') + " HTTP/1.1\r\n" + kHost + "\r\n"),
              StartsWith("HTTP/1.1 414 URI Too Long\r\n"));
  EXPECT_THAT(ask("GET /" + many), StartsWith("HTTP/1.1 414 "));
  EXPECT_THAT(ask("GET / HTTP/1.1\r\n" + kHost + "X: " + many + "\r\n\r\n"),
              StartsWith("HTTP/1.1 431 Request Header Fields Too Large\r\n"));
  EXPECT_THAT(ask("GET / HTTP/1.1\r\n" + kHost + "X: " + many), StartsWith("HTTP/1.1 431 "));
  EXPECT_THAT(ask("POST / HTTP/1.1\r\n" + kHost + "Content-Length: 10001\r\n\r\n"),
              StartsWith("HTTP/1.1 413 Content Too Large\r\n"));
  EXPECT_THAT(ask("POST / HTTP/1.1\r\n" + kHost + "Content-Length: 99999999999999999999\r\n\r\n"),
              StartsWith("HTTP/1.1 4"));
  EXPECT_THAT(ask("POST / HTTP/1.1\r\n" + kHost + "Transfer-Encoding: chunked\r\n\r\n1000\r\n" +
                  std::string(4096, 'a') + "\r\n2000\r\n"),
              StartsWith("HTTP/1.1 413 "));
  EXPECT_THAT(ask("POST / HTTP/1.1\r\n" + kHost + "Transfer-Encoding: chunked\r\n\r\n1;" +
                  std::string(9000, 'a')),
              StartsWith("HTTP/1.1 400 "));
  EXPECT_EQ(echo_.answered, 0);
  EXPECT_THAT(ask("POST / HTTP/1.1\r\n" + kHost + "Content-Length: 10000\r\n\r\n" +
                  std::string(10000, 'b')),
              EndsWith("b\n"));
}

TEST_F(HttpServerTest, LosesNoRefusalToBytesThatAreStillComing) {
  // 413 is sent while the client still sends: closing at once would reset the connection.
  Client client(server_->port());
  client.send("POST / HTTP/1.1\r\n" + kHost + "Content-Length: 5000000\r\n\r\n");
  for (int i = 0; i < 20; ++i) client.send(std::string(50000, 'x'));
  client.close_sending();
  EXPECT_THAT(client.receive(), StartsWith("HTTP/1.1 413 "));
}

TEST_F(HttpServerTest, TurnsAHandlersExceptionInto500) {
  EXPECT_THAT(ask("GET /throw HTTP/1.1\r\n" + kHost + "\r\n"),
              StartsWith("HTTP/1.1 500 Internal Server Error\r\n"));
}

TEST_F(HttpServerTest, CutsOffSlowAndIdleClients) {
  HttpLimits limits = short_limits();
  limits.read_timeout_ms = 300;
  limits.idle_timeout_ms = 300;
  limits.write_timeout_ms = 300;
  restart(limits);
  Client slow(server_->port());
  slow.send("GET / HT");
  const std::string answer = slow.receive();
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 408 Request Timeout\r\n"));
  Client silent(server_->port());
  EXPECT_EQ(silent.receive(), "");
  Client deaf(server_->port());  // takes nothing of its answers; the server must not wait
  for (int i = 0; i < 4; ++i) deaf.send("GET /large HTTP/1.1\r\n" + kHost + "\r\n");
  std::this_thread::sleep_for(std::chrono::milliseconds(1000));
  EXPECT_LT(deaf.receive().size(), std::size_t{32} << 20);
  // A trickle does not move the deadline.
  Client trickle(server_->port());
  const auto start = std::chrono::steady_clock::now();
  std::string head = "GET / HTTP/1.1\r\nX: ";
  std::thread feeder([&] {
    trickle.send(head);
    for (int i = 0; i < 20; ++i) {
      trickle.send("a");
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
  });
  EXPECT_THAT(trickle.receive(), StartsWith("HTTP/1.1 408 "));
  feeder.join();
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(4));
}

TEST_F(HttpServerTest, RefusesConnectionsBeyondTheLimit) {
  HttpLimits limits = short_limits();
  limits.connections = 2;
  restart(limits);
  Client one(server_->port()), two(server_->port());
  for (Client* client : {&one, &two}) {
    client->send("GET / HTTP/1.1\r\n" + kHost + "\r\n");
    client->receive("GET /\n");
  }
  EXPECT_THAT(ask("GET / HTTP/1.1\r\n" + kHost + "\r\n"),
              StartsWith("HTTP/1.1 503 Service Unavailable\r\n"));
  one.close_sending();
  EXPECT_EQ(one.receive(), "");
  std::string answer;
  for (int i = 0; i < 50 && !answer.starts_with("HTTP/1.1 200"); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    answer = ask("GET / HTTP/1.1\r\n" + kHost + "\r\n");
  }
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\n"));
}

TEST_F(HttpServerTest, FinishesRequestsInFlightWhenStopped) {
  // Connections are dealt out in turn: the slow one keeps the second thread busy.
  Client idle(server_->port()), slow(server_->port()), next(server_->port());
  for (Client* client : {&idle, &next}) {
    client->send("GET / HTTP/1.1\r\n" + kHost + "\r\n");
    client->receive("GET /\n");
  }
  slow.send("GET /slow HTTP/1.1\r\n" + kHost + "\r\n");
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  server_->stop();
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  next.send("GET /b HTTP/1.1\r\n" + kHost + "\r\n");
  EXPECT_THAT(slow.receive(), EndsWith("GET /slow\n"));
  const std::string answer = next.receive();
  EXPECT_THAT(answer, HasSubstr("Connection: close"));
  EXPECT_THAT(answer, EndsWith("GET /b\n"));
  EXPECT_EQ(idle.receive(), "");
  thread_.join();
  thread_ = std::thread([] {});
}

TEST_F(HttpServerTest, SurvivesRandomBytes) {
  Rng rng(3);
  const std::string request =
      "POST /a HTTP/1.1\r\n" + kHost +
      "Content-Length: 10\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n"
      "0\r\n\r\n";
  for (int i = 0; i < 300; ++i) {
    std::string bytes = request.substr(0, rng.below(request.size()) + 1);
    for (std::uint64_t change = rng.below(4); change > 0; --change)
      bytes[rng.below(bytes.size())] = static_cast<char>(rng.below(256));
    ask(bytes);
  }
  EXPECT_THAT(ask("GET / HTTP/1.1\r\n" + kHost + "\r\n"), EndsWith("GET /\n"));
}

TEST(HttpServerListen, SaysWhyItCannot) {
  SystemClock clock;
  Echo echo;
  const auto first = HttpServer::listen({"127.0.0.1", 0}, {}, echo, clock);
  ASSERT_TRUE(first.ok());
  const auto second = HttpServer::listen({"127.0.0.1", first->port()}, {}, echo, clock);
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.status().exit_code(), 1);
  EXPECT_THAT(second.status().message(), HasSubstr("another program uses it"));
  const auto name = HttpServer::listen({"nowhere.example", 0}, {}, echo, clock);
  ASSERT_FALSE(name.ok());
  EXPECT_EQ(name.status().exit_code(), 2);
  EXPECT_THAT(name.status().message(), HasSubstr("127.0.0.1"));
  const auto far = HttpServer::listen({"203.0.113.1", 0}, {}, echo, clock);
  ASSERT_FALSE(far.ok());
  EXPECT_EQ(far.status().exit_code(), 1);
}

}  // namespace
}  // namespace crossfade
