// What fits and what does not, and the sentence for it.
#include "crossfade/base/free_memory.h"

#include <gtest/gtest.h>
#include <unistd.h>

namespace crossfade {
namespace {

TEST(FreeMemory, IsSomeOfTheMachine) {
  const std::int64_t machine = static_cast<std::int64_t>(::sysconf(_SC_PHYS_PAGES)) *
                               static_cast<std::int64_t>(::sysconf(_SC_PAGESIZE));
  EXPECT_GT(free_memory_bytes(), 1 << 20);
  EXPECT_LE(free_memory_bytes(), machine);
}

TEST(FreeMemory, RefusesWhatDoesNotFit) {
  EXPECT_TRUE(check_memory("it", 1 << 30, 1 << 30, "buy more").ok());
  const Status over = check_memory("it", (1 << 30) + 1, 1 << 30, "buy more");
  EXPECT_EQ(over.kind(), StatusKind::kExhausted);
  EXPECT_EQ(over.message(), "it needs 1.0 GiB of memory and may take 1.0 GiB; buy more");
}

TEST(FreeMemory, WithoutALimitTheMachineDecides) {
  EXPECT_TRUE(check_memory("it", 1, 0, "buy more").ok());
  const Status over = check_memory("it", 1e30, 0, "buy more");
  EXPECT_EQ(over.kind(), StatusKind::kExhausted);
  EXPECT_NE(over.message().find("and this machine has "), std::string::npos);
}

}  // namespace
}  // namespace crossfade
