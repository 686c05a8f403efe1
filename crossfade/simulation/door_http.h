// HttpDoor: any service with botify's routes, the original or ours.
//
//   POST /next/<user>  {"track": 10, "time": 0.3}  ->  {"user": 1, "track": 17}
//   POST /last/<user>  the same                    ->  {"user": 1}
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crossfade/simulation/http_client.h"

namespace crossfade {

class HttpDoor final : public Door {
 public:
  // One connection per listener. Errors: as HttpClient::create().
  static Result<std::unique_ptr<HttpDoor>> create(const HttpUrl& url, std::int64_t listeners,
                                                  const HttpClientLimits& limits,
                                                  const Clock& clock);

  void ask(const Inquiry& inquiry) override;
  Status wait(std::vector<Reply>& replies) override;

 private:
  HttpDoor(const HttpUrl& url, std::int64_t listeners);
  void take(const HttpReply& http);

  std::string prefix_, host_;
  std::string request_;
  std::vector<std::uint8_t> is_last_;  // by listener: what was asked last
  std::vector<Reply> replies_;
  std::optional<HttpClient> client_;
};

// The member `track` of an answer to /next, or nothing if it has no whole number there.
std::optional<std::int64_t> read_next_track(std::string_view body);
// The body of a question: {"track": 10, "time": 0.3}, numbers as Python's json writes them.
std::string played_text(const Heard& heard);

}  // namespace crossfade
