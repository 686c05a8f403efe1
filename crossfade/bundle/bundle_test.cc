// Assembling: what a bundle knows, and parts that do not fit.
#include "crossfade/bundle/bundle.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crossfade/bundle/test_bundle.h"

namespace crossfade {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

BundleInput input() {
  return full_input(testing::TempDir() + "bundle_test_catalog.json");
}

Status error_of(BundleInput made) {
  return Bundle::assemble(std::move(made)).status();
}

// As many users and items as in `dataset`, numbered the other way round.
LogColumns other_numbering(const Dataset& dataset) {
  std::vector<std::int64_t> users, items;
  const Vocabulary &known = dataset.domains()[0].items, &people = dataset.users();
  for (std::int32_t i = 0; i < std::max(known.size(), people.size()); ++i) {
    users.push_back(people.numbers()[static_cast<std::size_t>(i % people.size())]);
    items.push_back(known.numbers()[static_cast<std::size_t>(known.size() - 1 - i % known.size())]);
  }
  LogColumns log;
  log.users = std::move(users);
  log.items = std::move(items);
  return log;
}

TEST(Bundle, KnowsItsPartsByDomain) {
  const auto bundle = Bundle::assemble(input());
  ASSERT_TRUE(bundle.ok()) << bundle.status().message();
  ASSERT_TRUE(bundle->check().ok());
  EXPECT_EQ(*bundle->find_domain(""), 0u);
  EXPECT_EQ(*bundle->find_domain("goods"), 1u);
  EXPECT_THAT(bundle->find_domain("good").status().message(), HasSubstr("goods"));
  EXPECT_EQ(bundle->domains()[0].model->name(), "als");
  EXPECT_EQ(bundle->domains()[1].model, nullptr);
  const BundleDomain& music = bundle->domains()[0];
  EXPECT_EQ(music.list_offsets.size(), 22u) << "21 users, one of them only of goods";
  EXPECT_EQ(music.list_offsets[1], 3);
  EXPECT_THAT(music.list_items, ElementsAre(9, 8, 7, 1, 2));
  EXPECT_EQ(music.num_items, bundle->dataset().domains()[0].items.size() + 2);
  EXPECT_EQ(bundle->domains()[1].popular[0], 0) << "two users have tea";
  EXPECT_EQ(bundle->fingerprint(), "");
  EXPECT_EQ(*bundle->metadata()["provenance"]["note"].as_string(), "a test");
}

TEST(Bundle, NumbersTracksBeyondTheVocabulary) {
  const Bundle bundle = *Bundle::assemble(input());
  const ItemIndex known = bundle.dataset().domains()[0].items.size();
  EXPECT_EQ(bundle.find_item(0, ExternalId(2)), known);
  EXPECT_EQ(bundle.find_item(0, ExternalId("9")), known + 1);
  EXPECT_EQ(bundle.find_item(0, ExternalId("09")), kUnknown);
  EXPECT_EQ(bundle.find_item(0, ExternalId(3)), kUnknown);
  EXPECT_EQ(bundle.find_item(1, ExternalId(2)), kUnknown) << "the catalogue is of the music";
  EXPECT_EQ(bundle.item_id(0, known), ExternalId(2));
  EXPECT_EQ(bundle.item_id(1, bundle.find_item(1, ExternalId("mug"))), ExternalId("mug"));
  const ItemIndex track = bundle.find_item(0, ExternalId(1001));
  EXPECT_LT(track, known);
  EXPECT_THAT(bundle.catalog_items(), ElementsAre(known, known + 1, track));
  const auto& popular = bundle.domains()[0].popular;
  EXPECT_EQ(popular[popular.size() - 1], known + 1);
}

TEST(Bundle, PartsThatDoNotFitAreRefused) {
  BundleInput made = input();
  made.dataset = make_dataset({{1, 1000, 0}});
  EXPECT_EQ(error_of(std::move(made)).kind(), StatusKind::kDataInvalid);
  made = input();
  made.dataset = make_dataset({{1, 1000, 0}});
  EXPECT_THAT(error_of(std::move(made)).message(),
              HasSubstr("has 1 items and the model was trained over 30"));
  made = input();
  TestContext run;
  made.dataset = *build_dataset(Dataset(), "music", other_numbering(made.dataset), run);
  EXPECT_THAT(error_of(std::move(made)).message(),
              HasSubstr("other items than the model was trained over"));
  made = input();
  made.dataset = make_dataset({{1, 1000, 0}}, "films");
  EXPECT_THAT(error_of(std::move(made)).message(),
              HasSubstr("'music', which the data does not have (it has films)"));
  made = input();
  made.models.push_back(made.models[1]);
  EXPECT_THAT(error_of(std::move(made)).message(), HasSubstr("two models are called als"));
  made = input();
  made.hidden = {std::vector<std::uint8_t>(3, 0)};
  EXPECT_THAT(error_of(std::move(made)).message(), HasSubstr("3 entries"));
  made = input();
  made.lists[0].users = {5, 5};
  EXPECT_THAT(error_of(std::move(made)).message(), HasSubstr("two personal lists"));
  made = input();
  made.lists[0].items[0] = 30;
  EXPECT_THAT(error_of(std::move(made)).message(), HasSubstr("the personal lists of domain"));
  made = input();
  made.catalog_domain = "films";
  EXPECT_THAT(error_of(std::move(made)).message(), HasSubstr("films"));
  made = input();
  ASSERT_TRUE(write_file(made.catalog_path, "{").ok());
  EXPECT_EQ(error_of(std::move(made)).kind(), StatusKind::kDataInvalid);
  EXPECT_THAT(error_of({}).message(), HasSubstr("needs a domain"));
}

}  // namespace
}  // namespace crossfade
