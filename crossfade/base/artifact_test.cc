// Artifacts: whole or not there; every way of damage is found before a number is used.
#include "crossfade/base/artifact.h"

#include <gtest/gtest.h>

#include <fstream>

#include "crossfade/base/file.h"

namespace crossfade {
namespace {

class ArtifactTest : public testing::Test {
 protected:
  void SetUp() override {
    path_ = testing::TempDir() + "artifact_" +
            testing::UnitTest::GetInstance()->current_test_info()->name();
    ASSERT_TRUE(remove_tree(path_).ok());
  }
  ArtifactWriter start() { return *ArtifactWriter::create(path_, "lamp", 1); }
  void write() {
    ArtifactWriter writer = start();
    ASSERT_TRUE(writer.add<float>("light.npy", std::vector<float>{1, 2}).ok());
    ASSERT_TRUE(writer.add_strings("names", StringArray({"a", "bc"})).ok());
    writer.metadata().set("watts", 40);
    ASSERT_TRUE(writer.commit().ok());
  }
  std::string open_error() { return Artifact::open(path_, "lamp", 1).status().message(); }
  std::string path_;
};

TEST_F(ArtifactTest, RoundTrips) {
  write();
  const auto artifact = Artifact::open(path_, "lamp", 1);
  ASSERT_TRUE(artifact.ok()) << artifact.status().message();
  EXPECT_EQ(*artifact->metadata()["watts"].as_int(), 40);
  EXPECT_EQ(artifact->read<float>("light.npy")->values[1], 2);
  EXPECT_EQ((*artifact->read_strings("names"))[1], "bc");
  EXPECT_TRUE(artifact->has("light.npy"));
  EXPECT_FALSE(artifact->has("dark.npy"));
}

TEST_F(ArtifactTest, NothingRemainsWithoutCommit) {
  {
    ArtifactWriter writer = start();
    ASSERT_TRUE(writer.add<std::int64_t>("note.npy", std::vector<std::int64_t>{1}).ok());
  }
  EXPECT_FALSE(path_exists(path_));
}

TEST_F(ArtifactTest, ExistingTargetIsRefused) {
  write();
  EXPECT_EQ(ArtifactWriter::create(path_, "lamp", 1).status().kind(), StatusKind::kUsage);
}

TEST_F(ArtifactTest, DamageIsNamed) {
  write();
  std::string bytes = *read_file(path_ + "/light.npy");
  bytes.back() ^= 1;
  ASSERT_TRUE(write_file(path_ + "/light.npy", bytes).ok());
  EXPECT_NE(open_error().find("light.npy is not what was written"), std::string::npos);
  bytes.pop_back();
  ASSERT_TRUE(write_file(path_ + "/light.npy", bytes).ok());
  EXPECT_NE(open_error().find("bytes"), std::string::npos);
  ASSERT_TRUE(remove_tree(path_ + "/light.npy").ok());
  EXPECT_NE(open_error().find("light.npy is missing"), std::string::npos);
}

TEST_F(ArtifactTest, DamageOfTheManifestIsFound) {
  write();
  const std::string manifest = path_ + "/manifest.json", text = *read_file(manifest);
  for (std::size_t at = 0; at < text.size(); at += 7) {
    std::string damaged = text;
    damaged[at] = static_cast<char>(damaged[at] ^ 1);
    std::ofstream(manifest) << damaged;  // not write_file(), which waits for the disk
    EXPECT_NE(open_error().find("manifest.json"), std::string::npos) << at;
    std::ofstream(manifest) << text.substr(0, at);
    EXPECT_NE(open_error().find("manifest.json"), std::string::npos) << at;
  }
}

TEST_F(ArtifactTest, ForeignFoldersAreRefused) {
  EXPECT_EQ(Artifact::open(path_, "lamp", 1).status().kind(), StatusKind::kFailed);
  ASSERT_TRUE(make_folder(path_).ok());
  EXPECT_NE(open_error().find("has no manifest.json"), std::string::npos);
  ASSERT_TRUE(write_file(path_ + "/manifest.json", "{").ok());
  EXPECT_NE(open_error().find("not valid JSON"), std::string::npos);
  ASSERT_TRUE(write_file(path_ + "/manifest.json", "{}").ok());
  EXPECT_NE(open_error().find("not the manifest of a lamp"), std::string::npos);
  ASSERT_TRUE(remove_tree(path_).ok());
  write();
  EXPECT_NE(Artifact::open(path_, "bundle", 1).status().message().find("is a lamp"),
            std::string::npos);
}

TEST_F(ArtifactTest, NewerSchemaIsRefused) {
  ArtifactWriter writer = *ArtifactWriter::create(path_, "lamp", 2);
  ASSERT_TRUE(writer.commit().ok());
  EXPECT_NE(open_error().find("another version"), std::string::npos);
}

}  // namespace
}  // namespace crossfade
