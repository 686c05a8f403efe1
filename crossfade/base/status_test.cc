// Status and Result: kinds are exit codes, places are added in front, macros hand errors on.
#include "crossfade/base/status.h"

#include <gtest/gtest.h>

#include <cerrno>

namespace crossfade {
namespace {

Result<int> half(int n) {
  if (n % 2 != 0) return usage_error("an odd number has no half; give an even one");
  return n / 2;
}

Result<int> quarter(int n) {
  CROSSFADE_ASSIGN_OR_RETURN(const int first, half(n));
  CROSSFADE_ASSIGN_OR_RETURN(const int second, half(first));
  return second;
}

TEST(Status, KindIsTheExitCode) {
  EXPECT_EQ(ok_status().exit_code(), 0);
  EXPECT_EQ(failed("x").exit_code(), 1);
  EXPECT_EQ(usage_error("x").exit_code(), 2);
  EXPECT_EQ(data_invalid("x").exit_code(), 3);
  EXPECT_EQ(exhausted("x").exit_code(), 4);
  EXPECT_EQ(interrupted().exit_code(), 130);
}

TEST(Status, PlaceStandsInFront) {
  EXPECT_EQ(data_invalid("no rows").at("a.csv").message(), "a.csv: no rows");
  EXPECT_TRUE(ok_status().at("a.csv").ok());
}

TEST(Status, FullDiskIsExhausted) {
  const Status status = errno_status("cannot write out", ENOSPC);
  EXPECT_EQ(status.kind(), StatusKind::kExhausted);
  EXPECT_NE(status.message().find("free some space"), std::string::npos);
  EXPECT_EQ(errno_status("cannot open in", ENOENT).kind(), StatusKind::kFailed);
}

TEST(Result, HandsErrorsOn) {
  EXPECT_EQ(*quarter(12), 3);
  EXPECT_EQ(quarter(6).status().kind(), StatusKind::kUsage);
}

TEST(ResultDeathTest, ValueOfAnErrorIsOurMistake) {
  EXPECT_DEATH((void)quarter(6).value(), "an odd number has no half");
}

}  // namespace
}  // namespace crossfade
