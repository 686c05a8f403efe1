// What is read, and that no prefix or mutation of a body does anything but answer. The messages
// stand in tests/service/botify_expectations.jsonl (routes_botify_test.cc).
#include "crossfade/service/played_body.h"

#include <gtest/gtest.h>

#include <cmath>

#include "crossfade/base/rng.h"

namespace crossfade {
namespace {

void expect_played(std::string_view body, const ExternalId& track, double time) {
  const PlayedBody read = read_played_body(body);
  ASSERT_TRUE(read.played) << body << ": " << read.message;
  EXPECT_EQ(read.played->track, track) << body;
  if (std::isnan(time))
    EXPECT_TRUE(std::isnan(read.played->time)) << body;
  else
    EXPECT_EQ(read.played->time, time) << body;
}

TEST(PlayedBody, ReadsValuesAsPythonDoes) {
  expect_played(R"({"track": 10, "time": 0.3})", std::int64_t{10}, 0.3);
  expect_played(R"({"track": -10.7, "time": "1_0.5"})", std::int64_t{-10}, 10.5);
  expect_played(R"({"track": true, "time": false})", std::int64_t{1}, 0);
  expect_played(R"({"track": "x", "time": 9, "track": " 3 "})", std::int64_t{3}, 9);
  expect_played(R"({"track": -0, "time": NaN})", std::int64_t{0}, NAN);
  expect_played(R"({"track": 1, "time": -Infinity})", std::int64_t{1}, -INFINITY);
  expect_played(R"({"track": 1, "time": 1e400})", std::int64_t{1}, INFINITY);
  expect_played(R"({"track": 1, "time": -1e-400})", std::int64_t{1}, 0);
  expect_played(R"({"track": 18446744073709551616, "time": 1})", "18446744073709551616", 1);
  expect_played(R"({"track": 1e20, "time": 1})", "100000000000000000000", 1);
  expect_played(R"({"track": -9.3e18, "time": 1})", "-9300000000000000000", 1);
  expect_played(R"({"a": {"track": 5, "b": ["time", {}]}, "time": 1, "track": 2})", std::int64_t{2},
                1);
}

TEST(PlayedBody, NamesTheFirstFieldThatIsMissing) {
  EXPECT_EQ(read_played_body("{}").wrong_field, "track");
  EXPECT_EQ(read_played_body("[{}]").wrong_field, "track");
  EXPECT_EQ(read_played_body("null").wrong_field, "track");
  EXPECT_EQ(read_played_body(R"({"track": 1})").wrong_field, "time");
  EXPECT_EQ(read_played_body(R"({"track": null, "time": 1})").wrong_field, "track");
}

TEST(PlayedBody, RefusesWhatIsNotJson) {
  const std::string deep = std::string(600, '[') + std::string(600, ']');
  const std::string digits = "{\"track\": " + std::string(4301, '1') + ", \"time\": 1}";
  for (const std::string& body : std::vector<std::string>{
           "", "{", "\"\\ud800\\", "\"\\u", "\"\xff\"", "[1,\xC3]", deep, digits, "-", "1 1",
           std::string("{\"track\"\0: 1}", 13), "\xFE\xFF\0{\0}"}) {
    const PlayedBody read = read_played_body(body);
    EXPECT_FALSE(read.played) << body;
    EXPECT_EQ(read.wrong_field, "") << body;
    EXPECT_FALSE(read.message.empty()) << body;
  }
}

TEST(PlayedBody, SurvivesEveryPrefixAndRandomChanges) {
  const std::string body =
      R"({"tra\u0063k": "1\ud83d\ude00é", "time": [1.5e-3, null, {"a": true}], "x": -0.1E+5})";
  Rng rng(5);
  for (std::size_t size = 0; size <= body.size(); ++size) {
    EXPECT_FALSE(read_played_body(body.substr(0, size)).played);
    for (int change = 0; change < 200; ++change) {
      std::string changed = body;
      for (int i = 0; i < 3; ++i)
        changed[rng.below(changed.size())] = static_cast<char>(rng.below(256));
      const PlayedBody read = read_played_body(changed);
      EXPECT_NE(read.played.has_value(), !read.message.empty());
    }
  }
}

}  // namespace
}  // namespace crossfade
