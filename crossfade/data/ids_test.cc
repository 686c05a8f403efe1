// Ids as text.
#include "crossfade/data/ids.h"

#include <gtest/gtest.h>

namespace crossfade {
namespace {

TEST(IdsTest, TextOfBothKinds) {
  EXPECT_EQ(to_text(ExternalId(std::int64_t{-7})), "-7");
  EXPECT_EQ(to_text(ExternalId(std::string("x y"))), "x y");
}

}  // namespace
}  // namespace crossfade
