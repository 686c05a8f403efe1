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

}  // namespace
}  // namespace crossfade
