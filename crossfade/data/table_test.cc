// Tables: lookup, and each way to break one.
#include "crossfade/data/table.h"

#include <gmock/gmock.h>

namespace crossfade {
namespace {

using testing::HasSubstr;

Table two_columns() {
  Table table;
  table.columns.push_back({"user", std::vector<std::int64_t>{1, 2}});
  table.columns.push_back({"name", std::vector<std::string>{"a", "b"}});
  return table;
}

TEST(TableTest, FindsColumnsAndCountsRows) {
  const Table table = two_columns();
  EXPECT_EQ(table.num_rows(), 2U);
  EXPECT_EQ(table.find("name"), &table.columns[1]);
  EXPECT_EQ(table.find("none"), nullptr);
  EXPECT_EQ(Table().num_rows(), 0U);
  EXPECT_TRUE(table.check().ok());
  EXPECT_TRUE(Table().check().ok());
}

TEST(TableTest, BrokenTablesAreNamed) {
  Table table = two_columns();
  table.columns[1].name = "user";
  EXPECT_THAT(table.check().message(), HasSubstr("two columns are called 'user'"));
  table = two_columns();
  table.columns[1].values = std::vector<float>{1};
  EXPECT_THAT(table.check().message(), HasSubstr("column 'name' has 1 rows"));
  table = two_columns();
  table.columns[1].nulls = {1};
  EXPECT_THAT(table.check().message(), HasSubstr("marks nulls for 1 rows"));
  table = two_columns();
  table.columns[1].meaning = Column::Meaning::kTimestamp;
  EXPECT_THAT(table.check().message(), HasSubstr("'name' is a timestamp"));
}

TEST(TableTest, ListsAreColumns) {
  Lists<std::int64_t> artists;
  artists.push_back(std::vector<std::int64_t>{7, 8});
  artists.push_back({});
  Table table = two_columns();
  table.columns.push_back({"artists", artists});
  EXPECT_TRUE(table.check().ok());
  EXPECT_EQ(artists[0].size(), 2U);
  EXPECT_EQ(artists[0][1], 8);
  EXPECT_TRUE(artists[1].empty());
  for (const std::vector<std::int64_t>& offsets :
       std::vector<std::vector<std::int64_t>>{{}, {0, 2, 1}, {1, 2, 2}, {0, 1, 3}, {0, 2, -1}}) {
    artists.offsets = offsets;
    table.columns.back().values = artists;
    EXPECT_THAT(table.check().message(), HasSubstr("lists of column 'artists'")) << offsets.size();
  }
}

TEST(TableTest, RowsAreTakenOutOfEveryType) {
  Lists<std::string> genres;
  genres.push_back(std::vector<std::string>{"a", "b"});
  genres.push_back(std::vector<std::string>{"c"});
  genres.push_back(std::vector<std::string>{"d", "e"});
  Column lists{"genres", genres, {}, {0, 1, 0}};
  keep_rows(lists, {0, 1, 1});
  const auto& kept = std::get<Lists<std::string>>(lists.values);
  EXPECT_EQ(kept.offsets, (std::vector<std::int64_t>{0, 1, 3}));
  EXPECT_EQ(kept.values, (std::vector<std::string>{"c", "d", "e"}));
  EXPECT_EQ(lists.nulls, (std::vector<std::uint8_t>{1, 0}));
  Column numbers{"n", std::vector<std::int32_t>{1, 2, 3}};
  keep_rows(numbers, {1, 0, 1});
  EXPECT_EQ(std::get<std::vector<std::int32_t>>(numbers.values), (std::vector<std::int32_t>{1, 3}));
}

}  // namespace
}  // namespace crossfade
