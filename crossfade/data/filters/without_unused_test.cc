// What nobody uses leaves; the rest keeps its order, its rows and what is known of it.
#include "crossfade/data/filters/without_unused.h"

#include <gmock/gmock.h>

#include "crossfade/data/select_rows.h"
#include "crossfade/data/test_log.h"

namespace crossfade {
namespace {

using testing::ElementsAre;

ItemTable about_three_items() {
  ItemTable about;
  about.attributes.push_back({"price", NumberAttribute{std::vector<float>{1, 2, 3}}});
  about.attributes.push_back({"title", TextAttribute{StringArray({"one", "two", "three"})}});
  about.attributes.push_back(
      {"genres",
       LabelAttribute{std::vector<std::int64_t>{0, 2, 2, 3}, std::vector<std::int32_t>{0, 1, 1},
                      StringArray({"rock", "pop"}), StringArray()}});
  about.vectors = {2, std::vector<float>{1, 2, 3, 4, 5, 6}, std::vector<std::uint8_t>{1, 0, 1}};
  return about;
}

TEST(WithoutUnusedTest, RenumbersUsersAndItems) {
  TestContext run;
  Dataset d = make_dataset({{7, 10, 1}, {8, 11, 2}, {9, 12, 3}, {9, 10, 4}});
  d = *build_dataset(d, "shop", make_log({{9, 5, 1}}), run);
  const Dataset part = without_unused(select_rows(d, {{0, 1, 1, 0}, {1}}, 1, run), run);
  ASSERT_TRUE(part.check().ok());
  EXPECT_THAT(part.users().numbers(), ElementsAre(8, 9));
  EXPECT_THAT(part.domains()[0].items.numbers(), ElementsAre(11, 12));
  EXPECT_THAT(part.domains()[0].offsets, ElementsAre(0, 1, 2));
  EXPECT_THAT(part.domains()[0].item, ElementsAre(0, 1));
  EXPECT_THAT(part.domains()[0].time_ns, ElementsAre(2, 3));
  EXPECT_THAT(part.domains()[1].offsets, ElementsAre(0, 0, 1));
}

TEST(WithoutUnusedTest, IdsMayBeText) {
  TestContext run;
  LogColumns log;
  log.users = std::vector<std::string>{"anna", "boris", "clara"};
  log.items = std::vector<std::string>{"x", "", "z"};
  const Dataset d = *build_dataset(Dataset(), "music", log, run);
  const Dataset part = without_unused(select_rows(d, {{1, 0, 1}}, 1, run), run);
  ASSERT_TRUE(part.check().ok());
  EXPECT_EQ(part.users().size(), 2);
  EXPECT_EQ(part.users().id_text(1), "clara");
  EXPECT_EQ(part.domains()[0].items.id_text(1), "z");
  EXPECT_EQ(part.domains()[0].items.find(std::string_view("z")), 1);
}

TEST(WithoutUnusedTest, ItemTablesFollow) {
  TestContext run;
  Dataset d = make_dataset({{1, 10, 1}, {1, 11, 2}, {1, 12, 3}});
  std::vector<Domain> domains = d.domains();
  domains[0].about = about_three_items();
  d = Dataset(d.users(), std::move(domains));
  const Dataset part = without_unused(select_rows(d, {{0, 1, 1}}, 1, run), run);
  const ItemTable& about = part.domains()[0].about;
  EXPECT_THAT(std::get<NumberAttribute>(about.find("price")->values).values, ElementsAre(2, 3));
  EXPECT_EQ(std::get<TextAttribute>(about.find("title")->values).values[1], "three");
  const auto& genres = std::get<LabelAttribute>(about.find("genres")->values);
  EXPECT_THAT(genres.offsets, ElementsAre(0, 0, 1));
  EXPECT_THAT(genres.codes, ElementsAre(1));
  EXPECT_EQ(genres.labels.size(), 2U);
  EXPECT_THAT(about.vectors.values, ElementsAre(3, 4, 5, 6));
  EXPECT_THAT(about.vectors.present, ElementsAre(0, 1));
}

TEST(WithoutUnusedTest, NothingToDoSharesTheColumns) {
  TestContext run;
  const Dataset d = make_dataset({{1, 10, 1}, {2, 11, 2}});
  const Dataset same = without_unused(d, run);
  EXPECT_EQ(same.fingerprint(), d.fingerprint());
  EXPECT_EQ(same.domains()[0].item.data(), d.domains()[0].item.data());
}

}  // namespace
}  // namespace crossfade
