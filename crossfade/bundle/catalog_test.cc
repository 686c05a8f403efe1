// Catalogues: lines of every year of botify, the way through an artifact, and what is refused.
#include "crossfade/bundle/catalog.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crossfade/base/file.h"

namespace crossfade {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class CatalogTest : public testing::Test {
 protected:
  void SetUp() override {
    path_ = testing::TempDir() + "catalog_" +
            testing::UnitTest::GetInstance()->current_test_info()->name();
    ASSERT_TRUE(remove_tree(path_).ok());
  }
  Result<Catalog> parse(const std::string& text) {
    EXPECT_TRUE(write_file(path_, text).ok());
    return Catalog::parse(path_);
  }
  std::string error(const std::string& text) {
    const auto catalog = parse(text);
    EXPECT_EQ(catalog.status().kind(), StatusKind::kDataInvalid);
    EXPECT_THAT(catalog.status().message(), HasSubstr(path_));
    return catalog.status().message();
  }
  std::string path_;
};

// One line as each generation of the catalogue has it; invented contents.
const char* const kYears =
    R"({"artist": "Ann", "title": "One", "track": 7})"
    "\n"
    R"({"artist": "B\u00f6", "title": "\u042f", "track": 3, "recommendations": [7, 99, 3]})"
    "\r\n"
    R"({"artist": "Cy", "album": 5, "title": "", "genre": [1, 2], "pop": 0.5, "duration": 200,)"
    R"( "track": -2})"
    "\n\n"
    R"({"title": "Four", "alternative_title": "4", "artist": "Di", "genres": ["x"], "year": 1990,)"
    R"( "mood": "calm", "artist_fans": 9, "track": 100, "recommendations": null})";

TEST_F(CatalogTest, ReadsTheLinesOfAllYears) {
  const auto catalog = parse(kYears);
  ASSERT_TRUE(catalog.ok()) << catalog.status().message();
  EXPECT_THAT(catalog->tracks(), ElementsAre(-2, 3, 7, 100));
  const auto entry = catalog->find(3);
  ASSERT_TRUE(entry.has_value());
  EXPECT_EQ(entry->artist, "B\xC3\xB6");
  EXPECT_EQ(entry->title, "\xD0\xAF");
  EXPECT_THAT(entry->recommendations, ElementsAre(7, 99, 3));
  EXPECT_EQ(catalog->find(7)->title, "One");
  EXPECT_TRUE(catalog->find(100)->recommendations.empty());
  EXPECT_FALSE(catalog->find(8).has_value());
  EXPECT_FALSE(Catalog().find(8).has_value());
}

TEST_F(CatalogTest, StandsInAnArtifactAsColumns) {
  const Catalog catalog = *parse(kYears);
  const std::string folder = path_ + "_artifact";
  ASSERT_TRUE(remove_tree(folder).ok());
  auto writer = *ArtifactWriter::create(folder, "lamp", 1);
  ASSERT_TRUE(catalog.save(writer, "catalog").ok());
  ASSERT_TRUE(writer.commit().ok());
  const auto loaded = Catalog::load(*Artifact::open(folder, "lamp", 1), "catalog");
  ASSERT_TRUE(loaded.ok()) << loaded.status().message();
  ASSERT_EQ(loaded->size(), 4);
  for (std::int64_t row = 0; row < 4; ++row) {
    const CatalogEntry before = catalog.entry(row), after = loaded->entry(row);
    EXPECT_EQ(before.track, after.track);
    EXPECT_EQ(before.artist, after.artist);
    EXPECT_EQ(before.title, after.title);
    EXPECT_TRUE(std::ranges::equal(before.recommendations, after.recommendations));
  }
}

TEST_F(CatalogTest, ColumnsThatDoNotFitAreRefused) {
  const std::string folder = path_ + "_artifact";
  ASSERT_TRUE(remove_tree(folder).ok());
  auto writer = *ArtifactWriter::create(folder, "lamp", 1);
  ASSERT_TRUE(writer.add<std::int64_t>("c/tracks.npy", std::vector<std::int64_t>{5, 5}).ok());
  ASSERT_TRUE(writer.add_strings("c/artists", StringArray({"a", "b"})).ok());
  ASSERT_TRUE(writer.add_strings("c/titles", StringArray({"a", "b"})).ok());
  const std::vector<std::int64_t> offsets{0, 0, 0};
  ASSERT_TRUE(writer.add<std::int64_t>("c/recommendations.offsets.npy", offsets).ok());
  ASSERT_TRUE(writer.add<std::int64_t>("c/recommendations.npy", std::vector<std::int64_t>{}).ok());
  ASSERT_TRUE(writer.commit().ok());
  const auto loaded = Catalog::load(*Artifact::open(folder, "lamp", 1), "c");
  EXPECT_THAT(loaded.status().message(), HasSubstr("columns of the catalogue do not fit"));
}

TEST_F(CatalogTest, BadLinesAreNamed) {
  const std::string good = R"({"artist": "a", "title": "t", "track": 1})"
                           "\n";
  EXPECT_THAT(error(good + "{"), HasSubstr("line 2: not valid JSON at byte"));
  EXPECT_THAT(error("\n[1]\n"), HasSubstr("line 2: not a JSON object"));
  EXPECT_THAT(error(R"({"artist": "a", "title": "t", "track": "1"})"),
              HasSubstr("line 1: the member 'track' is missing or is not an integer"));
  EXPECT_THAT(error(R"({"artist": "a", "track": 1})"), HasSubstr("line 1: the member 'title'"));
  EXPECT_THAT(error(R"({"artist": null, "title": "t", "track": 1})"), HasSubstr("'artist'"));
  EXPECT_THAT(error(R"({"artist": "a", "title": "t", "track": 1, "recommendations": 2})"),
              HasSubstr("'recommendations' is not an array"));
  EXPECT_THAT(error(R"({"artist": "a", "title": "t", "track": 1, "recommendations": [1.5]})"),
              HasSubstr("'recommendations' holds something else"));
  EXPECT_THAT(error(good + "\n" + good), HasSubstr("track 1 stands in line 1 and in line 3"));
  EXPECT_THAT(error(""), HasSubstr("has no tracks"));
  EXPECT_EQ(Catalog::parse("/nonexistent/x").status().kind(), StatusKind::kFailed);
}

}  // namespace
}  // namespace crossfade
