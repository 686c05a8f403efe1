// build_dataset against hand-sorted logs and against a plain stable sort of random ones.
#include <gmock/gmock.h>

#include <algorithm>
#include <limits>
#include <numeric>
#include <set>

#include "crossfade/data/store/sessions.h"
#include "crossfade/data/test_log.h"

namespace crossfade {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Status error_of(LogColumns log, const std::string& name = "music") {
  TestContext run;
  return build_dataset(Dataset(), name, std::move(log), run).status();
}

TEST(BuildDatasetTest, SortsByUserThenTimeAndKeepsTheLogsOrderOfEqualTimes) {
  const Dataset d =
      make_dataset({{7, 50, 3, 1}, {9, 51, 1, 2}, {7, 52, 1, 3}, {7, 51, 3, 4}, {7, 50, 1, 5}});
  ASSERT_TRUE(d.check().ok()) << d.check().message();
  EXPECT_EQ(d.users().find(std::int64_t{7}), 0);
  const Domain& music = d.domains()[0];
  EXPECT_THAT(music.items.numbers(), ElementsAre(50, 51, 52));
  EXPECT_THAT(music.offsets, ElementsAre(0, 4, 5));
  EXPECT_THAT(music.item, ElementsAre(2, 0, 0, 1, 1));
  EXPECT_THAT(music.weight, ElementsAre(3, 5, 1, 4, 2));
  EXPECT_THAT(music.time_ns, ElementsAre(1, 1, 3, 3, 1));
}

TEST(BuildDatasetTest, AbsentColumns) {
  LogColumns log;
  log.users = std::vector<std::string>{"b", "a", "b"};
  log.items = std::vector<std::int64_t>{1, 2, 3};
  TestContext run;
  const Dataset d = *build_dataset(Dataset(), "music", std::move(log), run);
  const History history = d.domains()[0].history(0);
  EXPECT_THAT(history.items, ElementsAre(0, 2));
  EXPECT_THAT(history.weights, ElementsAre(1, 1));
  EXPECT_TRUE(history.time_ns.empty() && history.kinds.empty() && history.sessions.empty());
}

TEST(BuildDatasetTest, EmptyLogAndOneUser) {
  const Dataset empty = make_dataset({});
  EXPECT_TRUE(empty.check().ok());
  EXPECT_EQ(empty.num_users(), 0);
  EXPECT_THAT(empty.domains()[0].offsets, ElementsAre(0));
  const Dataset one = make_dataset({{1, 1, -5}, {1, 1, -7}});
  EXPECT_TRUE(one.check().ok());
  EXPECT_THAT(one.domains()[0].time_ns, ElementsAre(-7, -5));
}

TEST(BuildDatasetTest, SecondDomainSharesUsers) {
  TestContext run;
  const Dataset first = make_dataset({{7, 50, 0}, {8, 51, 0}});
  const Dataset both = *build_dataset(first, "shop", make_log({{9, 1, 0}, {8, 2, 0}}), run);
  ASSERT_TRUE(both.check().ok()) << both.check().message();
  EXPECT_THAT(both.users().numbers(), ElementsAre(7, 8, 9));
  EXPECT_THAT(both.domains()[0].offsets, ElementsAre(0, 1, 2, 2));
  EXPECT_THAT(both.domains()[1].offsets, ElementsAre(0, 0, 1, 2));
  EXPECT_THAT(both.domains()[1].items.numbers(), ElementsAre(1, 2));
  EXPECT_EQ(both.domains()[0].item.data(), first.domains()[0].item.data());  // shared, not copied
}

TEST(BuildDatasetTest, AgreesWithAStableSortForAnyNumberOfThreads) {
  const LogColumns log = random_log(20'000, 1);
  const auto& users = std::get<std::vector<std::int64_t>>(log.users);
  const auto& items = std::get<std::vector<std::int64_t>>(log.items);
  TestContext one(1);
  const Dataset d = *build_dataset(Dataset(), "music", log, one);
  ASSERT_TRUE(d.check().ok()) << d.check().message();

  std::vector<std::size_t> order(users.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    const auto user_a = d.users().find(users[a]), user_b = d.users().find(users[b]);
    return user_a != user_b ? user_a < user_b : log.time_ns[a] < log.time_ns[b];
  });
  const Domain& music = d.domains()[0];
  for (std::size_t place = 0; place < order.size(); ++place) {
    const std::size_t row = order[place];
    ASSERT_EQ(music.item[place], music.items.find(items[row]));
    ASSERT_EQ(music.weight[place], log.weights[row]);
    ASSERT_EQ(music.time_ns[place], log.time_ns[row]);
    ASSERT_EQ(music.kind[place], log.kinds[row]);
    ASSERT_EQ(music.session[place], log.sessions[row]);
  }
  for (const int threads : {2, 3, 7}) {
    TestContext many(threads);
    EXPECT_EQ(build_dataset(Dataset(), "music", log, many)->fingerprint(), d.fingerprint());
  }
}

TEST(BuildDatasetTest, RowsWithoutASessionAreInSessionsOfTheirOwn) {
  constexpr std::int64_t kMinute = 60'000'000'000;
  TestContext run;
  LogColumns log = make_log({{1, 10, 0},
                             {1, 11, 100 * kMinute},
                             {1, 12, 29 * kMinute},
                             {1, 13, 99 * kMinute},
                             {1, 14, 101 * kMinute},
                             {2, 10, 0}});
  log.sessions = {kNoSession, 7, kNoSession, kNoSession, kNoSession, kNoSession};
  const Dataset timed = *build_dataset(Dataset(), "music", log, run);
  const auto& found = timed.domains()[0].session;
  EXPECT_EQ(found[0], found[1]);  // of 0 and 29 minutes
  EXPECT_NE(found[1], found[2]);  // a pause of 70
  EXPECT_EQ(found[3], 7);
  EXPECT_NE(found[4], found[2]);  // another session lies between
  for (const std::size_t row : {0, 2, 4, 5}) EXPECT_TRUE(found[row] < 1 && found[row] > kNoSession);
  log.time_ns.clear();
  const Dataset timeless = *build_dataset(Dataset(), "music", log, run);
  const auto ids = timeless.domains()[0].session.span().first(5);
  EXPECT_EQ(std::set<std::int64_t>(ids.begin(), ids.end()).size(), 5U);
}

TEST(BuildDatasetTest, ColumnsOfOtherLengthsAreRefused) {
  LogColumns log = make_log({{1, 1, 1}, {2, 2, 2}});
  log.time_ns.pop_back();
  EXPECT_THAT(error_of(log).message(), HasSubstr("column of times has 1 rows"));
  log = make_log({{1, 1, 1}});
  log.items = std::vector<std::int64_t>{};
  EXPECT_THAT(error_of(log).message(), HasSubstr("column of items has 0 rows"));
}

TEST(BuildDatasetTest, WeightsMustBeFiniteAndNotNegative) {
  EXPECT_THAT(error_of(make_log({{1, 1, 1, 1}, {1, 1, 1, -2}})).message(),
              HasSubstr("weight in row 1 is -2"));
  EXPECT_EQ(error_of(make_log({{1, 1, 1, std::numeric_limits<float>::infinity()}})).kind(),
            StatusKind::kDataInvalid);
  EXPECT_TRUE(error_of(make_log({{1, 1, 1, 0}})).ok());
}

TEST(BuildDatasetTest, DomainNamesAreCheckedAndDistinct) {
  for (const char* name : {"", ".hidden", "a/b", "a b", "\xd0\xb7"})
    EXPECT_EQ(error_of(make_log({}), name).kind(), StatusKind::kUsage) << name;
  TestContext run;
  const Dataset first = make_dataset({{1, 1, 1}});
  EXPECT_THAT(build_dataset(first, "music", make_log({}), run).status().message(),
              HasSubstr("has a domain 'music' already"));
}

TEST(BuildDatasetTest, OtherIdTypeNamesTheUsers) {
  TestContext run;
  LogColumns log = make_log({{1, 1, 1}});
  log.users = std::vector<std::string>{"1"};
  const Status status = build_dataset(make_dataset({{1, 1, 1}}), "shop", log, run).status();
  EXPECT_THAT(status.message(), HasSubstr("users: these ids are text"));
}

TEST(BuildDatasetTest, StopsWhenAsked) {
  TestContext run;
  run.stop = true;
  EXPECT_EQ(build_dataset(Dataset(), "music", make_log({{1, 1, 1}}), run).status().kind(),
            StatusKind::kInterrupted);
}

}  // namespace
}  // namespace crossfade
