// How sources are written, and the sentences about those that cannot be made.
#include "crossfade/serving/source_kinds.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crossfade/serving/flows.h"
#include "crossfade/serving/test_flows.h"

namespace crossfade {
namespace {

using testing::HasSubstr;

std::string error(const std::string& text) {
  const auto entry = parse_source(text);
  EXPECT_EQ(entry.status().kind(), StatusKind::kUsage) << text;
  return entry.status().message();
}

TEST(SourceKinds, AreReadWithTheirPartAndNumber) {
  EXPECT_EQ(*parse_source("random"), (SourceEntry{"random", "random", "", {}}));
  EXPECT_EQ(*parse_source("top:tops,100"), (SourceEntry{"top:tops,100", "top", "tops", 100.0}));
  EXPECT_EQ(*parse_source("top:10"), (SourceEntry{"top:10", "top", "", 10.0}));
  EXPECT_EQ(*parse_source("indexed:a-b"), (SourceEntry{"indexed:a-b", "indexed", "a-b", {}}));
}

TEST(SourceKinds, WhatAKindDoesNotTakeIsRefused) {
  EXPECT_THAT(error("rndom"), HasSubstr("no kind of source called 'rndom'"));
  EXPECT_THAT(error("random:5"), HasSubstr("'random:5' is not a source; write random"));
  EXPECT_THAT(error("indexed"), HasSubstr("names no part; write indexed:PART"));
  EXPECT_THAT(error("indexed:"), HasSubstr("write indexed:PART"));
  EXPECT_THAT(error("indexed:a,b"), HasSubstr("write indexed:PART"));
  EXPECT_THAT(error("top:10,20"), HasSubstr("write top[:PART][,NUMBER]"));
  EXPECT_THAT(error(""), HasSubstr("no kind of source called ''"));
}

std::string make_error(const std::string& source, BundleInput input = flows_input()) {
  const Bundle bundle = *Bundle::assemble(std::move(input));
  const auto flows = Flows::make(bundle, default_flow({source}, false), {});
  EXPECT_EQ(flows.status().kind(), StatusKind::kUsage) << source;
  return flows.status().message();
}

TEST(SourceKinds, PartsHaveToBeThereAndOfTheRightGeneration) {
  EXPECT_THAT(make_error("indexed:user"), HasSubstr("no part of the bundle called 'user'"));
  EXPECT_THAT(make_error("indexed:user"), HasSubstr("users"));
  EXPECT_THAT(make_error("indexed:near"),
              HasSubstr("the part 'near' has lists by item, and indexed takes one that has lists "
                        "by user; is the file of another year"));
  EXPECT_THAT(make_error("i2i:users"), HasSubstr("'users' has lists by user"));
  EXPECT_THAT(make_error("contextual:tops"), HasSubstr("'tops' is one ranking"));
  EXPECT_THAT(make_error("top:users,5"), HasSubstr("takes one that is one ranking"));
  EXPECT_THAT(make_error("model:users"), HasSubstr("model takes a model"));
  EXPECT_THAT(make_error("model:als"), HasSubstr("no part of the bundle called 'als'"));
  EXPECT_THAT(make_error("indexed:line", line_input()), HasSubstr("model:line asks it"));
}

TEST(SourceKinds, NumbersAndTheCatalogueAreChecked) {
  EXPECT_THAT(make_error("top:tops,0"), HasSubstr("at least 1"));
  EXPECT_THAT(make_error("top:2.5"), HasSubstr("at least 1"));
  EXPECT_THAT(make_error("sticky_mixture:1.5"), HasSubstr("the share of a track"));
  for (const char* source : {"sticky_artist", "sticky_mixture", "contextual", "contextual_start"})
    EXPECT_THAT(make_error(source, line_input()), HasSubstr("needs the catalogue"));
  BundleInput bare = line_input();
  bare.catalog_path = testing::TempDir() + "source_kinds_catalog.json";
  ASSERT_TRUE(write_file(bare.catalog_path, R"({"track": 5, "artist": "A", "title": ""})").ok());
  EXPECT_THAT(make_error("contextual", bare), HasSubstr("no track of the catalogue has"));
}

TEST(SourceKinds, AreDescribed) {
  EXPECT_THAT(describe_source_kinds(), HasSubstr("top[:PART][,NUMBER]"));
  EXPECT_THAT(describe_source_kinds(), HasSubstr("sticky_mixture[:NUMBER]"));
}

}  // namespace
}  // namespace crossfade
