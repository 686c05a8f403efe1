// Which part of a history a sequence model looks at, and heads that do not fit.
#include "crossfade/models/sequence/sequence_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace crossfade {
namespace {

TEST(SequenceConfig, AFullWindowDropsAQuarterAtOnce) {
  SequenceConfig config = sasrec_config();
  config.length = 8;
  const auto held = [&](std::int64_t count) { return config.window_of(count); };
  EXPECT_EQ(held(0), 0);
  EXPECT_EQ(held(1), 1);
  EXPECT_EQ(held(8), 8);
  EXPECT_EQ(held(9), 7);  // items 1 and 2 are dropped
  EXPECT_EQ(held(10), 8);
  EXPECT_EQ(held(11), 7);
  EXPECT_EQ(held(1'000'000'000'000), 8);
}

TEST(SequenceConfig, WithoutSlidingTheNewestAreAllThere) {
  SequenceConfig config = sasrec_config();
  config.length = 8;
  config.slide = 0;
  EXPECT_EQ(config.window_of(9), 8);
  EXPECT_EQ(config.window_of(1'000'000'000'000), 8);
  config.slide = 0.9;  // of a window of two at least one stays
  config.length = 2;
  for (std::int64_t count = 1; count < 10; ++count) EXPECT_GE(config.window_of(count), 1);
}

TEST(SequenceConfig, AMaskTakesAPlaceInTheWindow) {
  SequenceConfig config = bert4rec_config();
  config.length = 8;
  EXPECT_EQ(config.window_of(7), 7);
  EXPECT_EQ(config.window_of(8), 7);
  EXPECT_EQ(config.window_of(20), 7);
}

TEST(SequenceConfig, HeadsDivideTheDimensions) {
  SequenceConfig config = sasrec_config();
  config.heads = 3;
  const Status status = config.check("sasrec");
  EXPECT_EQ(status.kind(), StatusKind::kUsage);
  EXPECT_THAT(status.message(), testing::HasSubstr("3 heads"));
  config.dimensions = 63;
  EXPECT_TRUE(config.check("sasrec").ok());
}

TEST(SequenceConfig, OnlyWhoReadsSessionsRaisesWhatIsFamiliar) {
  SequenceConfig config = sasrec_config();
  config.familiar = 2;
  const Status status = config.check("sasrec");
  EXPECT_EQ(status.kind(), StatusKind::kUsage);
  EXPECT_THAT(status.message(), testing::HasSubstr("set reads=session, or familiar=0"));
  config.reads = "session";
  EXPECT_TRUE(config.check("sasrec").ok());
}

}  // namespace
}  // namespace crossfade
