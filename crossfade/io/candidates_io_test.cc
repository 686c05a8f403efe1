// Lists by index go out with external ids and come back row by row.
#include "crossfade/io/candidates_io.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crossfade/io/parquet_reader.h"
#include "crossfade/io/test_context.h"

namespace crossfade {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

template <class T>
const std::vector<T>& values(const Table& table, const std::string& name) {
  return std::get<std::vector<T>>(table.find(name)->values);
}

// User 70 gets c and a, user 50 nothing, user 60 b.
Candidates planted_candidates() {
  Candidates candidates;
  candidates.users = {2, 0, 1};
  candidates.offsets = {0, 2, 2, 3};
  candidates.items = {2, 0, 1};
  candidates.scores = {0.5F, 0.25F, 4};
  candidates.sources = {0, 1, 0};
  candidates.source_names = {"als", "popular"};
  return candidates;
}

TEST(CandidatesIo, WritesExternalIdsRanksAndSources) {
  TestContext test;
  const std::string path = fresh_path("recs.parquet");
  const Vocabulary users(Array<std::int64_t>(std::vector<std::int64_t>{50, 60, 70}));
  const Vocabulary items(StringArray(std::vector<std::string>{"a", "b", "c"}));
  ASSERT_TRUE(write_candidates(planted_candidates(), users, items, path, test.context).ok());
  const Table all = *read_parquet(path, {}, test.context);
  ASSERT_EQ(all.columns.size(), 5U);
  EXPECT_THAT(values<std::int64_t>(all, "user_id"), ElementsAre(70, 70, 60));
  EXPECT_THAT(values<std::string>(all, "item_id"), ElementsAre("c", "a", "b"));
  EXPECT_THAT(values<float>(all, "score"), ElementsAre(0.5F, 0.25F, 4));
  EXPECT_THAT(values<std::int32_t>(all, "rank"), ElementsAre(1, 2, 1));
  EXPECT_THAT(values<std::string>(all, "source"), ElementsAre("als", "popular", "als"));

  const Table wanted = *read_recommendations(path, test.context);
  ASSERT_EQ(wanted.columns.size(), 4U);
  EXPECT_EQ(wanted.find("source"), nullptr);
}

TEST(CandidatesIo, ManyListsGoInSeveralBlocks) {
  TestContext test;
  const std::string path = fresh_path("recs.parquet");
  constexpr std::int32_t kUsers = 3000, kItems = 1000, kLength = 800;  // 2.4 M rows
  std::vector<std::int64_t> user_ids(kUsers), item_ids(kItems);
  for (std::int32_t i = 0; i < kUsers; ++i) user_ids[static_cast<std::size_t>(i)] = 10 * i;
  for (std::int32_t i = 0; i < kItems; ++i) item_ids[static_cast<std::size_t>(i)] = 7 * i;
  Candidates candidates;
  candidates.source_names = {"popular"};
  for (std::int32_t user = 0; user < kUsers; ++user) {
    candidates.users.push_back(user);
    for (std::int32_t i = 0; i < kLength; ++i) {
      candidates.items.push_back((user + i) % kItems);
      candidates.scores.push_back(static_cast<float>(-i));
    }
    candidates.offsets.push_back(std::ssize(candidates.items));
  }
  candidates.sources.resize(candidates.items.size());
  ASSERT_TRUE(write_candidates(candidates, Vocabulary(Array<std::int64_t>(user_ids)),
                               Vocabulary(Array<std::int64_t>(item_ids)), path, test.context)
                  .ok());
  const Table back = *read_parquet(path, {"user_id", "item_id", "rank"}, test.context);
  ASSERT_EQ(back.num_rows(), candidates.items.size());
  for (std::size_t row = 0; row < candidates.items.size(); ++row) {
    ASSERT_EQ(values<std::int64_t>(back, "user_id")[row], 10 * (row / kLength));
    ASSERT_EQ(values<std::int64_t>(back, "item_id")[row], 7 * candidates.items[row]);
    ASSERT_EQ(values<std::int32_t>(back, "rank")[row], row % kLength + 1);
  }
}

TEST(CandidatesIo, NoListsAreAFileWithoutRows) {
  TestContext test;
  const std::string path = fresh_path("none.parquet");
  ASSERT_TRUE(write_candidates({}, Vocabulary(), Vocabulary(), path, test.context).ok());
  EXPECT_EQ(read_recommendations(path, test.context)->num_rows(), 0U);
}

TEST(CandidatesIo, ReadsTruthWithTheColumnsThatAreThere) {
  TestContext test;
  const std::string path = fresh_path("truth.csv");
  ASSERT_TRUE(write_file(path, "user_id,item_id,weight\n1,2,0.5\n").ok());
  EXPECT_EQ(read_truth(path, test.context)->columns.size(), 3U);
  ASSERT_TRUE(write_file(path, "user,item_id\n1,2\n").ok());
  EXPECT_THAT(read_truth(path, test.context).status().message(),
              HasSubstr("no column called 'user_id'"));
}

}  // namespace
}  // namespace crossfade
