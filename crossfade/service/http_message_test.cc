// Texts of HTTP against the examples of the RFCs.
#include "crossfade/service/http_message.h"

#include <gtest/gtest.h>

namespace crossfade {
namespace {

TEST(PercentDecoded, DecodesEscapesAndLeavesOtherPercentSigns) {
  EXPECT_EQ(percent_decoded("/track/%31%2f%C3%a9"), "/track/1/\xC3\xA9");
  EXPECT_EQ(percent_decoded("100%"), "100%");
  EXPECT_EQ(percent_decoded("%zz%4"), "%zz%4");
  EXPECT_EQ(percent_decoded("%"), "%");
  EXPECT_EQ(percent_decoded("%00"), std::string(1, '\0'));
}

TEST(HttpDate, IsTheRfcsExample) {
  EXPECT_EQ(http_date(784111777), "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(http_date(0), "Thu, 01 Jan 1970 00:00:00 GMT");
}

TEST(SplitTarget, CutsTheQueryBeforeItDecodes) {
  std::string memory;
  HttpRequest request;
  request.target = "/a%3Fb?c=%41?d";
  split_target(request, memory);
  EXPECT_EQ(request.path, "/a?b");
  EXPECT_EQ(request.query, "c=%41?d");
}

TEST(SplitTarget, TakesTheAbsoluteForm) {
  std::string memory;
  HttpRequest request;
  request.target = "http://host:80/next/1?x";
  split_target(request, memory);
  EXPECT_EQ(request.path, "/next/1");
  request.target = "http://host";
  split_target(request, memory);
  EXPECT_EQ(request.path, "/");
  request.target = "/x://y";
  split_target(request, memory);
  EXPECT_EQ(request.path, "/x://y");
}

TEST(SetError, WrapsASentence) {
  HttpResponse response;
  response.allow = "GET";
  set_error(response, 404, "no \"x\"");
  EXPECT_EQ(response.status, 404);
  EXPECT_EQ(response.allow, "");
  EXPECT_EQ(response.body, "{\"error\": {\"message\": \"no \\\"x\\\"\"}}\n");
}

TEST(ResponseWriter, WritesHeadAndBody) {
  ResponseWriter writer;
  writer.set_time(784111777);
  HttpResponse response;
  response.body = "{}\n";
  std::string out;
  writer.append(response, {}, out);
  const std::string head =
      "HTTP/1.1 200 OK\r\nServer: crossfade\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
      "Content-Type: application/json\r\nContent-Length: 3\r\n";
  EXPECT_EQ(out, head + "\r\n{}\n");
  out.clear();
  writer.append(response, {.keep_alive = true, .http_1_0 = true, .head_only = true}, out);
  EXPECT_EQ(out, head + "Connection: keep-alive\r\n\r\n");
  out.clear();
  response.status = 405;
  response.allow = "POST";
  writer.append(response, {.keep_alive = false}, out);
  EXPECT_TRUE(out.starts_with("HTTP/1.1 405 Method Not Allowed\r\n"));
  EXPECT_TRUE(out.ends_with("Content-Length: 3\r\nAllow: POST\r\nConnection: close\r\n\r\n{}\n"));
}

TEST(ResponseWriter, RendersTheDateAgainWhenTimePasses) {
  ResponseWriter writer;
  std::string first, second;
  writer.set_time(784111777);
  writer.append({}, {}, first);
  writer.set_time(784111778);
  writer.append({}, {}, second);
  EXPECT_NE(first.find("08:49:37"), std::string::npos);
  EXPECT_NE(second.find("08:49:38"), std::string::npos);
}

}  // namespace
}  // namespace crossfade
