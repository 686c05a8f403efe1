// HttpClient: many connections to one server, one request at a time on each.
//
// All of them run in the calling thread's event loop. Connections are made when first needed, stay
// open between requests and are made anew when the server has closed them: a request that finds its
// connection closed before a byte of the answer came is sent once more, on a new one, because a
// server may close an idle connection at any moment. Parsing is Boost.Beast's strict parser.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "crossfade/base/clock.h"
#include "crossfade/base/status.h"
#include "crossfade/simulation/door.h"

namespace crossfade {

struct HttpUrl {
  std::string host;
  std::string port;
  std::string path;  // in front of every path, without a slash at its end
};
// "http://host:port/path", "host:port"; the port is 80 if there is none. Usage errors: https,
// another form.
Result<HttpUrl> parse_url(const std::string& text);

struct HttpClientLimits {
  std::int64_t deadline_ms = 10000;  // from the request to the last byte of the answer
  std::int64_t header_bytes = 16384;
  std::int64_t body_bytes = 1 << 20;
};

struct HttpReply {
  std::int32_t connection = 0;
  Loss loss = Loss::kNone;  // kGarbage: no HTTP, or beyond a limit; kStatus is left to the caller
  int status = 0;
  std::string_view body;  // valid during the call
  double latency_s = 0;
};

class HttpClient {
 public:
  using Take = std::function<void(const HttpReply&)>;

  // `take` gets the replies, within wait(). Errors: a host whose address is not found (failed).
  static Result<HttpClient> create(const HttpUrl& url, std::int64_t connections,
                                   const HttpClientLimits& limits, const Clock& clock, Take take);
  ~HttpClient();
  HttpClient(HttpClient&&) noexcept;

  // A whole request, headers and body; the connection must not have one on its way.
  void send(std::int32_t connection, std::string_view request);
  // Works until something was taken, or nothing came for some milliseconds.
  void wait();
  // Connections that were made so far, those made anew among them.
  std::int64_t connections_made() const;

 private:
  struct State;
  explicit HttpClient(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace crossfade
