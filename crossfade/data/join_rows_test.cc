// Parts put together again are the whole, row by row.
#include "crossfade/data/join_rows.h"

#include <gmock/gmock.h>

#include "crossfade/base/rng.h"
#include "crossfade/data/select_rows.h"
#include "crossfade/data/test_log.h"

namespace crossfade {
namespace {

using testing::ElementsAre;

TEST(JoinRows, MergesByTimeAndKeepsTheFirstPartFirst) {
  const Dataset whole = make_dataset({{1, 10, 1}, {1, 11, 3}, {1, 12, 2}, {1, 13, 2}, {2, 10, 5}});
  // User 1 by time: 10 (1), 12 (2), 13 (2), 11 (3).
  TestContext run;
  const Dataset a = select_rows(whole, {{1, 0, 1, 0, 1}}, 1, run);
  const Dataset b = select_rows(whole, {{1, 0, 1, 0, 1}}, 0, run);
  const auto joined = join_rows(a, b, run);
  ASSERT_TRUE(joined.ok()) << joined.status().message();
  ASSERT_TRUE(joined->check().ok());
  EXPECT_THAT(joined->domains()[0].offsets, ElementsAre(0, 4, 5));
  EXPECT_THAT(joined->domains()[0].time_ns, ElementsAre(1, 2, 2, 3, 5));
  // At time 2 the first part's row (item index 3) stands before the second's (2).
  EXPECT_THAT(joined->domains()[0].item, ElementsAre(0, 3, 2, 1, 0));
}

TEST(JoinRows, IsTheOppositeOfSelectingByTime) {
  TestContext run;
  const Dataset whole = *build_dataset(Dataset(), "music", random_log(5000, 3), run);
  const Domain& domain = whole.domains()[0];
  std::vector<std::uint8_t> labels;
  for (const std::int64_t time : domain.time_ns) labels.push_back(time < 100);
  const Dataset before = select_rows(whole, {labels}, 1, run);
  const Dataset after = select_rows(whole, {labels}, 0, run);
  TestContext alone(1);
  EXPECT_EQ(join_rows(before, after, run)->fingerprint(), whole.fingerprint());
  EXPECT_EQ(join_rows(before, after, alone)->fingerprint(), whole.fingerprint());
}

TEST(JoinRows, StrangersAreRefused) {
  TestContext run;
  const Dataset a = make_dataset({{1, 10, 1}}), b = make_dataset({{1, 10, 1}, {2, 10, 1}});
  EXPECT_EQ(join_rows(a, b, run).status().kind(), StatusKind::kDataInvalid);
  const Dataset other = make_dataset({{1, 10, 1}}, "books");
  EXPECT_NE(join_rows(a, other, run).status().message().find("books"), std::string::npos);
  LogColumns log = make_log({{1, 10, 1}});
  log.time_ns.clear();
  const Dataset timeless = *build_dataset(Dataset(), "music", std::move(log), run);
  EXPECT_NE(join_rows(a, timeless, run).status().message().find("a column"), std::string::npos);
}

}  // namespace
}  // namespace crossfade
