// Files: what is written is read back, and each failure names its path.
#include "crossfade/base/file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>

namespace crossfade {
namespace {

std::string path_of(const std::string& name) {
  return testing::TempDir() + "file_test_" + name;
}

TEST(File, EachTestProcessHasAFolderOfItsOwn) {
  const char* folder = std::getenv("TEST_TMPDIR");
  ASSERT_NE(folder, nullptr);
  EXPECT_TRUE(is_folder(folder));
  EXPECT_NE(std::string(folder).find("test-folders/"), std::string::npos) << folder;
}

TEST(File, ANamedPipeIsRefusedAndNotWaitedFor) {
  const std::string path = testing::TempDir() + "pipe";
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  EXPECT_NE(read_file(path).status().message().find("not a regular file"), std::string::npos);
}

TEST(File, WritesAppendsReplacesAndLists) {
  const std::string folder = path_of("folder");
  ASSERT_TRUE(remove_tree(folder).ok());
  ASSERT_TRUE(make_folder(folder + "/b").ok());
  ASSERT_TRUE(write_file(folder + "/b/x", "one").ok());
  FileWriter writer = *FileWriter::create(folder + "/b/x", /*append=*/true);
  ASSERT_TRUE(writer.write(" two").ok());
  ASSERT_TRUE(writer.close().ok());
  EXPECT_EQ(*read_file(folder + "/b/x"), "one two");
  ASSERT_TRUE(replace_file(folder + "/b/x", "three").ok());
  ASSERT_TRUE(write_file(folder + "/a", "").ok());
  EXPECT_EQ(*list_files(folder), (std::vector<std::string>{"a", "b/x"}));
  EXPECT_EQ(*read_file(folder + "/b/x"), "three");
}

TEST(File, FailuresNameThePath) {
  EXPECT_NE(read_file("/nonexistent/x").status().message().find("/nonexistent/x"),
            std::string::npos);
  EXPECT_NE(read_file("/tmp").status().message().find("not a regular file"), std::string::npos);
  EXPECT_FALSE(write_file("/nonexistent/x", "").ok());
}

TEST(File, ALockedFileIsInUseAndCanBeShortened) {
  FileWriter writer = *FileWriter::create(path_of("locked"));
  ASSERT_TRUE(writer.lock().ok());
  FileWriter second = *FileWriter::create(path_of("locked"), /*append=*/true);
  EXPECT_NE(second.lock().message().find("in use by another process"), std::string::npos);
  ASSERT_TRUE(writer.write("one two").ok());
  ASSERT_TRUE(writer.truncate(3).ok());
  ASSERT_TRUE(writer.close().ok());
  EXPECT_TRUE(second.lock().ok());
  EXPECT_EQ(*read_file(path_of("locked")), "one");
}

TEST(File, FullDiskIsExhausted) {
  EXPECT_EQ(write_file("/dev/full", "bytes").kind(), StatusKind::kExhausted);
}

TEST(File, ExistingOutputIsAUsageError) {
  EXPECT_EQ(refuse_existing(testing::TempDir()).kind(), StatusKind::kUsage);
  EXPECT_TRUE(refuse_existing("/nonexistent/x").ok());
}

}  // namespace
}  // namespace crossfade
