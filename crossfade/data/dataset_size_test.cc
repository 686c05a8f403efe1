// Rows, active users and items of a dataset with gaps, in two domains.
#include "crossfade/data/dataset_size.h"

#include <gmock/gmock.h>

#include "crossfade/data/select_rows.h"
#include "crossfade/data/test_log.h"

namespace crossfade {
namespace {

TEST(DatasetSizeTest, CountsWhatHasInteractions) {
  TestContext run;
  Dataset d = make_dataset({{1, 10, 1}, {1, 10, 2}, {2, 11, 3}, {3, 12, 4}});
  d = *build_dataset(d, "shop", make_log({{3, 5, 1}, {4, 6, 2}}), run);
  EXPECT_EQ(measure(d, run.threads), (DatasetSize{6, 4, 5}));
  const Dataset part = select_rows(d, {{1, 1, 0, 0}, {1, 0}}, 1, run);
  EXPECT_EQ(measure(part, run.threads), (DatasetSize{3, 2, 2}));
  EXPECT_THAT(count_items(part.domains()[0], run.threads), testing::ElementsAre(2, 0, 0));
  EXPECT_EQ(to_text(to_json(measure(part, run.threads))), R"({"rows": 3, "users": 2, "items": 2})");
}

}  // namespace
}  // namespace crossfade
