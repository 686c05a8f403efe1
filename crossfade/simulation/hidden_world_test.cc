// The three files: what is read from each generation's form, and a sentence for each way that they
// can be wrong.
#include "crossfade/simulation/hidden_world.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crossfade/simulation/test_world.h"

namespace crossfade {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string file_with(const std::string& name, const std::string& text) {
  std::string path = testing::TempDir() + name;
  CROSSFADE_CHECK(write_file(path, text).ok(), "the test's file is written");
  return path;
}

TEST(Listeners, ReadsTheFormsOfAllYears) {
  const auto read = read_listeners(
      file_with("years.json",
                R"({"user": 7, "interests": [1, 2, 1], "consume_bias": 9.5})"
                "\n\n"
                R"({"user":8,"interests":[0],"consume_bias":-0.1,"consume_sharpness":14.5,)"
                R"("openness":0.4,"session_budget":3,"artist_discount_gamma":0.5,)"
                R"("interest_neighbours":2})"
                "\r\n"),
      {.sharpness = 1.5}, 3);
  ASSERT_TRUE(read.ok()) << read.status().message();
  ASSERT_EQ(read->all.size(), 2u);
  EXPECT_EQ(read->all[0].user, 7);
  EXPECT_EQ(read->all[0].temper.bias, 9.5);
  EXPECT_EQ(read->all[0].temper.sharpness, 1.5);  // the default that was handed in
  EXPECT_EQ(read->all[0].temper.budget, 5);
  EXPECT_THAT(read->interests_of(read->all[0]), ElementsAre(1, 2, 1));
  EXPECT_EQ(read->all[1].temper.bias, -0.1);
  EXPECT_EQ(read->all[1].temper.budget, 3);
  EXPECT_EQ(read->all[1].temper.gamma, 0.5);
  EXPECT_EQ(read->all[1].temper.neighbours, 2);
  EXPECT_THAT(read->interests_of(read->all[1]), ElementsAre(0));
}

TEST(Listeners, WrongFilesGetASentence) {
  const auto error = [](const std::string& text) {
    const auto read = read_listeners(file_with("wrong_users.json", text), {}, 3);
    EXPECT_EQ(read.status().kind(), StatusKind::kDataInvalid) << text;
    return read.status().message();
  };
  EXPECT_THAT(error(""), HasSubstr("has no listeners"));
  EXPECT_THAT(error("[1]\n"), HasSubstr("line 1: not a JSON object"));
  EXPECT_THAT(error("{\"user\": 1, \"interests\": [0]\n"), HasSubstr("line 1"));
  EXPECT_THAT(error(R"({"interests": [0]})"), HasSubstr("user"));
  EXPECT_THAT(error(R"({"user": 1})"), HasSubstr("'interests' is not an array"));
  EXPECT_THAT(error(R"({"user": 1, "interests": []})"), HasSubstr("at least one track"));
  EXPECT_THAT(error(R"({"user": 1, "interests": [3]})"), HasSubstr("tracks are 0 to 2"));
  EXPECT_THAT(error(R"({"user": 1, "interests": ["a"]})"), HasSubstr("is no track"));
  EXPECT_THAT(error(R"({"user": 1, "interests": [0], "consume_bias": "x"})"),
              HasSubstr("'consume_bias' is not a number"));
  EXPECT_THAT(error(R"({"user": 1, "interests": [0], "artist_discount_gamma": 1.5})"),
              HasSubstr("from 0 to 1"));
  EXPECT_THAT(error(R"({"user": 1, "interests": [0], "session_budget": 0})"),
              HasSubstr("'session_budget'"));
  EXPECT_THAT(error(R"({"user": 1, "interests": [0], "session_budget": 1.5})"),
              HasSubstr("is not whole"));
  EXPECT_THAT(error("{\"user\": 1, \"interests\": [0]}\n{\"user\": 1, \"interests\": [0]}"),
              HasSubstr("user 1 stands in line 1 already"));
}

TEST(Tracks, ReadsAnyOrderAndNumbersArtists) {
  const auto read =
      read_tracks(file_with("tracks.json",
                            R"({"artist": "B", "title": "x", "track": 2})"
                            "\n"
                            R"({"artist": "A", "album": 5, "genre": [1], "pop": 0.5, "track": 0})"
                            "\n"
                            R"({"title": "y", "artist": "B", "track": 1})"),
                  3);
  ASSERT_TRUE(read.ok()) << read.status().message();
  EXPECT_THAT(read->artist_of, ElementsAre(1, 0, 0));
  EXPECT_EQ(read->artists[0], "B");
  EXPECT_EQ(read->titles[2], "x");
  EXPECT_EQ(read->titles[0], "");
}

TEST(Tracks, WrongFilesGetASentence) {
  const auto error = [](const std::string& text) {
    const auto read = read_tracks(file_with("wrong_tracks.json", text), 2);
    EXPECT_EQ(read.status().kind(), StatusKind::kDataInvalid) << text;
    return read.status().message();
  };
  const std::string zero = R"({"artist": "A", "track": 0})"
                           "\n";
  EXPECT_THAT(error(zero), HasSubstr("lacks track 1"));
  EXPECT_THAT(error(zero + zero), HasSubstr("line 2: track 0 comes a second time"));
  EXPECT_THAT(error(R"({"artist": "A", "track": 2})"), HasSubstr("track 2 has no embedding"));
  EXPECT_THAT(error(R"({"track": 0})"), HasSubstr("'artist' is missing"));
  EXPECT_THAT(error(R"({"artist": "A", "track": "0"})"), HasSubstr("track"));
}

TEST(HiddenWorld, OneTrackAndOneUserAreAWorld) {
  const HiddenWorld world = test_world({.tracks = 1, .dims = 1, .users = 1}, "tiny");
  EXPECT_THAT(world.neighbours.of(0), ElementsAre(0));
  EXPECT_EQ(world.listeners.all.size(), 1u);
}

TEST(HiddenWorld, NeighboursAreTheLargestProductsAndPreparingChangesNothing) {
  const HiddenWorld world = test_world({}, "near"), prepared = test_world({}, "near");
  ThreadPool threads(2);
  SilentProgress progress;
  const std::atomic<bool> stop{false};
  Context context{threads, progress, stop};
  std::vector<std::int32_t> all;
  for (std::int32_t track = 0; track < 60; ++track) all.insert(all.end(), {track, track});
  ASSERT_TRUE(prepared.neighbours.prepare(all, context).ok());
  const Array<float> rows = world.vectors.as_floats();
  for (std::int32_t track = 0; track < 60; ++track) {
    std::vector<std::pair<double, std::int32_t>> best;
    for (std::int32_t other = 0; other < 60; ++other) {
      double sum = 0;
      for (std::size_t i = 0; i < 16; ++i)
        sum += static_cast<double>(rows[static_cast<std::size_t>(track) * 16 + i]) *
               rows[static_cast<std::size_t>(other) * 16 + i];
      best.emplace_back(-sum, other);
    }
    std::sort(best.begin(), best.end());
    const auto found = world.neighbours.of(track), again = prepared.neighbours.of(track);
    ASSERT_EQ(found.size(), 10u);
    for (std::size_t i = 0; i < found.size(); ++i) {
      EXPECT_EQ(found[i], best[i].second);
      EXPECT_EQ(found[i], again[i]);
    }
  }
}

}  // namespace
}  // namespace crossfade
