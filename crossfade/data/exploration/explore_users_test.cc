// Users with and without attributes, counted by hand; and who keeps them.
#include "crossfade/data/exploration/explore_users.h"

#include <gmock/gmock.h>

#include <limits>

#include "crossfade/base/file.h"
#include "crossfade/data/filters/without_unused.h"
#include "crossfade/data/join_rows.h"
#include "crossfade/data/select_rows.h"
#include "crossfade/data/store/attachments.h"
#include "crossfade/data/store/store.h"
#include "crossfade/data/store/store_import.h"
#include "crossfade/data/test_log.h"

namespace crossfade {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

constexpr float kNone = std::numeric_limits<float>::quiet_NaN();

// Four users: the second has no age, the third nothing.
ItemTable planted() {
  ItemTable about;
  about.attributes.push_back({"age", NumberAttribute{std::vector<float>{18, kNone, kNone, 24}}});
  LabelAttribute gender;
  gender.offsets = std::vector<std::int64_t>{0, 1, 2, 2, 3};
  gender.codes = std::vector<std::int32_t>{0, 1, 0};
  gender.labels = StringArray(std::vector<std::string>{"M", "F"});
  about.attributes.push_back({"gender", gender});
  return about;
}

Dataset with_users() {
  const Dataset dataset = make_dataset({{1, 10, 1}, {2, 10, 2}, {3, 11, 3}, {4, 11, 4}});
  return Dataset(dataset.users(), dataset.domains(), planted());
}

TEST(ExploreUsers, CountsValuesAndWhoHasNone) {
  const UserExploration found = explore_users(with_users(), 5);
  ASSERT_EQ(found.numbers.size(), 1U);
  EXPECT_EQ(found.numbers[0].attribute, "age");
  EXPECT_EQ(found.numbers[0].known, 2);
  EXPECT_EQ(found.numbers[0].missing, 2);
  EXPECT_EQ(found.numbers[0].mean, 21);
  EXPECT_EQ(found.numbers[0].median, 18);
  ASSERT_EQ(found.attributes.size(), 1U);
  EXPECT_EQ(found.attributes[0].attribute, "gender");
  EXPECT_EQ(found.attributes[0].users, 3);
  EXPECT_EQ(found.attributes[0].missing, 1);
  EXPECT_EQ(found.attributes[0].values, 2);
  EXPECT_THAT(found.attributes[0].top, ElementsAre(Pair("M", 2), Pair("F", 1)));
  EXPECT_EQ(found.without_any, 1);
  EXPECT_TRUE(explore_users(make_dataset({{1, 10, 1}}), 5).empty());
}

std::vector<float> ages(const Dataset& dataset) {
  const ItemAttribute* age = dataset.user_attributes().find("age");
  if (!age) return {};
  const auto values = std::get<NumberAttribute>(age->values).values.span();
  return {values.begin(), values.end()};
}

TEST(UserAttributes, GoWhereTheUsersGo) {
  TestContext run;
  const Dataset whole = with_users();
  const Dataset part = select_rows(whole, {{1, 0, 0, 1}}, 1, run);
  EXPECT_EQ(ages(part).size(), 4U);
  EXPECT_THAT(ages(without_unused(part, run)), ElementsAre(18, 24));
  const Dataset rest = select_rows(whole, {{1, 0, 0, 1}}, 0, run);
  EXPECT_EQ(ages(*join_rows(part, rest, run)).size(), 4U);
  const Dataset grown = *build_dataset(whole, "other", make_log({{9, 1, 1}}), run);
  EXPECT_EQ(ages(grown).size(), 5U);  // a new user of whom nothing is known
  EXPECT_EQ(explore_users(grown, 5).without_any, 2);
}

TEST(UserAttributes, StoresKeepThemAndLaterOnesWin) {
  TestContext run;
  const std::string path = testing::TempDir() + "crossfade_user_attributes";
  ASSERT_TRUE(remove_tree(path).ok());
  ASSERT_TRUE(create_store(path, with_users()).ok());
  EXPECT_EQ(ages(open_store(path)->dataset).size(), 4U);
  ItemTable newer;
  newer.attributes.push_back({"age", NumberAttribute{std::vector<float>{1, 2, 3, 4}}});
  ASSERT_TRUE(attach_to_store(path, "", newer, 4, Json::array()).ok());
  const Store store = *open_store(path);
  EXPECT_THAT(ages(store.dataset), ElementsAre(1, 2, 3, 4));
  EXPECT_NE(store.dataset.user_attributes().find("gender"), nullptr);
  newer.attributes[0].values = NumberAttribute{std::vector<float>(5, 1.F)};
  ASSERT_TRUE(attach_to_store(path, "", newer, 5, Json::array()).ok());
  EXPECT_THAT(open_store(path).status().message(), HasSubstr("is about 5 users, and there are 4"));
}

}  // namespace
}  // namespace crossfade
