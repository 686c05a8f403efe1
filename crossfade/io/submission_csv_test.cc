// A CSV of lists, character by character.
#include "crossfade/io/submission_csv.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "crossfade/base/file.h"
#include "crossfade/data/test_log.h"

namespace crossfade {
namespace {

Candidates lists() {
  Candidates candidates;
  candidates.users = {1, 0, 2};
  candidates.offsets = {0, 2, 2, 3};
  candidates.items = {1, 0, 1};
  candidates.scores = {2, 1, 1};
  candidates.sources = {0, 0, 0};
  candidates.source_names = {"popular"};
  return candidates;
}

std::string fresh(const std::string& name) {
  const std::string path = testing::TempDir() + "submission_" + name;
  CROSSFADE_CHECK(remove_tree(path).ok(), path);
  return path;
}

TEST(SubmissionCsv, HasAListPerLine) {
  const Vocabulary users(Array<std::int64_t>(std::vector<std::int64_t>{7, 8, 9}));
  const Vocabulary items(Array<std::int64_t>(std::vector<std::int64_t>{40, 41}));
  const std::string path = fresh("numbers.csv");
  ASSERT_TRUE(write_submission_csv(lists(), users, items, path).ok());
  EXPECT_EQ(*read_file(path), "user_id,item_id\n8,41 40\n7,\n9,41\n");
  EXPECT_EQ(write_submission_csv(lists(), users, items, path).kind(), StatusKind::kUsage);
}

TEST(SubmissionCsv, RefusesIdsThatItCouldNotTellApart) {
  const auto encoded = encode_ids(Vocabulary(), std::vector<std::string>{"a b", "c"});
  ASSERT_TRUE(encoded.ok());
  const Vocabulary users(Array<std::int64_t>(std::vector<std::int64_t>{7, 8, 9}));
  const std::string path = fresh("texts.csv");
  const Status status = write_submission_csv(lists(), users, encoded->vocabulary, path);
  EXPECT_EQ(status.kind(), StatusKind::kDataInvalid);
  EXPECT_THAT(status.message(), testing::HasSubstr("'a b'"));
  EXPECT_FALSE(path_exists(path));
  EXPECT_FALSE(path_exists(path + ".part"));
}

}  // namespace
}  // namespace crossfade
