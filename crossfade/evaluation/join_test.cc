// Tables to lists and truth: order by rank, score or row, any order of rows, and every wrong
// column.
#include "crossfade/evaluation/join.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "crossfade/base/rng.h"

namespace crossfade {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Column numbers(std::string name, std::vector<std::int64_t> values) {
  return {std::move(name), std::move(values), Column::Meaning::kPlain, {}};
}
Column texts(std::string name, std::vector<std::string> values) {
  return {std::move(name), std::move(values), Column::Meaning::kPlain, {}};
}
Column floats(std::string name, std::vector<float> values) {
  return {std::move(name), std::move(values), Column::Meaning::kPlain, {}};
}

struct JoinTest : testing::Test {
  ThreadPool threads{2};
  EvalJoin join;
  RankedLists lists(Table table) {
    auto result = join.lists(std::move(table), {}, threads);
    EXPECT_TRUE(result.ok()) << result.status().message();
    return *std::move(result);
  }
  // User id -> item ids, best first.
  std::string shown(const RankedLists& lists) {
    std::string text;
    for (std::int64_t l = 0; l < lists.view().num_lists(); ++l) {
      text += join.users().id_text(lists.users[static_cast<std::size_t>(l)]) + ":";
      for (const ItemIndex item : lists.view().list(l)) text += " " + join.items().id_text(item);
      text += "; ";
    }
    return text;
  }
};

TEST_F(JoinTest, RowsInOrderAreOnlyCut) {
  const Table table{{numbers("user_id", {7, 7, 5}), numbers("item_id", {100, 90, 100}),
                     numbers("rank", {1, 2, 1})}};
  EXPECT_EQ(shown(lists(table)), "7: 100 90; 5: 100; ");
}

TEST_F(JoinTest, RankGoesBeforeScoreAndRises) {
  const Table table{{texts("user_id", {"a", "b", "a", "a"}), texts("item_id", {"x", "y", "z", "w"}),
                     numbers("rank", {3, 1, 1, 2}), floats("score", {9, 8, 7, 6})}};
  EXPECT_EQ(shown(lists(table)), "a: z w x; b: y; ");
}

TEST_F(JoinTest, ScoreFallsAndTiesKeepTheRows) {
  const Table table{{numbers("user_id", {1, 2, 1, 1, 1}), numbers("item_id", {10, 20, 30, 40, 50}),
                     floats("score", {0.5F, 1, 2, 0.5F, 0.5F})}};
  EXPECT_EQ(shown(lists(table)), "1: 30 10 40 50; 2: 20; ");
}

TEST_F(JoinTest, WithoutRankAndScoreTheRowsDecide) {
  const Table table{{numbers("user_id", {1, 2, 1}), numbers("item_id", {30, 20, 10})}};
  EXPECT_EQ(shown(lists(table)), "1: 30 10; 2: 20; ");
}

TEST_F(JoinTest, NarrowNumbersAreIds) {
  Table table{{numbers("user_id", {1, 1}), numbers("item_id", {5, 6})}};
  table.columns[0].values = std::vector<std::int32_t>{4, 4};
  EXPECT_EQ(shown(lists(table)), "4: 5 6; ");
}

TEST_F(JoinTest, TruthAndListsShareIdsWithTheTrainPart) {
  join = EvalJoin(Vocabulary(Array<std::int64_t>(std::vector<std::int64_t>{50, 60})),
                  Vocabulary(Array<std::int64_t>(std::vector<std::int64_t>{1, 2})));
  const auto truth =
      join.truth({{numbers("user_id", {60, 70}), numbers("item_id", {2, 3})}}, {}, threads);
  ASSERT_TRUE(truth.ok());
  EXPECT_THAT(truth->users, ElementsAre(1, 2));
  EXPECT_THAT(truth->items, ElementsAre(1, 2));
  const RankedLists recommended =
      lists({{numbers("user_id", {80, 60}), numbers("item_id", {4, 3})}});
  EXPECT_THAT(recommended.users, ElementsAre(3, 1));
  EXPECT_THAT(recommended.items, ElementsAre(3, 2));
  EXPECT_EQ(join.users().size(), 4);
  EXPECT_EQ(join.items().size(), 4);
}

TEST_F(JoinTest, EmptyTableHasNoLists) {
  const RankedLists none = lists({{numbers("user_id", {}), numbers("item_id", {})}});
  EXPECT_EQ(none.view().num_lists(), 0);
  EXPECT_TRUE(none.view().check(0, 0).ok());
}

TEST_F(JoinTest, OtherColumnNames) {
  EvalColumns columns;
  columns.user = "who";
  columns.item = "what";
  const Table table{{numbers("what", {1}), numbers("who", {2})}};
  EXPECT_EQ(shown(*join.lists(table, columns, threads)), "2: 1; ");
}

// Shuffled rows give the lists that rows in order give.
TEST_F(JoinTest, ShuffledRowsGiveTheSameLists) {
  std::vector<std::int64_t> users, items, ranks;
  for (std::int64_t u = 0; u < 500; ++u)
    for (std::int64_t j = 1; j <= 20; ++j) {
      users.push_back(u);
      items.push_back((u * 31 + j * 17) % 1000);
      ranks.push_back(j);
    }
  const auto table = [&] {
    return Table{{numbers("user_id", users), numbers("item_id", items), numbers("rank", ranks)}};
  };
  const std::string expected = shown(lists(table()));
  Rng rng(3);
  for (std::size_t left = users.size(); left > 1; --left) {
    const std::size_t other = rng.below(left);
    std::swap(users[left - 1], users[other]);
    std::swap(items[left - 1], items[other]);
    std::swap(ranks[left - 1], ranks[other]);
  }
  EXPECT_EQ(shown(lists(table())), expected);  // by user index, which `join` knows by now
}

TEST_F(JoinTest, WrongColumnsGetASentence) {
  const auto message = [&](Table table) {
    return join.lists(std::move(table), {}, threads).status().message();
  };
  EXPECT_THAT(message({{numbers("user_id", {1})}}),
              HasSubstr("no column 'item_id'; the columns are user_id"));
  EXPECT_THAT(message({}), HasSubstr("the columns are none"));
  EXPECT_THAT(message({{numbers("user_id", {1}), floats("item_id", {1})}}), HasSubstr("fractions"));
  Column missing = numbers("item_id", {1, 0});
  missing.nulls = {0, 1};
  EXPECT_THAT(message({{numbers("user_id", {1, 1}), missing}}),
              HasSubstr("'item_id' has no value in row 2"));
  EXPECT_THAT(message({{numbers("user_id", {1}), numbers("item_id", {1}), texts("rank", {"1"})}}),
              HasSubstr("'rank' holds text"));
  EXPECT_THAT(message({{numbers("user_id", {1}), numbers("item_id", {1}),
                        floats("score", {std::numeric_limits<float>::quiet_NaN()})}}),
              HasSubstr("'score' is not a number in row 1"));
  const auto ranked = [&](const std::vector<std::int64_t>& ranks) {
    return message(
        {{numbers("user_id", {1, 2, 1}), numbers("item_id", {1, 1, 2}), numbers("rank", ranks)}});
  };
  EXPECT_THAT(ranked({1, 0, 2}), HasSubstr("'rank' is below 1 in row 2"));
  EXPECT_THAT(ranked({-1, 1, 2}), HasSubstr("places are counted from 1"));
  EXPECT_THAT(ranked({1, 1, 1}), HasSubstr("two items at one place in row 3"));
  EXPECT_EQ(ranked({2, 1, 1}), "");
  EXPECT_FALSE(
      join.lists({{numbers("user_id", {1, 2}), numbers("item_id", {1})}}, {}, threads).ok());
  EXPECT_TRUE(join.truth({{numbers("user_id", {1}), numbers("item_id", {1})}}, {}, threads).ok());
  EXPECT_THAT(message({{numbers("user_id", {1}), texts("item_id", {"1"})}}),
              HasSubstr("column 'item_id'"));
}

}  // namespace
}  // namespace crossfade
