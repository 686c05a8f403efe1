// Parts of a dataset keep indices, order and columns.
#include "crossfade/data/select_rows.h"

#include <gmock/gmock.h>

#include "crossfade/data/test_log.h"

namespace crossfade {
namespace {

using testing::ElementsAre;

TEST(SelectRowsTest, KeepsWhatIsLabelled) {
  const Dataset d = make_dataset({{1, 10, 1, 5}, {1, 11, 2, 6}, {2, 10, 3, 7}, {3, 12, 4, 8}});
  TestContext run;
  const Dataset part = select_rows(d, {{4, 0, 0, 4}}, 4, run);
  ASSERT_TRUE(part.check().ok());
  EXPECT_EQ(part.num_users(), 3);
  EXPECT_EQ(part.domains()[0].items.size(), 3);
  EXPECT_THAT(part.domains()[0].offsets, ElementsAre(0, 1, 1, 2));
  EXPECT_THAT(part.domains()[0].item, ElementsAre(0, 2));
  EXPECT_THAT(part.domains()[0].weight, ElementsAre(5, 8));
  EXPECT_THAT(part.domains()[0].time_ns, ElementsAre(1, 4));
  EXPECT_TRUE(part.domains()[0].kind.empty());
}

TEST(SelectRowsDeathTest, LabelsFitTheData) {
  const Dataset d = make_dataset({{1, 10, 1, 5}});
  TestContext run;
  EXPECT_DEATH(select_rows(d, {{1, 1}}, 1, run), "a label for every row");
}

}  // namespace
}  // namespace crossfade
