// A catalogue made of a small network whose answers are known, read back as the service reads it.
#include "crossfade/bundle/similar_catalog.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crossfade/base/file.h"
#include "crossfade/bundle/list_file.h"
#include "crossfade/data/test_log.h"
#include "crossfade/models/contextual/contextual_model.h"

namespace crossfade {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// Tracks 10, 20 and 30; after 10 comes 30 before 20, after the others 10 comes first.
std::unique_ptr<Model> small_network() {
  ContextualConfig config;
  config.dimensions = 2;
  config.users = false;
  auto model = ContextualModel::make(config, "music",
                                     {{std::vector<float>{1, 0, 0, 1, 0, 1}, 3, 2},
                                      {std::vector<float>{1, 9, 2, 3, 4, 3}, 3, 2},
                                      {}});
  CROSSFADE_CHECK(model.ok(), model.status().message());
  return std::move(*model);
}

Catalog catalog_of(const std::string& text) {
  const std::string path = testing::TempDir() + "plain_catalog";
  EXPECT_TRUE(write_file(path, text).ok());
  return *Catalog::parse(path);
}

TEST(SimilarCatalog, WritesWhatTheServiceReads) {
  const Dataset dataset = make_dataset({{1, 10, 0}, {1, 20, 1}, {1, 30, 2}});
  const auto model = small_network();
  const std::string path = testing::TempDir() + "similar_catalog";
  TestContext run;
  // Track 20 is not in the catalogue, track 7 not in the log.
  const Catalog catalog =
      catalog_of(R"({"track": 30, "artist": "\u042f", "title": "Three"})"
                 "\n"
                 R"({"track": 7, "artist": "B", "title": "Seven", "recommendations": [30]})"
                 "\n"
                 R"({"track": 10, "artist": "A", "title": "Ten"})");
  const Vocabulary& items = dataset.domains()[0].items;
  const auto written = write_similar_catalog({catalog, items, *model, 2}, path, run);
  ASSERT_TRUE(written.ok()) << written.status().message();
  EXPECT_EQ(*written, 2);
  EXPECT_EQ(*read_file(path),
            "{\"artist\": \"B\", \"title\": \"Seven\", \"track\": 7, \"recommendations\": []}\n"
            "{\"artist\": \"A\", \"title\": \"Ten\", \"track\": 10, \"recommendations\": [30]}\n"
            "{\"artist\": \"\xD0\xAF\", \"title\": \"Three\", \"track\": 30, "
            "\"recommendations\": [10]}\n");
  const auto again = Catalog::parse(path);
  ASSERT_TRUE(again.ok()) << again.status().message();
  EXPECT_THAT(again->find(10)->recommendations, ElementsAre(30));
  const auto lists = read_list_file(path);
  ASSERT_TRUE(lists.ok()) << lists.status().message();
  EXPECT_EQ(lists->by, ListsBy::kItem);
}

TEST(SimilarCatalog, TextsAreNoTracks) {
  TestContext run;
  LogColumns log;
  log.users = std::vector<std::int64_t>{1, 1, 1};
  log.items = std::vector<std::string>{"a", "b", "c"};
  const Dataset dataset = *build_dataset(Dataset(), "music", std::move(log), run);
  const auto model = small_network();
  const std::string path = testing::TempDir() + "similar_of_texts";
  const Catalog catalog = catalog_of(R"({"track": 1, "artist": "A", "title": "B"})");
  const auto written =
      write_similar_catalog({catalog, dataset.domains()[0].items, *model, 2}, path, run);
  EXPECT_EQ(written.status().kind(), StatusKind::kUsage);
  EXPECT_THAT(written.status().message(), HasSubstr("texts"));
  run.stop = true;
  const Dataset numbers = make_dataset({{1, 10, 0}, {1, 20, 1}, {1, 30, 2}});
  EXPECT_EQ(write_similar_catalog({catalog, numbers.domains()[0].items, *model, 2}, path, run)
                .status()
                .kind(),
            StatusKind::kInterrupted);
  EXPECT_FALSE(path_exists(path));
}

}  // namespace
}  // namespace crossfade
