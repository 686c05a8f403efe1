// Lists with a row per user: what is written, and that it comes back as the same rows.
#include "crossfade/io/candidate_lists.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crossfade/io/candidates_io.h"
#include "crossfade/io/parquet_reader.h"
#include "crossfade/io/parquet_writer.h"
#include "crossfade/io/test_context.h"

namespace crossfade {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using Ints = std::vector<std::int64_t>;
using Texts = std::vector<std::string>;

template <class T>
const T& values(const Table& table, const std::string& name) {
  return std::get<T>(table.find(name)->values);
}

// User 2 gets items 2 and 0, user 0 nothing, user 1 item 1.
Candidates planted() {
  Candidates candidates;
  candidates.users = {2, 0, 1};
  candidates.offsets = {0, 2, 2, 3};
  candidates.items = {2, 0, 1};
  candidates.scores = {0.5F, 0.25F, 4};
  candidates.sources = {0, 0, 0};
  candidates.source_names = {"als"};
  return candidates;
}

template <class T>
Lists<T> lists(const std::vector<std::vector<T>>& rows) {
  Lists<T> made;
  for (const auto& row : rows) made.push_back(row);
  return made;
}

Table texts_of(Ints users, Texts items) {
  Table table;
  table.columns.push_back({"user_id", std::move(users), Column::Meaning::kPlain, {}});
  table.columns.push_back({"item_id", std::move(items), Column::Meaning::kPlain, {}});
  return table;
}

TEST(CandidateLists, WordsOfACsvAreListsToo) {
  const Table numbers = *rows_of_lists(texts_of({7, 9, 8}, {"40 41", "", "5"}));
  EXPECT_THAT(values<Ints>(numbers, "user_id"), ElementsAre(7, 7, 8));
  EXPECT_THAT(values<Ints>(numbers, "item_id"), ElementsAre(40, 41, 5));
  EXPECT_THAT(values<std::vector<std::int32_t>>(numbers, "rank"), ElementsAre(1, 2, 1));
  const Table words = *rows_of_lists(texts_of({7, 8}, {"a 041", "7"}));
  EXPECT_THAT(values<Texts>(words, "item_id"), ElementsAre("a", "041", "7"));
  // Rows of texts stay rows: a user stands there twice, or a column orders them, or none has a
  // space.
  EXPECT_EQ(rows_of_lists(texts_of({7, 7}, {"a b", "c"}))->num_rows(), 2U);
  EXPECT_EQ(rows_of_lists(texts_of({7, 8}, {"a", "c"}))->columns.size(), 2U);
  Table ranked = texts_of({7, 8}, {"a b", "c"});
  ranked.columns.push_back({"rank", std::vector<std::int32_t>{1, 1}, Column::Meaning::kPlain, {}});
  EXPECT_THAT(values<Texts>(*rows_of_lists(ranked), "item_id"), ElementsAre("a b", "c"));
}

TEST(CandidateLists, ARowPerUserAlsoWithoutItems) {
  TestContext test;
  const std::string path = fresh_path("lists.parquet");
  const Vocabulary users(Array<std::int64_t>(Ints{50, 60, 70}));
  const Vocabulary items(StringArray(Texts{"a", "b", "c"}));
  ASSERT_TRUE(write_candidate_lists(planted(), users, items, path, test.context).ok());
  const Table all = *read_parquet(path, {}, test.context);
  ASSERT_EQ(all.columns.size(), 2U);
  EXPECT_THAT(values<Ints>(all, "user_id"), ElementsAre(70, 50, 60));
  EXPECT_EQ(values<Lists<std::string>>(all, "item_id"),
            lists<std::string>({{"c", "a"}, {}, {"b"}}));
  const Table rows = *read_recommendations(path, test.context);
  EXPECT_THAT(values<Ints>(rows, "user_id"), ElementsAre(70, 70, 60));
  EXPECT_THAT(values<Texts>(rows, "item_id"), ElementsAre("c", "a", "b"));
  EXPECT_THAT(values<std::vector<std::int32_t>>(rows, "rank"), ElementsAre(1, 2, 1));
}

TEST(CandidateLists, IdsOfEveryType) {
  TestContext test;
  const Vocabulary numbers(Array<std::int64_t>(Ints{5, 6, 7}));
  const Vocabulary texts(StringArray(Texts{"u", "v", "w"}));
  const std::string path = fresh_path("texts.parquet");
  ASSERT_TRUE(write_candidate_lists(planted(), texts, numbers, path, test.context).ok());
  EXPECT_THAT(values<Texts>(*read_recommendations(path, test.context), "user_id"),
              ElementsAre("w", "w", "v"));
  const std::string both = fresh_path("both.parquet");
  ASSERT_TRUE(write_candidate_lists(planted(), texts, texts, both, test.context).ok());
  EXPECT_THAT(values<Texts>(*read_recommendations(both, test.context), "item_id"),
              ElementsAre("w", "u", "v"));
  const std::string none = fresh_path("none.parquet");
  ASSERT_TRUE(write_candidate_lists({}, numbers, numbers, none, test.context).ok());
  EXPECT_EQ(read_recommendations(none, test.context)->num_rows(), 0U);
}

TEST(CandidateLists, ManyListsGoInSeveralBlocks) {
  TestContext test;
  constexpr std::int32_t kUsers = 3000, kItems = 1000, kLength = 500;  // 1.5 M items
  Candidates candidates;
  candidates.source_names = {"popular"};
  Ints ids;
  for (std::int32_t user = 0; user < kUsers; ++user) {
    ids.push_back(10 * user);
    candidates.users.push_back(user);
    for (std::int32_t i = 0; i < kLength; ++i) {
      candidates.items.push_back((user + i) % kItems);
      candidates.scores.push_back(static_cast<float>(-i));
    }
    candidates.offsets.push_back(std::ssize(candidates.items));
  }
  candidates.sources.resize(candidates.items.size());
  const Vocabulary vocabulary{Array<std::int64_t>(ids)};
  const std::string path = fresh_path("many.parquet");
  ASSERT_TRUE(write_candidate_lists(candidates, vocabulary, vocabulary, path, test.context).ok());
  const Table rows = *read_recommendations(path, test.context);
  ASSERT_EQ(rows.num_rows(), candidates.items.size());
  for (std::size_t row = 0; row < candidates.items.size(); ++row) {
    ASSERT_EQ(values<Ints>(rows, "user_id")[row], static_cast<std::int64_t>(10 * (row / kLength)));
    ASSERT_EQ(values<Ints>(rows, "item_id")[row], 10 * candidates.items[row]);
  }
}

TEST(CandidateLists, FilesOfOthers) {
  TestContext test;
  const auto read = [&](std::vector<Column> columns) {
    Table table;
    table.columns = std::move(columns);
    const std::string path = fresh_path("others.parquet");
    EXPECT_TRUE(write_parquet(table, path, test.context).ok());
    return read_recommendations(path, test.context);
  };
  // Scores beside the items are passed over: the order is the list's. A missing list is empty.
  const auto scored = read({{"user_id", Ints{1, 2}, {}, {}},
                            {"item_id", lists<std::int64_t>({{8, 9}, {}}), {}, {0, 1}},
                            {"score", lists<float>({{1, 2}, {}}), {}, {}}});
  ASSERT_TRUE(scored.ok()) << scored.status().message();
  EXPECT_THAT(values<Ints>(*scored, "item_id"), ElementsAre(8, 9));
  EXPECT_EQ(scored->find("score"), nullptr);
  EXPECT_THAT(read({{"user_id", Ints{1, 3, 1}, {}, {}},
                    {"item_id", lists<std::int64_t>({{8}, {7}, {9}}), {}, {}}})
                  .status()
                  .message(),
              HasSubstr("user 1 has two lists"));
  const auto nobody = read(
      {{"user_id", Ints{1, 0}, {}, {0, 1}}, {"item_id", lists<std::int64_t>({{8}, {7}}), {}, {}}});
  EXPECT_THAT(nobody->find("user_id")->nulls, ElementsAre(0, 1));
}

}  // namespace
}  // namespace crossfade
