// Presets, columns said one by one, and both together.
#include "crossfade/io/schema.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace crossfade {
namespace {

using testing::HasSubstr;

TEST(Schema, APresetIsComplete) {
  const LogSchema schema = *choose_schema({.preset = "hackathon"});
  EXPECT_EQ(schema.user, "user_id");
  EXPECT_EQ(schema.item, "item_id");
  EXPECT_EQ(schema.time, "timestamp");
  EXPECT_EQ(schema.weight, "rating");
  EXPECT_EQ(schema.kind, "");
  EXPECT_EQ(schema.time_unit, TimeUnit::kNanoseconds);
  EXPECT_EQ(choose_schema({.preset = "movielens"})->time_unit, TimeUnit::kSeconds);
}

TEST(Schema, WhatIsSaidGoesOverThePreset) {
  const LogSchema schema = *choose_schema(
      {.preset = "hackathon", .user = "who", .weight = "none", .kind = "what", .time_unit = "ms"});
  EXPECT_EQ(schema.user, "who");
  EXPECT_EQ(schema.item, "item_id");
  EXPECT_EQ(schema.weight, "");
  EXPECT_EQ(schema.kind, "what");
  EXPECT_EQ(schema.time_unit, TimeUnit::kMilliseconds);
}

TEST(Schema, WithoutAPresetColumnsAreSaid) {
  const LogSchema schema = *choose_schema({.user = "u", .item = "i", .time = "none"});
  EXPECT_EQ(schema.user, "u");
  EXPECT_EQ(schema.time, "");
  EXPECT_EQ(schema.weight, "");
  EXPECT_EQ(schema.time_unit, TimeUnit::kAuto);
}

void expect_usage_error(const SchemaChoice& choice, const std::string& word) {
  const auto schema = choose_schema(choice);
  ASSERT_FALSE(schema.ok());
  EXPECT_EQ(schema.status().kind(), StatusKind::kUsage);
  EXPECT_THAT(schema.status().message(), HasSubstr(word));
}

TEST(Schema, MistakesAreUsageErrors) {
  expect_usage_error({.preset = "hackaton"}, "did you mean 'hackathon'?");
  expect_usage_error({.user = "u", .item = "i"}, "--time");
  expect_usage_error({.item = "i", .time = "t"}, "--user");
  expect_usage_error({.user = "none", .item = "i", .time = "t"}, "cannot be none");
  expect_usage_error({.user = "u", .item = "u", .time = "t"}, "'u' is said to be two things");
  expect_usage_error({.user = "u", .item = "i", .time = "t", .time_unit = "sec"},
                     "no time unit called 'sec'");
}

TEST(Schema, UnitsHaveNamesAndLengths) {
  EXPECT_EQ(*parse_time_unit("us"), TimeUnit::kMicroseconds);
  EXPECT_EQ(to_text(TimeUnit::kSeconds), "seconds");
  EXPECT_EQ(ns_of(TimeUnit::kMilliseconds), 1'000'000);
}

TEST(Schema, AnOrderGoesWithTimes) {
  SchemaChoice choice;
  choice.preset = "practicum";
  EXPECT_EQ(choose_schema(choice)->order, "track_seq");
  EXPECT_TRUE(choose_schema(choice)->order_is_optional);
  choice.time = "none";
  EXPECT_EQ(choose_schema(choice)->order, "");
  choice.order = "place";
  expect_usage_error(choice, "--order says how rows of equal times follow each other");
  choice.time = "";
  EXPECT_EQ(choose_schema(choice)->order, "place");
  EXPECT_FALSE(choose_schema(choice)->order_is_optional);
  choice.order = "none";
  EXPECT_EQ(choose_schema(choice)->order, "");
}

TEST(Schema, IdsMayBeText) {
  SchemaChoice choice;
  choice.preset = "practicum";
  EXPECT_FALSE(choose_schema(choice)->ids_are_text);
  choice.ids = "text";
  EXPECT_TRUE(choose_schema(choice)->ids_are_text);
  choice.ids = "numbers";
  EXPECT_EQ(choose_schema(choice).status().kind(), StatusKind::kUsage);
  EXPECT_NE(choose_schema(choice).status().message().find("--ids is auto"), std::string::npos);
}

}  // namespace
}  // namespace crossfade
