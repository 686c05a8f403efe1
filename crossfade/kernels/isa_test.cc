// The choice of the instruction set: every supported name is taken, everything else is refused.
#include "crossfade/kernels/isa.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace crossfade::kernels {
namespace {

using ::testing::HasSubstr;

class IsaTest : public ::testing::Test {
 protected:
  void TearDown() override { ASSERT_TRUE(choose_isa(nullptr).ok()); }
};

TEST_F(IsaTest, EverySupportedNameIsTakenAndReported) {
  ASSERT_FALSE(supported_isas().empty());
  EXPECT_EQ(supported_isas().back(), "scalar");
  for (const std::string& name : supported_isas()) {
    ASSERT_TRUE(choose_isa(name.c_str()).ok()) << name;
    EXPECT_EQ(isa_name(), name);
  }
}

TEST_F(IsaTest, NothingForcedTakesTheBest) {
  ASSERT_TRUE(choose_isa("scalar").ok());
  ASSERT_TRUE(choose_isa("").ok());
  EXPECT_EQ(isa_name(), supported_isas().front());
}

TEST_F(IsaTest, AnUnknownNameIsAUsageErrorThatListsTheChoices) {
  const Status status = choose_isa("mmx");
  EXPECT_EQ(status.kind(), StatusKind::kUsage);
  EXPECT_THAT(status.message(), HasSubstr("CROSSFADE_ISA=mmx names no instruction set"));
  EXPECT_THAT(status.message(), HasSubstr("scalar"));
}

TEST_F(IsaTest, ANameThatTheCpuLacksIsAUsageError) {
  const std::vector<std::string> names = supported_isas();
  for (const char* name : {"avx2", "avx3", "avx3_dl"}) {
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    const Status status = choose_isa(name);
    EXPECT_EQ(status.kind(), StatusKind::kUsage);
    EXPECT_THAT(status.message(), HasSubstr("asks for instructions that this CPU lacks"));
    EXPECT_EQ(isa_name(), names.front()) << "a refused choice changes nothing";
  }
}

}  // namespace
}  // namespace crossfade::kernels
