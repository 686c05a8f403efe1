// Settings files: what is written reads back; a wrong line is named.
#include "crossfade/pipeline/settings_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crossfade/pipeline/test_kinds.h"

namespace crossfade {
namespace {

TEST(SettingsFile, ReadsBackAndForgivesSpacesAndComments) {
  const std::string path = fresh_folder("settings");
  ASSERT_TRUE(write_settings(path, "the best", {"factors=64", "nu=0.5"}).ok());
  EXPECT_THAT(*read_settings(path), testing::ElementsAre("factors=64", "nu=0.5"));
  ASSERT_TRUE(write_file(path, "\n  a=1  # one\r\n#b=2\nc=x y").ok());
  EXPECT_THAT(*read_settings(path), testing::ElementsAre("a=1", "c=x y"));
}

TEST(SettingsFile, AWrongLineIsNamed) {
  const std::string path = fresh_folder("settings");
  ASSERT_TRUE(write_file(path, "a=1\nfactors 64\n").ok());
  const Status status = read_settings(path).status();
  EXPECT_EQ(status.kind(), StatusKind::kDataInvalid);
  EXPECT_THAT(status.message(), testing::HasSubstr("line 2"));
  EXPECT_EQ(read_settings(path + ".none").status().kind(), StatusKind::kFailed);
}

}  // namespace
}  // namespace crossfade
