// HttpServer: sockets, HTTP/1.1, limits and deadlines, and nothing else.
//
// Each I/O thread runs its own event loop and owns its connections, so no lock is taken between
// reading a request and writing its answer. The first thread accepts and deals connections out in
// turn. (One listening socket per thread with SO_REUSEPORT would let a second server bind the port
// in use without an error, and deals by hash: a handful of keep-alive clients may all meet one
// thread.) Requests on one connection are answered in order; those that arrived together
// (pipelining) leave in one write.
//
// Parsing is Boost.Beast's strict parser. What is malformed is answered 400 and the connection
// closed; so is a request of HTTP/1.1 without Host (RFC 9112, 3.2). Deadlines are checked by one
// timer per thread every kTick, not one per request.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "crossfade/base/clock.h"
#include "crossfade/base/status.h"
#include "crossfade/service/http_message.h"

namespace crossfade {

struct HttpLimits {
  std::int64_t header_bytes = 16384;      // request line and headers; beyond: 431
  std::int64_t target_bytes = 8192;       // beyond: 414
  std::int64_t body_bytes = 1 << 20;      // beyond: 413
  std::int64_t connections = 10000;       // beyond: 503 and close
  std::int64_t idle_timeout_ms = 60000;   // between requests; then a silent close
  std::int64_t read_timeout_ms = 10000;   // first byte of a request to its last; then 408
  std::int64_t write_timeout_ms = 10000;  // a client that does not take its answer is cut off
  std::int64_t drain_ms = 500;            // after stop(): how long a next request is waited for
  std::int64_t stop_timeout_ms = 10000;   // after stop(): when what is still open is cut off
};

struct HttpAddress {
  std::string host = "127.0.0.1";  // a numeric address, or localhost
  int port = 0;                    // 0: the system picks one
};

class HttpServer {
 public:
  // Binds and listens. `handler` and `clock` must outlive the server. Errors: the host is no
  // address (usage); the port is in use or not permitted (failed).
  static Result<HttpServer> listen(const HttpAddress& address, const HttpLimits& limits,
                                   HttpHandler& handler, const Clock& clock);
  ~HttpServer();
  HttpServer(HttpServer&&) noexcept;

  // The port that is bound, also where 0 was asked for.
  int port() const;
  // Serves with this many I/O threads (the caller's among them) until stop() has been called and
  // the connections are closed: those with a request in flight after its answer, idle ones after
  // drain_ms, all after stop_timeout_ms.
  void run(int threads);
  // From now on SIGTERM and SIGINT call stop(), also where run() comes later; the second of them
  // ends the process in its usual way.
  void stop_on_signals();
  // From any thread, any number of times.
  void stop();

 private:
  struct State;
  explicit HttpServer(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace crossfade
