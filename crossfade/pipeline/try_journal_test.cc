// The journal: what was added is there after any stop; a torn line and another search are not.
#include "crossfade/pipeline/try_journal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crossfade/pipeline/test_kinds.h"

namespace crossfade {
namespace {

Try make_try(std::int64_t number) {
  Try one;
  one.number = number;
  one.settings = {"factors=" + std::to_string(8 + number)};
  one.rungs = {{5, 70, 0.1, {0.05, 0.15}}, {16, 70, 0.125, {0.1, 0.2}}};
  one.seconds = 1.5;
  return one;
}

class TryJournalTest : public testing::Test {
 protected:
  void SetUp() override {
    path_ = fresh_folder("tries.jsonl");
    auto journal = TryJournal::open(path_, identity_);
    ASSERT_TRUE(journal.ok()) << journal.status().message();
    for (int i = 0; i < 3; ++i) ASSERT_TRUE(journal->add(make_try(i)).ok());
  }
  std::size_t tries_again() { return TryJournal::open(path_, identity_)->tries().size(); }

  std::string path_;
  Json identity_ = Json::object().set("search", "als");
};

TEST_F(TryJournalTest, TriesReadBack) {
  const auto journal = TryJournal::open(path_, identity_);
  ASSERT_EQ(journal->tries().size(), 3u);
  const Try& one = journal->tries()[2];
  EXPECT_EQ(one.settings, make_try(2).settings);
  EXPECT_EQ(one.rungs[1].interval.high, 0.2);
  EXPECT_EQ(one.seconds, 1.5);
  EXPECT_EQ(to_text(to_json(one)), to_text(to_json(make_try(2))));
  EXPECT_FALSE(journal->began_anew());
}

TEST_F(TryJournalTest, ATornLineIsDropped) {
  const std::string whole = *read_file(path_);
  for (const std::size_t cut : {whole.size() - 1, whole.size() - 20}) {
    ASSERT_TRUE(write_file(path_, whole.substr(0, cut)).ok());
    EXPECT_EQ(tries_again(), 2u);
    EXPECT_EQ(read_file(path_)->back(), '\n');
  }
  auto journal = TryJournal::open(path_, identity_);
  ASSERT_TRUE(journal->add(make_try(2)).ok());
  EXPECT_EQ(*read_file(path_), whole);
}

TEST_F(TryJournalTest, AnotherSearchBeginsAnew) {
  const auto journal = TryJournal::open(path_, Json::object().set("search", "popular"));
  EXPECT_TRUE(journal->began_anew());
  EXPECT_TRUE(journal->tries().empty());
}

TEST_F(TryJournalTest, AFinishedSearchIsReadWholeOrNamed) {
  std::string lines;
  for (int i = 0; i < 3; ++i) lines += to_text(to_json(make_try(i))) + "\n";
  const auto read = [&](const std::string& text) {
    EXPECT_TRUE(write_file(path_ + ".done", text).ok());
    return read_tries(path_ + ".done");
  };
  ASSERT_EQ(read(lines)->size(), 3u);
  EXPECT_EQ(to_text(to_json((*read(lines))[2])), to_text(to_json(make_try(2))));
  const Status torn = read(lines.substr(0, lines.size() - 30)).status();
  EXPECT_EQ(torn.kind(), StatusKind::kDataInvalid);
  EXPECT_THAT(torn.message(), testing::HasSubstr("line 3"));
  EXPECT_THAT(read(lines.substr(lines.find('\n') + 1)).status().message(),
              testing::HasSubstr("line 1: is not the next try"));
}

TEST_F(TryJournalTest, TwoSearchesAreKeptApart) {
  const auto first = TryJournal::open(path_, identity_);
  const Status second = TryJournal::open(path_, identity_).status();
  EXPECT_EQ(second.kind(), StatusKind::kFailed);
  EXPECT_THAT(second.message(), testing::HasSubstr("another search writes to"));
}

}  // namespace
}  // namespace crossfade
