// Content: equal for equal files wherever they lie; changes and damage are seen.
#include "crossfade/pipeline/content.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "crossfade/pipeline/test_kinds.h"

namespace crossfade {
namespace {

class ContentTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fresh_folder("tree");
    ASSERT_TRUE(make_folder(folder_ + "/deep").ok());
    ASSERT_TRUE(write_file(folder_ + "/a.txt", "one").ok());
    ASSERT_TRUE(write_file(folder_ + "/deep/b.txt", "two").ok());
  }
  Content read(const std::string& path, const Content& before = {}) {
    auto content = read_content(path, before, threads_);
    EXPECT_TRUE(content.ok()) << content.status().message();
    return content.ok() ? *content : Content();
  }
  std::string damage(const Content& content, bool trust = true) {
    return *find_damage(folder_, content, trust, threads_);
  }

  ThreadPool threads_{2};
  std::string folder_;
};

TEST_F(ContentTest, TheSameFilesElsewhereAreTheSameContent) {
  const std::string copy = fresh_folder("copy");
  std::filesystem::copy(folder_, copy, std::filesystem::copy_options::recursive);
  EXPECT_EQ(read(folder_).fingerprint(), read(copy).fingerprint());
  ASSERT_TRUE(write_file(copy + "/a.txt", "eno").ok());
  EXPECT_NE(read(folder_).fingerprint(), read(copy).fingerprint());
  EXPECT_EQ(read(folder_).inside("deep").fingerprint(), read(copy).inside("deep").fingerprint());
}

TEST_F(ContentTest, AFileAFolderAndAPattern) {
  EXPECT_EQ(read(folder_).files.size(), 2u);
  EXPECT_EQ(read(folder_ + "/a.txt").files.size(), 1u);
  EXPECT_EQ(read(folder_ + "/deep/*.txt").fingerprint(),
            read(folder_ + "/deep/b.txt").fingerprint());
  EXPECT_EQ(read_content(folder_ + "/*.csv", {}, threads_).status().kind(), StatusKind::kFailed);
  EXPECT_EQ(read_content(folder_ + "/c.txt", {}, threads_).status().kind(), StatusKind::kFailed);
}

TEST_F(ContentTest, WhatHasNotChangedIsNotReadAgain) {
  Content before = read(folder_);
  before.files[0].sha256 = "known";
  EXPECT_EQ(read(folder_, before).files[0].sha256, "known");
  ASSERT_TRUE(replace_file(folder_ + "/a.txt", "new").ok());
  EXPECT_NE(read(folder_, before).files[0].sha256, "known");
}

TEST_F(ContentTest, DamageIsNamed) {
  const Content content = read(folder_);
  EXPECT_EQ(damage(content), "");
  ASSERT_TRUE(write_file(folder_ + "/more", "is no damage").ok());
  EXPECT_EQ(damage(content), "");
  ASSERT_TRUE(replace_file(folder_ + "/a.txt", "eno").ok());
  EXPECT_EQ(damage(content), "a.txt is not what was written");
  ASSERT_TRUE(replace_file(folder_ + "/a.txt", "one").ok());  // another time, the same bytes
  EXPECT_EQ(damage(content), "");
  ASSERT_TRUE(write_file(folder_ + "/a.txt", "longer").ok());
  EXPECT_EQ(damage(content), "a.txt has 6 bytes, not 3");
  ASSERT_TRUE(remove_tree(folder_ + "/a.txt").ok());
  EXPECT_EQ(damage(content), "a.txt is missing");
}

TEST_F(ContentTest, ChangedBytesUnderTheOldTimeAreFoundWhenTimesAreNotTrusted) {
  const Content content = read(folder_);
  const auto time = std::filesystem::last_write_time(folder_ + "/a.txt");
  ASSERT_TRUE(write_file(folder_ + "/a.txt", "eno").ok());
  std::filesystem::last_write_time(folder_ + "/a.txt", time);
  EXPECT_EQ(damage(content, true), "");
  EXPECT_EQ(damage(content, false), "a.txt is not what was written");
}

TEST_F(ContentTest, AClonedFolderGrowsAlone) {
  const std::string big(100'000, 'x');
  ASSERT_TRUE(write_file(folder_ + "/big", big).ok());
  const Content before = read(folder_);
  const std::string clone = fresh_folder("clone");
  ASSERT_TRUE(clone_folder(folder_, clone).ok());
  EXPECT_EQ(read(clone).fingerprint(), before.fingerprint());
  ASSERT_TRUE(write_file(clone + "/a.txt", "other").ok());
  ASSERT_TRUE(replace_file(clone + "/big", "other").ok());
  EXPECT_EQ(damage(before, false), "");
}

TEST_F(ContentTest, JsonReadsBack) {
  const Content content = read(folder_);
  EXPECT_EQ(content_from_json(to_json(content)).fingerprint(), content.fingerprint());
  EXPECT_TRUE(content_from_json(Json(1)).files.empty());
  EXPECT_TRUE(content_from_json(*parse_json(R"([{"name": "x"}])")).files.empty());
}

}  // namespace
}  // namespace crossfade
