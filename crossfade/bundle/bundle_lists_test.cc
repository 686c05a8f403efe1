// Parts of a bundle: ids that become indices, those that cannot, and the way to disk and back.
#include "crossfade/bundle/bundle_lists.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crossfade/bundle/bundle.h"
#include "crossfade/bundle/test_bundle.h"
#include "crossfade/bundle/test_list_part.h"

namespace crossfade {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// Tracks 1000 to 1029 of the data and, of the catalogue only, 9 and 2.
BundleInput input(std::vector<ListPart> parts) {
  BundleInput made = full_input(testing::TempDir() + "bundle_lists_catalog.json");
  made.parts = std::move(parts);
  return made;
}

std::string error(ListPart bad) {
  return Bundle::assemble(input({std::move(bad)})).status().message();
}

TEST(BundleLists, ListsHangOnUsersItemsOrNothing) {
  const auto bundle = Bundle::assemble(
      input({list_part("mine", ListsBy::kUser, {777'000, 3}, {{1001, 9, 1001}, {2}}),
             list_part("near", ListsBy::kItem, {9, 1001}, {{1001, 2}, {9}}),
             list_part("top", ListsBy::kNothing, {}, {{9, 1003}})}));
  ASSERT_TRUE(bundle.ok()) << bundle.status().message();
  ASSERT_TRUE(bundle->check().ok());
  const auto index = [&](std::int64_t track) { return bundle->find_item(0, ExternalId(track)); };
  const BundleLists& mine = *bundle->find_lists("mine");
  EXPECT_THAT(mine.list_of_user(ExternalId("777000")),
              ElementsAre(index(1001), index(9), index(1001)))
      << "a user that the data has not met";
  EXPECT_THAT(mine.list_of_user(ExternalId(3)), ElementsAre(index(2)));
  EXPECT_THAT(mine.list_of_user(ExternalId(4)), IsEmpty());
  const BundleLists& near = *bundle->find_lists("near");
  EXPECT_THAT(near.list_of_item(index(9)), ElementsAre(index(1001), index(2)));
  EXPECT_THAT(near.list_of_item(index(1001)), ElementsAre(index(9)));
  EXPECT_THAT(near.list_of_item(index(2)), IsEmpty());
  EXPECT_THAT(near.list_of_item(kUnknown), IsEmpty());
  EXPECT_THAT(bundle->find_lists("top")->list(0), ElementsAre(index(9), index(1003)));
  EXPECT_EQ(bundle->find_lists("tops"), nullptr);
}

TEST(BundleLists, RoundTripWithModelsUnderNamesOfTheirOwn) {
  const std::string path = testing::TempDir() + "bundle_lists_round_trip";
  ASSERT_TRUE(remove_tree(path).ok());
  TestContext run;
  BundleInput made = input({list_part("mine", ListsBy::kUser, {5}, {{1001, 9}}),
                            list_part("near", ListsBy::kItem, {9}, {{1001}})});
  made.models.push_back(made.models[1]);
  made.models.back().part = "als_again";
  made.flows = Json::object().set("flows", Json::object().set("a", Json::array()));
  ASSERT_TRUE(create_bundle(std::move(made), path, run).ok());
  const auto bundle = open_bundle(path);
  ASSERT_TRUE(bundle.ok()) << bundle.status().message();
  EXPECT_THAT(bundle->find_lists("mine")->list_of_user(ExternalId(5)),
              ElementsAre(bundle->find_item(0, ExternalId(1001)), 31));
  EXPECT_THAT(bundle->find_lists("near")->list_of_item(31),
              ElementsAre(bundle->find_item(0, ExternalId(1001))));
  EXPECT_NE(bundle->find_model("als"), nullptr);
  EXPECT_NE(bundle->find_model("als_again"), nullptr);
  EXPECT_EQ(bundle->find_model("near"), nullptr);
  EXPECT_TRUE(bundle->flows().find("flows") != nullptr);
}

TEST(BundleLists, TextIdsAreIdsToo) {
  ListPart made{"mine", {ListsBy::kUser, std::vector<std::string>{"7", "eve"}, {}, {0, 1, 2}}, "f"};
  made.lists.items = std::vector<std::string>{"1001", "9"};
  const auto bundle = Bundle::assemble(input({made}));
  ASSERT_TRUE(bundle.ok()) << bundle.status().message();
  EXPECT_EQ(bundle->find_lists("mine")->list_of_user(ExternalId(7)).size(), 1u);
  EXPECT_EQ(bundle->find_lists("mine")->list_of_user(ExternalId("eve")).size(), 1u);
}

TEST(BundleLists, FilesOfAnotherCatalogueAreRefused) {
  EXPECT_THAT(error(list_part("top", ListsBy::kNothing, {}, {{9, 40321}})),
              HasSubstr("top.json: item 40321 is neither in the data nor in the catalogue; is the "
                        "file of another year"));
  EXPECT_THAT(error(list_part("near", ListsBy::kItem, {40321}, {{9}})), HasSubstr("item 40321"));
  EXPECT_THAT(error(list_part("near", ListsBy::kItem, {9, 9}, {{9}, {2}})),
              HasSubstr("item 9 has two lists"));
}

TEST(BundleLists, NamesAreFoldersAndComeOnce) {
  for (const std::string& name : {std::string(), std::string("a/b"), std::string(".."),
                                  std::string("\xD0\xB6"), std::string(65, 'a')})
    EXPECT_THAT(error(list_part(name, ListsBy::kNothing, {}, {{9}})),
                HasSubstr("give it a name of"));
  const ListPart top = list_part("top", ListsBy::kNothing, {}, {{9}});
  EXPECT_THAT(Bundle::assemble(input({top, top})).status().message(),
              HasSubstr("two parts are called 'top'"));
  EXPECT_THAT(error(list_part("als", ListsBy::kNothing, {}, {{9}})),
              HasSubstr("two parts are called 'als'"));
}

TEST(BundleLists, ACatalogueAloneMakesABundle) {
  BundleInput made;
  made.catalog_path = testing::TempDir() + "bundle_lists_alone.json";
  ASSERT_TRUE(write_file(made.catalog_path, R"({"track": 5, "artist": "A", "title": "T"})").ok());
  made.parts = {list_part("top", ListsBy::kNothing, {}, {{5}})};
  const std::string path = testing::TempDir() + "bundle_lists_alone";
  ASSERT_TRUE(remove_tree(path).ok());
  TestContext run;
  ASSERT_TRUE(create_bundle(std::move(made), path, run).ok());
  const auto bundle = open_bundle(path);
  ASSERT_TRUE(bundle.ok()) << bundle.status().message();
  EXPECT_EQ(bundle->dataset().num_users(), 0);
  EXPECT_EQ(bundle->dataset().domains()[0].name, "music");
  EXPECT_THAT(bundle->find_lists("top")->list(0), ElementsAre(0));
}

}  // namespace
}  // namespace crossfade
