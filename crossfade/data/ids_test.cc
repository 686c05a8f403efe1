// Ids as text.
#include "crossfade/data/ids.h"

#include <gtest/gtest.h>

namespace crossfade {
namespace {

TEST(IdsTest, TextOfBothKinds) {
  EXPECT_EQ(to_text(ExternalId(std::int64_t{-7})), "-7");
  EXPECT_EQ(to_text(ExternalId(std::string("x y"))), "x y");
}

TEST(IdsTest, ANumberAndItsDecimalTextAreTheSame) {
  EXPECT_EQ(as_number(ExternalId(std::int64_t{-7})), -7);
  EXPECT_EQ(as_number(ExternalId("-7")), -7);
  for (const char* text : {"042", "+1", "", "7x", " 7", "99999999999999999999"})
    EXPECT_FALSE(as_number(ExternalId(text)).has_value()) << text;
}

}  // namespace
}  // namespace crossfade
