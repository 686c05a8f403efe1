// Which device is found, and what is said where there is none.
#include "crossfade/neural/execution.h"

#include <gtest/gtest.h>

namespace crossfade {
namespace {

TEST(Execution, TheProcessorIsAlwaysThere) {
  const auto found = Execution::find("cpu", true);
  ASSERT_TRUE(found.ok());
  EXPECT_TRUE(found->on_cpu());
  EXPECT_FALSE(found->mixed);  // that is for accelerators
}

TEST(Execution, AutoTakesWhatIsThere) {
  const auto found = Execution::find("auto", true);
  ASSERT_TRUE(found.ok());
  EXPECT_EQ(found->on_cpu(), !at::hasCUDA());
  EXPECT_EQ(found->mixed, at::hasCUDA());
}

TEST(Execution, CudaThatIsNotThereIsNamed) {
  if (at::hasCUDA()) GTEST_SKIP() << "there is CUDA here";
  const auto found = Execution::find("cuda", true);
  ASSERT_FALSE(found.ok());
  EXPECT_EQ(found.status().kind(), StatusKind::kUsage);
  EXPECT_NE(found.status().message().find("train with device=cpu"), std::string::npos);
}

}  // namespace
}  // namespace crossfade
