// env.yml of both generations, and a sentence for what is no such file.
#include "crossfade/simulation/environment_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crossfade/base/file.h"

namespace crossfade {
namespace {

using testing::HasSubstr;

Result<Environment> environment(const std::string& text) {
  const std::string path = testing::TempDir() + "env.yml";
  CROSSFADE_CHECK(write_file(path, text).ok(), "the test's file is written");
  return read_environment(path);
}

TEST(Environment, ReadsTheFormOf2026) {
  const auto read = environment(
      "---\n"
      "# a comment\n"
      "artists_config:\n"
      "    path: x  # unused\n"
      "track_catalog_config:\n"
      "    tracks_path: 'data/tracks.json'\n"
      "    tracks_embeddings_path: \"data/embeddings.npy\"   # a file\n"
      "    generation:\n"
      "      deeper: 5\n"
      "    other: 1\n"
      "user_catalog_config:\n"
      "  model: llama\n"
      "  user_catalog_path: data/users.json\n"
      "  default_session_budget: 7\n"
      "  default_artist_discount_gamma: 0.5\n"
      "\n"
      "remote_recommender_config:\n"
      "    host: localhost\n"
      "    port: 5001\n");
  ASSERT_TRUE(read.ok()) << read.status().message();
  EXPECT_EQ(read->paths.tracks, "data/tracks.json");
  EXPECT_EQ(read->paths.embeddings, "data/embeddings.npy");
  EXPECT_EQ(read->paths.users, "data/users.json");
  EXPECT_EQ(read->defaults.budget, 7);
  EXPECT_EQ(read->defaults.gamma, 0.5);
  EXPECT_EQ(read->defaults.bias, 5.0);
  EXPECT_EQ(read->url, "http://localhost:5001");
}

TEST(Environment, ReadsTheFormOf2022) {
  const auto read = environment(
      "track_catalog_config:\n"
      "  track_meta_path: tracks.json\n"
      "  track_embeddings_path: tracks.npy\n");
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->paths.tracks, "tracks.json");
  EXPECT_EQ(read->paths.embeddings, "tracks.npy");
  EXPECT_EQ(read->url, "");
}

TEST(Environment, WrongFilesGetASentence) {
  const auto error = [](const std::string& text) {
    const auto read = environment(text);
    EXPECT_EQ(read.status().kind(), StatusKind::kDataInvalid) << text;
    return read.status().message();
  };
  EXPECT_THAT(error("a: 1\n  b: 2\n"), HasSubstr("line 2"));
  EXPECT_THAT(error("hello\n"), HasSubstr("'hello' is not 'key: value'"));
  EXPECT_THAT(error("a:\n  - 1\n"), HasSubstr("line 2"));
  EXPECT_THAT(error("a: [1, 2]\n"), HasSubstr("not read here"));
  EXPECT_THAT(error("a: 'x\n"), HasSubstr("quotes"));
  EXPECT_THAT(error("a:\n\tb: 1\n"), HasSubstr("tabs"));
  EXPECT_THAT(error("user_catalog_config:\n  default_consume_bias: high\n"),
              HasSubstr("'high', not a number"));
  EXPECT_THAT(error("user_catalog_config:\n  default_session_budget: 0\n"),
              HasSubstr("whole number from 1"));
  EXPECT_THAT(error("user_catalog_config:\n  default_artist_discount_gamma: 2\n"),
              HasSubstr("from 0 to 1"));
  EXPECT_EQ(read_environment("nothing.yml").status().kind(), StatusKind::kFailed);
}

}  // namespace
}  // namespace crossfade
