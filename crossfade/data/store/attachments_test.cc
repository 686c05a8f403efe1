// Item tables to disk and back, with stores that grow in between.
#include "crossfade/data/store/attachments.h"

#include <gmock/gmock.h>

#include <cmath>
#include <filesystem>
#include <limits>

#include "crossfade/base/file.h"
#include "crossfade/data/store/compact_store.h"
#include "crossfade/data/store/store.h"
#include "crossfade/data/store/store_import.h"
#include "crossfade/data/test_log.h"

namespace crossfade {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string fresh(const std::string& name) {
  const std::string path = testing::TempDir() + "crossfade_attachments_" + name;
  EXPECT_TRUE(remove_tree(path).ok());
  return path;
}

ItemTable planted() {
  ItemTable about;
  about.attributes.push_back({"price", NumberAttribute{std::vector<float>{1, 2.5F}}});
  about.attributes.push_back(
      {"name", TextAttribute{StringArray(std::vector<std::string>{"Ünï", ""})}});
  LabelAttribute genres;
  genres.offsets = std::vector<std::int64_t>{0, 2, 3};
  genres.codes = std::vector<std::int32_t>{0, 1, 1};
  genres.labels = StringArray(std::vector<std::string>{"7", "9"});
  genres.names = StringArray(std::vector<std::string>{"rock", ""});
  about.attributes.push_back({"genres / odd \n name", genres});
  about.vectors = {2, std::vector<float>{1, 2, 0, 0}, std::vector<std::uint8_t>{1, 0}};
  return about;
}

std::vector<std::string> labels_of(const ItemTable& about, const std::string& name,
                                   std::size_t item) {
  const auto& labels = std::get<LabelAttribute>(about.find(name)->values);
  std::vector<std::string> found;
  for (std::int64_t i = labels.offsets[item]; i < labels.offsets[item + 1]; ++i)
    found.emplace_back(
        labels.labels[static_cast<std::size_t>(labels.codes[static_cast<std::size_t>(i)])]);
  return found;
}

TEST(ItemTable, BrokenTablesAreNamed) {
  EXPECT_TRUE(planted().check(2).ok());
  EXPECT_THAT(planted().check(3).message(), HasSubstr("'price' has 2 entries"));
  ItemTable broken = planted();
  std::get<LabelAttribute>(broken.attributes[2].values).codes = std::vector<std::int32_t>{0, 2, 1};
  EXPECT_THAT(broken.check(2).message(), HasSubstr("are damaged"));
  broken = planted();
  broken.vectors.dimension = 3;
  EXPECT_THAT(broken.check(2).message(), HasSubstr("dimension, 3"));
}

TEST(ItemTable, MoreItemsHaveMissingValuesAndNewerAttributesWin) {
  const ItemTable longer = extend(planted(), 4);
  ASSERT_TRUE(longer.check(4).ok());
  EXPECT_TRUE(std::isnan(std::get<NumberAttribute>(longer.attributes[0].values).values[3]));
  EXPECT_EQ(std::get<TextAttribute>(longer.attributes[1].values).values[3], "");
  EXPECT_TRUE(labels_of(longer, "genres / odd \n name", 3).empty());
  EXPECT_EQ(longer.vectors.present[3], 0);
  ItemTable newer;
  newer.attributes.push_back({"price", NumberAttribute{std::vector<float>{3, 4}}});
  newer.attributes.push_back({"year", NumberAttribute{std::vector<float>{1999, 2000}}});
  const ItemTable both = merge(planted(), newer);
  EXPECT_EQ(both.attributes.size(), 4U);
  EXPECT_EQ(std::get<NumberAttribute>(both.find("price")->values).values[0], 3);
  EXPECT_EQ(both.vectors.dimension, 2);
}

TEST(Attachments, ComeBackAsTheyWere) {
  const std::string path = fresh("one");
  ASSERT_TRUE(write_attachment(path, "music", planted(), 2, Json::object()).ok());
  const auto back = read_attachment(path, 2, Verify::kFull);
  ASSERT_TRUE(back.ok()) << back.status().message();
  EXPECT_EQ(back->attributes[1].name, "name");
  EXPECT_EQ(std::get<TextAttribute>(back->attributes[1].values).values[0], "Ünï");
  EXPECT_THAT(labels_of(*back, "genres / odd \n name", 0), ElementsAre("7", "9"));
  EXPECT_EQ(std::get<LabelAttribute>(back->attributes[2].values).names[0], "rock");
  EXPECT_EQ(back->vectors.values[1], 2);
  EXPECT_THAT(read_attachment(path, 1, Verify::kFull).status().message(),
              HasSubstr("is about 2 items, and there are 1"));
}

TEST(Attachments, AStoreCarriesThemAsItGrows) {
  TestContext run;
  const std::string path = fresh("store");
  const Dataset dataset = make_dataset({{1, 10, 5}, {2, 20, 6}});
  ASSERT_TRUE(create_store(path, dataset).ok());
  ASSERT_TRUE(attach_to_store(path, "music", planted(), 2, Json::object()).ok());
  Store store = *open_store(path);
  EXPECT_EQ(store.dataset.domains()[0].about.attributes.size(), 3U);
  // A store made of this one brings them along.
  const std::string copy = fresh("copy");
  ASSERT_TRUE(create_store(copy, store.dataset).ok());
  EXPECT_EQ(open_store(copy)->dataset.domains()[0].about.vectors.values[1], 2);
  // Another domain has none.
  const Dataset grown = *build_dataset(store.dataset, "shop", make_log({{1, 7, 1}}), run);
  ASSERT_TRUE(add_domain(store, grown).ok());
  ItemTable more;
  more.attributes.push_back({"price", NumberAttribute{std::vector<float>{8, 9}}});
  ASSERT_TRUE(attach_to_store(path, "music", more, 2, Json::object()).ok());
  store = *open_store(path);
  EXPECT_TRUE(store.dataset.domains()[1].about.empty());
  const ItemTable& about = store.dataset.domains()[0].about;
  EXPECT_EQ(std::get<NumberAttribute>(about.find("price")->values).values[1], 9);
  EXPECT_EQ(about.attributes.size(), 3U);
}

TEST(Attachments, ItemsThatNobodyTookComeBehindTheOthers) {
  TestContext run;
  const std::string path = fresh("unplayed");
  ASSERT_TRUE(create_store(path, make_dataset({{1, 10, 5}, {2, 20, 6}})).ok());
  const IdList added{false, Array<std::int64_t>(std::vector<std::int64_t>{40, 30}), {}};
  ItemTable prices;
  prices.attributes.push_back({"price", NumberAttribute{std::vector<float>{1, 2, 4, 3}}});
  ASSERT_TRUE(attach_to_store(path, "music", prices, 4, Json::object(), added).ok());
  // Also after the next rows, which know one of them, and in one segment.
  for (const char* moment : {"attached", "grown", "compacted"}) {
    if (moment == std::string("grown")) {
      auto import = StoreImport::open({path, true, "music"}, {}, {}, run);
      ASSERT_TRUE(import.ok()) << import.status().message();
      ASSERT_TRUE(import->add(make_log({{1, 30, 7}, {3, 50, 8}}), [] { return Json(); }).ok());
      ASSERT_TRUE(import->finish([](const ImportedRows&) { return ImportReport(); }).ok());
    }
    if (moment == std::string("compacted")) {
      ASSERT_TRUE(compact_store(path, run).ok());
    }
    const auto store = open_store(path);
    ASSERT_TRUE(store.ok()) << moment << ": " << store.status().message();
    const Domain& domain = store->dataset.domains()[0];
    EXPECT_EQ(domain.items.find(std::int64_t{40}), 2) << moment;
    EXPECT_EQ(domain.items.find(std::int64_t{30}), 3) << moment;
    EXPECT_EQ(std::get<NumberAttribute>(domain.about.find("price")->values).values[3], 3);
    EXPECT_EQ(domain.num_interactions(), moment == std::string("attached") ? 2 : 4);
  }
}

TEST(Attachments, DamageIsFound) {
  const std::string path = fresh("damaged");
  ASSERT_TRUE(create_store(path, make_dataset({{1, 10, 5}, {2, 20, 6}})).ok());
  ASSERT_TRUE(attach_to_store(path, "music", planted(), 2, Json::object()).ok());
  const std::string victim = path + "/attachments/000-music/vectors.npy";
  std::string bytes = *read_file(victim);
  bytes.back() = static_cast<char>(bytes.back() ^ 1);
  ASSERT_TRUE(replace_file(victim, bytes).ok());
  EXPECT_THAT(open_store(path).status().message(), HasSubstr("vectors.npy"));
  std::filesystem::remove_all(path + "/attachments");
  EXPECT_EQ(open_store(path).status().kind(), StatusKind::kDataInvalid);
}

}  // namespace
}  // namespace crossfade
