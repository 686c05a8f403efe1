// Folders, patterns and partitions as lists of files, and the same file in two places.
#include "crossfade/io/log_inputs.h"

#include <gmock/gmock.h>

#include "crossfade/io/test_context.h"

namespace crossfade {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

void put(const std::string& path, const std::string& text) {
  ASSERT_TRUE(make_folder(path.substr(0, path.rfind('/'))).ok());
  ASSERT_TRUE(write_file(path, text).ok());
}

Result<std::vector<LogInput>> list(const std::vector<std::string>& paths, bool allow_repeats) {
  TestContext run;
  return list_inputs(paths, allow_repeats, run);
}

std::vector<std::string> names(const Result<std::vector<LogInput>>& inputs,
                               const std::string& folder) {
  EXPECT_TRUE(inputs.ok()) << inputs.status().message();
  std::vector<std::string> names;
  if (!inputs.ok()) return names;
  for (const LogInput& input : *inputs) names.push_back(input.path.substr(folder.size() + 1));
  return names;
}

TEST(LogInputs, FoldersAndPatternsAreSorted) {
  const std::string folder = fresh_path("log");
  for (const char* name : {"b.csv", "a.parquet", "deep/c.tsv.gz", "z.jsonl", "README.md",
                           ".hidden.csv", "_temporary/d.csv", "_SUCCESS"})
    put(folder + "/" + name, std::string("content of ") + name);
  EXPECT_THAT(names(list({folder}, false), folder),
              ElementsAre("a.parquet", "b.csv", "deep/c.tsv.gz", "z.jsonl"));
  EXPECT_THAT(names(list({folder + "/"}, false), folder),
              ElementsAre("a.parquet", "b.csv", "deep/c.tsv.gz", "z.jsonl"));
  EXPECT_THAT(names(list({folder + "/?.*"}, false), folder),
              ElementsAre("a.parquet", "b.csv", "z.jsonl"));
  EXPECT_THAT(names(list({folder + "/z.jsonl", folder + "/b.csv"}, false), folder),
              ElementsAre("z.jsonl", "b.csv"));
}

TEST(LogInputs, PartitionsAreReadFromThePath) {
  const std::string folder = fresh_path("hive");
  put(folder + "/day=2023-01-15/kind=a%20b/part-0.parquet", "x");
  const auto inputs = *list({folder}, false);
  ASSERT_EQ(inputs.size(), 1U);
  EXPECT_THAT(inputs[0].partitions, ElementsAre(Pair("day", "2023-01-15"), Pair("kind", "a b")));
}

TEST(LogInputs, TheSameFileTwiceIsRefused) {
  const std::string folder = fresh_path("twice");
  put(folder + "/a.csv", "user,item\n1,2\n");
  put(folder + "/copy.csv", "user,item\n1,2\n");
  put(folder + "/other.csv", "user,item\n1,3\n");
  const auto twice = list({folder}, false);
  ASSERT_FALSE(twice.ok());
  EXPECT_EQ(twice.status().kind(), StatusKind::kDataInvalid);
  EXPECT_THAT(twice.status().message(), HasSubstr("copy.csv is the same file as"));
  EXPECT_THAT(twice.status().message(), HasSubstr("--allow-repeated-files"));
  EXPECT_EQ(list({folder}, true)->size(), 3U);
  EXPECT_THAT(list({folder + "/a.csv", folder + "/a.csv"}, false).status().message(),
              HasSubstr("is given twice"));
}

TEST(LogInputs, PatternsStopAtSlashes) {
  EXPECT_EQ(fixed_part("s3://b/hive/day=*/part-0.parquet"), "s3://b/hive/");
  EXPECT_EQ(fixed_part("s3://b*/x"), "s3://");
  EXPECT_EQ(fixed_part("*.csv"), "");
  EXPECT_TRUE(matches_pattern("s3://b/d/*.csv", "s3://b/d/a.csv"));
  EXPECT_FALSE(matches_pattern("s3://b/d/*.csv", "s3://b/d/deep/a.csv"));
  EXPECT_FALSE(matches_pattern("s3://b/d/*.csv", "s3://b/d/.a.csv"));
  EXPECT_TRUE(matches_pattern("s3://b/day=[12]/a.csv", "s3://b/day=2/a.csv"));
  EXPECT_TRUE(matches_pattern("s3://b/day=?", "s3://b/day=2/deep/a.csv"));  // a folder that matches
  EXPECT_FALSE(matches_pattern("s3://b/day=?", "s3://b/day=23/a.csv"));
}

TEST(LogInputs, IdentitySeesEveryChangeOfSmallFiles) {
  const std::string path = fresh_path("log") + "/a.csv";
  put(path, "user,item\n1,2\n");
  const LogInput before = (*list({path}, false))[0];
  EXPECT_EQ(before, (*list({path}, false))[0]);
  put(path, "user,item\n1,3\n");
  const LogInput after = (*list({path}, false))[0];
  EXPECT_NE(before.content, after.content);
  EXPECT_EQ(before.bytes, after.bytes);
}

TEST(LogInputs, WhatIsNotThereIsNamed) {
  const std::string folder = fresh_path("empty");
  ASSERT_TRUE(make_folder(folder).ok());
  EXPECT_THAT(list({folder + "/none.csv"}, false).status().message(), HasSubstr("none.csv"));
  EXPECT_THAT(list({folder + "/*.csv"}, false).status().message(), HasSubstr("no file matches"));
  EXPECT_THAT(list({folder}, false).status().message(), HasSubstr("has no table in it"));
  EXPECT_EQ(list({}, false).status().kind(), StatusKind::kUsage);
}

}  // namespace
}  // namespace crossfade
