// StagedFolder: nothing under the name before commit, everything after.
#include "crossfade/base/staged_folder.h"

#include <gtest/gtest.h>

#include "crossfade/base/file.h"

namespace crossfade {
namespace {

TEST(StagedFolder, AppearsWholeOrNotAtAll) {
  const std::string path = testing::TempDir() + "staged_folder";
  ASSERT_TRUE(remove_tree(path).ok());
  std::string part;
  {
    const auto folder = StagedFolder::create(path);
    part = folder->path();
    ASSERT_TRUE(write_file(part + "/x", "1").ok());
  }
  EXPECT_FALSE(path_exists(part));
  EXPECT_FALSE(path_exists(path));

  auto folder = StagedFolder::create(path + "/");
  ASSERT_TRUE(write_file(folder->path() + "/x", "2").ok());
  ASSERT_TRUE(folder->commit().ok());
  EXPECT_EQ(*read_file(path + "/x"), "2");
  EXPECT_EQ(StagedFolder::create(path).status().kind(), StatusKind::kUsage);
}

TEST(StagedFolder, TakesThePlaceOfAnotherWholly) {
  const std::string path = testing::TempDir() + "staged_replaced";
  ASSERT_TRUE(make_folder(path).ok());
  ASSERT_TRUE(write_file(path + "/old", "1").ok());
  {
    const auto lost = StagedFolder::replace(path);
    ASSERT_TRUE(write_file(lost->path() + "/new", "2").ok());
  }
  EXPECT_TRUE(path_exists(path + "/old"));
  auto folder = StagedFolder::replace(path);
  const std::string part = folder->path();
  ASSERT_TRUE(write_file(part + "/new", "3").ok());
  ASSERT_TRUE(folder->commit().ok());
  EXPECT_EQ(*list_files(path), std::vector<std::string>{"new"});
  EXPECT_FALSE(path_exists(part));
  ASSERT_TRUE(remove_tree(path).ok());
  auto first = StagedFolder::replace(path);  // nothing is there
  EXPECT_TRUE(first->commit().ok() && is_folder(path));
}

TEST(StagedFolder, LeftoversOfTheDeadAreRemovedAndThoseOfTheLivingStay) {
  const std::string target = testing::TempDir() + "staged_leftovers";
  ASSERT_TRUE(make_folder(target + ".part-1/inner").ok());
  auto first = StagedFolder::create(target);
  EXPECT_FALSE(path_exists(target + ".part-1"));
  ASSERT_TRUE(rename_path(first->path(), target + ".part-2").ok());  // as another program's
  const auto second = StagedFolder::create(target);
  EXPECT_TRUE(path_exists(target + ".part-2"));
  ASSERT_TRUE(remove_tree(target + ".part-2").ok());
}

}  // namespace
}  // namespace crossfade
