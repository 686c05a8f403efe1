// Interactions with external ids: columns that appear only where the data has them.
#include "crossfade/data/interactions_table.h"

#include <gmock/gmock.h>

#include "crossfade/data/test_log.h"

namespace crossfade {
namespace {

using testing::ElementsAre;
template <class T>
const std::vector<T>& values(const Table& table, const std::string& name) {
  return std::get<std::vector<T>>(table.find(name)->values);
}

TEST(InteractionsTableTest, OneDomain) {
  const Table table =
      interactions_table(make_dataset({{7, 50, 9, 2}, {8, 51, 3, 1}, {7, 51, 4, 3}}));
  ASSERT_TRUE(table.check().ok()) << table.check().message();
  EXPECT_EQ(table.columns.size(), 4U);
  EXPECT_THAT(values<std::int64_t>(table, "user_id"), ElementsAre(7, 7, 8));
  EXPECT_THAT(values<std::int64_t>(table, "item_id"), ElementsAre(51, 50, 51));
  EXPECT_THAT(values<std::int64_t>(table, "time"), ElementsAre(4, 9, 3));
  EXPECT_THAT(values<float>(table, "weight"), ElementsAre(3, 2, 1));
  EXPECT_EQ(table.find("time")->meaning, Column::Meaning::kTimestamp);
  EXPECT_TRUE(table.find("time")->nulls.empty());
}

TEST(InteractionsTableTest, SeveralDomainsWithTextItemsAndMissingTimes) {
  LogColumns log;
  log.users = std::vector<std::int64_t>{7};
  log.items = std::vector<std::string>{"tea"};
  TestContext run;
  const Table table =
      interactions_table(*build_dataset(make_dataset({{8, 50, 9, 2}}), "shop", log, run));
  ASSERT_TRUE(table.check().ok()) << table.check().message();
  EXPECT_THAT(values<std::string>(table, "item_id"), ElementsAre("50", "tea"));
  EXPECT_THAT(values<std::string>(table, "domain"), ElementsAre("music", "shop"));
  EXPECT_THAT(table.find("time")->nulls, ElementsAre(0, 1));
}

TEST(InteractionsTableTest, EmptyDatasetIsAnEmptyTable) {
  EXPECT_EQ(interactions_table(make_dataset({})).num_rows(), 0U);
}

}  // namespace
}  // namespace crossfade
