// Lines: which are taken, by which numbers, and which end the file with a sentence.
#include "crossfade/base/json_lines.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace crossfade {
namespace {

using testing::ElementsAre;
using testing::Pair;

class JsonLines : public testing::Test {
 protected:
  // Takes the member "a" of every line; refuses 13.
  Status take(std::string_view bytes) {
    taken_.clear();
    return for_each_json_line(bytes, [this](const Json& record, std::int64_t line) -> Status {
      CROSSFADE_ASSIGN_OR_RETURN(const std::int64_t a, record.int_at("a"));
      if (a == 13) return usage_error("unlucky");
      taken_.emplace_back(line, a);
      return ok_status();
    });
  }
  std::vector<std::pair<std::int64_t, std::int64_t>> taken_;
};

TEST_F(JsonLines, BlankLinesCountAndAreNotTaken) {
  EXPECT_TRUE(take("{\"a\": 5}\r\n\n \t\r\n{\"a\": 6}").ok());
  EXPECT_THAT(taken_, ElementsAre(Pair(1, 5), Pair(4, 6)));
  EXPECT_TRUE(take("").ok());
  EXPECT_THAT(taken_, ElementsAre());
}

TEST_F(JsonLines, TheFirstErrorEndsItWithTheLine) {
  const auto error = [this](std::string_view bytes, StatusKind kind) {
    const Status status = take(bytes);
    EXPECT_EQ(status.kind(), kind) << bytes;
    return status.message();
  };
  EXPECT_EQ(error("\n[1]\n{\"a\": 5}\n", StatusKind::kDataInvalid), "line 2: not a JSON object");
  EXPECT_THAT(taken_, ElementsAre());
  EXPECT_THAT(error("{\"a\": 5}\n{\"a\"", StatusKind::kDataInvalid),
              testing::StartsWith("line 2: not valid JSON"));
  EXPECT_THAT(taken_, ElementsAre(Pair(1, 5)));
  EXPECT_EQ(error("{\"a\": 13}\n", StatusKind::kUsage), "line 1: unlucky");
}

}  // namespace
}  // namespace crossfade
