// HttpRequest, HttpResponse, HttpHandler: what the server of sockets and the routes say to each
// other. Nothing here knows Boost, so routes compile fast and are tested without a socket.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace crossfade {

// The views hold while the handler runs.
struct HttpRequest {
  std::string_view method;        // as sent: "GET"
  std::string_view target;        // as sent: "/track/1?x=%41"
  std::string_view path;          // percent-decoded, without the query: "/track/1"
  std::string_view query;         // not decoded, without the "?"
  std::string_view content_type;  // "" if the header is missing
  std::string_view body;          // chunks already joined
};

// Starts as an empty 200. The server adds Date, Content-Length and Connection, and keeps the body
// back where the method is HEAD.
struct HttpResponse {
  int status = 200;
  std::string_view content_type = kJson;  // a constant of the program
  std::string_view allow;                 // the Allow header's methods; "" = no such header
  std::string body;                       // its memory is used again for the next answer

  static constexpr std::string_view kJson = "application/json";
  static constexpr std::string_view kHtml = "text/html; charset=utf-8";

  void clear() {
    status = 200;
    content_type = kJson;
    allow = {};
    body.clear();
  }
};

class HttpHandler {
 public:
  virtual ~HttpHandler() = default;
  // Called from all I/O threads at once. Whatever it does not set stays an empty 200.
  virtual void handle(const HttpRequest& request, HttpResponse& response) = 0;
};

// {"error": {"message": "..."}} with this status: how everything but botify's routes says no.
void set_error(HttpResponse& response, int status, std::string_view message);

// "Not Found" for 404; "Unknown" for a status that we never send.
std::string_view reason_phrase(int status);

// Bytes of `text` with %41 and the like decoded; a "%" that is no escape stays as it is.
std::string percent_decoded(std::string_view text);

// Fills path and query from request.target: takes the absolute form "http://host/path" (RFC 9112,
// 3.2.2) for the path it names, and decodes. `decoded` is the memory behind a path with escapes.
void split_target(HttpRequest& request, std::string& decoded);

// "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110, 5.6.7), from seconds since 1970.
std::string http_date(std::int64_t seconds);

// Writes answers as bytes. The head of the usual answer (200, JSON) is rendered once a second.
class ResponseWriter {
 public:
  struct Form {
    bool keep_alive = true;
    bool http_1_0 = false;   // such a client must be told that the connection stays
    bool head_only = false;  // the method was HEAD
  };

  // Seconds since 1970, for the Date header.
  void set_time(std::int64_t seconds);
  void append(const HttpResponse& response, const Form& form, std::string& out) const;

 private:
  void append_head(int status, std::string_view content_type, std::string& out) const;

  std::int64_t seconds_ = -1;
  std::string date_, usual_head_;
};

}  // namespace crossfade
