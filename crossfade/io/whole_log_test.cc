// A whole log is its blocks one behind the other, whatever its ids are.
#include "crossfade/io/whole_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crossfade/base/file.h"
#include "crossfade/io/test_context.h"

namespace crossfade {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

LogSchema columns() {
  LogSchema schema;
  schema.user = "user";
  schema.item = "item";
  schema.time = "time";
  return schema;
}

std::string written(const std::string& name, const std::string& text) {
  const std::string path = testing::TempDir() + name;
  EXPECT_TRUE(write_file(path, text).ok());
  return path;
}

TEST(WholeLog, FilesFollowOneAnother) {
  TestContext run;
  const std::string first =
      written("whole-1.csv", "user,item,time\n1,a,1700000000\n2,b,1700000001\n");
  const std::string second =
      written("whole-2.csv", "user,item,time\n3,a,1700000002\n,b,1700000003\n");
  const auto log = read_whole_log({first, second}, columns(), run.context);
  ASSERT_TRUE(log.ok()) << log.status().message();
  EXPECT_THAT(std::get<0>(log->columns.users), ElementsAre(1, 2, 3));
  EXPECT_THAT(std::get<1>(log->columns.items), ElementsAre("a", "b", "a"));
  EXPECT_EQ(log->columns.time_ns.size(), 3u);
  EXPECT_EQ(log->report.rows_read, 4);
  EXPECT_EQ(log->report.rows_kept, 3);
}

TEST(WholeLog, NothingToSeeIsSaid) {
  TestContext run;
  const auto bad = read_whole_log({written("whole-3.csv", "user,item,time\n,a,1700000000\n")},
                                  columns(), run.context);
  EXPECT_EQ(bad.status().kind(), StatusKind::kDataInvalid);
  EXPECT_THAT(bad.status().message(), HasSubstr("no usable row"));
  const auto missing = read_whole_log({testing::TempDir() + "none.csv"}, columns(), run.context);
  EXPECT_FALSE(missing.ok());
}

}  // namespace
}  // namespace crossfade
