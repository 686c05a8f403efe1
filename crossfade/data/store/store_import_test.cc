// Stores that grow block by block: whatever the blocks, the threads, the budget and the cuts into
// days, the rows are those of build_dataset() on the whole log.
#include <gmock/gmock.h>

#include "crossfade/base/file.h"
#include "crossfade/data/store/compact_store.h"
#include "crossfade/data/store/store.h"
#include "crossfade/data/store/store_import.h"
#include "crossfade/data/test_log.h"

namespace crossfade {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

class StoreImportTest : public testing::Test {
 protected:
  void SetUp() override {
    path_ = testing::TempDir() + "store_import_" +
            testing::UnitTest::GetInstance()->current_test_info()->name();
    clear();
  }
  void clear() {
    for (const std::string end : {"", ".importing", ".other"})
      ASSERT_TRUE(remove_tree(path_ + end).ok());
  }

  // Brings the log in blocks of `rows`; the import is named by its first row.
  Status import(const LogColumns& log, std::size_t rows, StoreImportOptions options = {},
                int threads = 2, const std::string& name = "log") {
    TestContext run(threads);
    const ImportTarget target{path_, path_exists(path_), "music"};
    CROSSFADE_ASSIGN_OR_RETURN(
        StoreImport into,
        StoreImport::open(target, options, {Json(name), {name + "!"}}, run.context));
    std::size_t at = 0;
    if (const auto* done = into.resumed().as_int()) at = static_cast<std::size_t>(*done);
    resumed_at_ = at;
    for (; at < size_of(log.users); at += rows) {
      const std::size_t end = std::min(at + rows, size_of(log.users));
      CROSSFADE_RETURN_IF_ERROR(
          into.add(slice(log, at, end), [&] { return Json(static_cast<std::int64_t>(end)); }));
      if (end >= stop_at_) return interrupted();
    }
    CROSSFADE_ASSIGN_OR_RETURN(imported_,
                               into.finish([](const ImportedRows&) { return ImportReport(); }));
    return ok_status();
  }

  std::string rows_of_store() {
    TestContext run(3);
    const auto store = open_store(path_, Verify::kFull, &run.threads);
    return store.ok() ? store->dataset.fingerprint() : store.status().message();
  }
  std::string files() {
    std::string all;
    const std::vector<std::string> names = *list_files(path_);
    for (const std::string& name : names) all += name + *read_file(path_ + "/" + name);
    return all;
  }
  static std::string expected(const LogColumns& log) {
    TestContext run;
    return build_dataset(Dataset(), "music", log, run)->fingerprint();
  }

  std::string path_;
  std::size_t stop_at_ = SIZE_MAX, resumed_at_ = 0;
  ImportedRows imported_;
};

StoreImportOptions tiny() {
  StoreImportOptions options;
  options.memory_bytes = 20'000;
  return options;
}

TEST_F(StoreImportTest, BlocksThreadsAndBudgetChangeNothing) {
  const LogColumns log = random_log(6000, 1);
  std::string first;
  for (const std::size_t rows : {std::size_t{1}, std::size_t{777}, std::size_t{6000}})
    for (const int threads : {1, 2, 4})
      for (const bool small : {true, false}) {
        clear();
        const Status status = import(log, rows, small ? tiny() : StoreImportOptions(), threads);
        ASSERT_TRUE(status.ok()) << status.message();
        if (first.empty()) {
          EXPECT_EQ(rows_of_store(), expected(log));
          first = files();
        }
        ASSERT_EQ(files(), first) << rows << " " << threads << " " << small;
        EXPECT_FALSE(path_exists(path_ + ".importing"));
      }
}

TEST_F(StoreImportTest, AbsentColumnsAndTextIds) {
  LogColumns log = random_log(500, 2);
  std::vector<std::string> users;
  for (const std::int64_t id : std::get<0>(log.users)) users.push_back("u" + std::to_string(id));
  log.users = std::move(users);
  log.kinds.clear();
  log.sessions.clear();
  log.weights.clear();
  for (const bool timeless : {false, true}) {
    if (timeless) log.time_ns.clear();
    clear();
    ASSERT_TRUE(import(log, 100, tiny()).ok());
    EXPECT_EQ(rows_of_store(), expected(log));
  }
}

TEST_F(StoreImportTest, RowsWithoutASessionAreFilledAsInMemory) {
  LogColumns log = random_log(2000, 5);
  for (std::size_t row = 0; row < 2000; row += 3) log.sessions[row] = kNoSession;
  for (const bool timeless : {false, true}) {
    if (timeless) log.time_ns.clear();
    clear();
    ASSERT_TRUE(import(log, 300, tiny()).ok());
    EXPECT_EQ(rows_of_store(), expected(log));
    const auto store = open_store(path_);
    for (const std::int64_t session : store->dataset.domains()[0].session)
      ASSERT_NE(session, kNoSession);
  }
}

TEST_F(StoreImportTest, DaysMakeTheWhole) {
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    clear();
    const LogColumns log = random_log(3000, seed);  // equal times and late rows across every cut
    Rng rng(seed);
    for (std::size_t at = 0; at < 3000;) {
      const std::size_t end = std::min<std::size_t>(3000, at + 1 + rng.below(1200));
      const Status status = import(slice(log, at, end), 500, {}, 2, std::to_string(at));
      ASSERT_TRUE(status.ok()) << status.message();
      at = end;
    }
    ASSERT_EQ(rows_of_store(), expected(log));
    const auto before = open_store(path_);
    TestContext run;
    const auto compaction = compact_store(path_, run.context);
    ASSERT_TRUE(compaction.ok()) << compaction.status().message();
    EXPECT_EQ(compaction->segments_after, 1U);
    ASSERT_EQ(rows_of_store(), expected(log));
    const auto after = open_store(path_);
    EXPECT_EQ(after->fingerprint, before->fingerprint);
    const Domain &merged = before->dataset.domains()[0], &one = after->dataset.domains()[0];
    EXPECT_TRUE(std::equal(merged.item_user.begin(), merged.item_user.end(), one.item_user.begin(),
                           one.item_user.end()));
    EXPECT_EQ(list_files(path_ + "/segments")->size(), 11U);
    EXPECT_EQ(import(slice(log, 0, 1), 1, {}, 2, "0").kind(), StatusKind::kUsage);
  }
}

TEST_F(StoreImportTest, CompactionKeepsUsersOfOtherDomainsInPlace) {
  const LogColumns log = random_log(2000, 3);
  ASSERT_TRUE(import(slice(log, 0, 700), 700, {}, 2, "1").ok());
  TestContext run;
  const Store first = *open_store(path_);
  const Dataset grown =
      *build_dataset(first.dataset, "shop", make_log({{-1, 7, 5}, {-2, 8, 6}}), run);
  ASSERT_TRUE(add_domain(first, grown).ok());
  ASSERT_TRUE(import(slice(log, 700, 2000), 700, {}, 2, "2").ok());
  const std::string before = rows_of_store();
  ASSERT_EQ(compact_store(path_, run.context)->segments_after, 2U);
  EXPECT_EQ(rows_of_store(), before);
  EXPECT_EQ(compact_store(path_, run.context)->segments_before, 2U);
}

TEST_F(StoreImportTest, RepeatsAreCountedAndDroppedIfTold) {
  const LogColumns log = make_log(
      {{7, 50, 2}, {7, 50, 2}, {7, 50, 3}, {8, 50, 2}, {7, 50, 2}, {7, 51, 2}, {8, 50, 2, 9}});
  ASSERT_TRUE(import(log, 2).ok());
  EXPECT_EQ(imported_.built.repeats, 2);
  EXPECT_EQ(imported_.built.repeat, "user 7, item 50");
  EXPECT_EQ(rows_of_store(), expected(log));
  clear();
  StoreImportOptions drop;
  drop.drop_repeats = true;
  ASSERT_TRUE(import(log, 2, drop).ok());
  EXPECT_EQ(imported_.built.rows, 5);
  EXPECT_EQ(rows_of_store(),
            expected(make_log({{7, 50, 2}, {7, 50, 3}, {8, 50, 2}, {7, 51, 2}, {8, 50, 2, 9}})));
}

TEST_F(StoreImportTest, SessionsByGapsGoOnInTheNextDay) {
  StoreImportOptions gaps;
  gaps.session_gap_ns = 10;
  ASSERT_TRUE(import(make_log({{1, 5, 100}, {1, 6, 110}, {1, 5, 121}, {2, 5, 50}}), 9, gaps).ok());
  const auto sessions = [&] {
    const Array<std::int64_t> all = open_store(path_)->dataset.domains()[0].session;
    return std::vector<std::int64_t>(all.begin(), all.end());
  };
  EXPECT_THAT(sessions(), testing::ElementsAre(100, 100, 121, 50));
  ASSERT_TRUE(import(make_log({{1, 7, 131}, {2, 7, 61}, {3, 7, 9}}), 9, gaps, 2, "next").ok());
  EXPECT_THAT(sessions(), testing::ElementsAre(100, 100, 121, 121, 50, 61, 9));
}

TEST_F(StoreImportTest, SessionsByEndsGoOnInTheNextDay) {
  StoreImportOptions ends;
  ends.session_end_kind = 1;
  const auto with_kinds = [](LogColumns log, std::vector<std::uint8_t> kinds) {
    log.kinds = std::move(kinds);
    return log;
  };
  const auto sessions = [&] {
    const Array<std::int64_t> all = open_store(path_)->dataset.domains()[0].session;
    return std::vector<std::int64_t>(all.begin(), all.end());
  };
  // User 1 ends one session and goes on in another at the same time; user 2 ends none.
  ASSERT_TRUE(import(with_kinds(make_log({{1, 5, 100}, {1, 6, 100}, {1, 5, 100}, {2, 5, 50}}),
                                {0, 1, 0, 0}),
                     9, ends)
                  .ok());
  EXPECT_THAT(sessions(), testing::ElementsAre(100, 100, 101, 50));
  ASSERT_TRUE(
      import(with_kinds(make_log({{1, 7, 131}, {1, 7, 140}, {2, 7, 61}, {2, 7, 70}}), {1, 0, 1, 1}),
             9, ends, 2, "next")
          .ok());
  EXPECT_THAT(sessions(), testing::ElementsAre(100, 100, 101, 101, 140, 50, 50, 70));
  clear();
  EXPECT_EQ(import(make_log({{1, 5, 100}}), 9, ends).kind(), StatusKind::kUsage) << "no kinds";
}

TEST_F(StoreImportTest, GoesOnAfterAStop) {
  const LogColumns log = random_log(6000, 4);
  ASSERT_TRUE(import(log, 100, tiny()).ok());
  const std::string whole = files();
  clear();
  stop_at_ = 4000;
  ASSERT_EQ(import(log, 100, tiny()).kind(), StatusKind::kInterrupted);
  EXPECT_FALSE(path_exists(path_));
  stop_at_ = SIZE_MAX;
  ASSERT_TRUE(import(log, 100, tiny()).ok());
  EXPECT_GT(resumed_at_, 3000U);
  EXPECT_EQ(files(), whole);
  EXPECT_FALSE(path_exists(path_ + ".importing"));
}

TEST_F(StoreImportTest, AnotherLogStartsOver) {
  stop_at_ = 4000;
  ASSERT_EQ(import(random_log(6000, 4), 100, tiny()).kind(), StatusKind::kInterrupted);
  stop_at_ = SIZE_MAX;
  const LogColumns other = random_log(6000, 5);
  ASSERT_TRUE(import(other, 100, tiny(), 2, "other").ok());
  EXPECT_EQ(resumed_at_, 0U);
  EXPECT_EQ(rows_of_store(), expected(other));
}

TEST_F(StoreImportTest, DamagedSpillsAreFoundAndTheImportStartsOver) {
  const LogColumns log = random_log(6000, 4);
  for (const std::string name : {"rows", "users.ids", "items.ids", "journal.json"}) {
    for (const bool cut : {false, true}) {
      clear();
      stop_at_ = 4000;
      ASSERT_EQ(import(log, 100, tiny()).kind(), StatusKind::kInterrupted);
      stop_at_ = SIZE_MAX;
      const std::string file = path_ + ".importing/" + name;
      std::string bytes = *read_file(file);
      if (cut)
        bytes.resize(bytes.size() / 2);
      else
        bytes[bytes.size() / 2] ^= 1;
      ASSERT_TRUE(write_file(file, bytes).ok());
      const Status status = import(log, 100, tiny());
      ASSERT_TRUE(status.ok()) << status.message();
      EXPECT_EQ(resumed_at_, 0U) << name;
      EXPECT_EQ(rows_of_store(), expected(log));
    }
  }
}

TEST_F(StoreImportTest, SortingCountsEveryRowOnceInEachPass) {
  struct Recorder final : Progress {
    void begin(const std::string& what, std::int64_t total, const std::string&) override {
      if (what.starts_with("sorting")) begun.push_back(what + " " + std::to_string(total));
    }
    void advance(std::int64_t) override {}
    void end(const std::string&) override {}
    void say(const std::string&) override {}
    std::vector<std::string> begun;
  } recorder;
  TestContext run;
  Context context{run.threads, recorder, run.stop};
  auto into = StoreImport::open({path_, false, "music"}, {}, {Json("log"), {}}, context);
  ASSERT_TRUE(into->add(random_log(300, 1), [] { return Json(); }).ok());
  ASSERT_TRUE(into->finish([](const ImportedRows&) { return ImportReport(); }).ok());
  EXPECT_EQ(recorder.begun,
            (std::vector<std::string>{"sorting by user 300", "sorting by item 300"}));
}

TEST_F(StoreImportTest, TwoWritersAreKeptApart) {
  TestContext run;
  const auto first = StoreImport::open({path_, false, "music"}, {}, {Json("log"), {}}, run.context);
  ASSERT_TRUE(first.ok());
  EXPECT_THAT(import(make_log({{1, 2, 3}}), 1).message(), HasSubstr("another program is writing"));
}

TEST_F(StoreImportTest, MistakesGetASentence) {
  ASSERT_TRUE(import(make_log({{1, 2, 3}}), 1).ok());
  LogColumns timeless = make_log({{1, 2, 3}});
  timeless.time_ns.clear();
  EXPECT_THAT(import(timeless, 1, {}, 2, "b").message(), HasSubstr("the log has no times"));
  LogColumns weightless = make_log({{1, 2, 3}});
  weightless.weights.clear();
  EXPECT_THAT(import(weightless, 1, {}, 2, "b").message(), HasSubstr("the log has no weights"));
  LogColumns kinds = make_log({{1, 2, 3}});
  kinds.kinds = {1};
  EXPECT_THAT(import(kinds, 1, {}, 2, "b").message(), HasSubstr("the log has kinds"));
  EXPECT_THAT(import(make_log({{1, 2, 3}}), 1).message(), HasSubstr("would count twice"));
  LogColumns text = make_log({{1, 2, 3}});
  text.users = std::vector<std::string>{"a"};
  EXPECT_THAT(import(text, 1, {}, 2, "b").message(), HasSubstr("users: these ids are text"));
  EXPECT_EQ(list_files(path_)->size(), 10U);  // nothing was added
  TestContext run;
  EXPECT_EQ(StoreImport::open({path_, false, "m"}, {}, {}, run.context).status().kind(),
            StatusKind::kUsage);
  EXPECT_EQ(StoreImport::open({path_, true, "a/b"}, {}, {}, run.context).status().kind(),
            StatusKind::kUsage);
  EXPECT_EQ(StoreImport::open({path_ + ".other", true, "m"}, {}, {}, run.context).status().kind(),
            StatusKind::kFailed);
}

TEST_F(StoreImportTest, WeightsBesideNoneAreRefusedAfterCompaction) {
  LogColumns weightless = make_log({{1, 2, 3}});
  weightless.weights.clear();
  ASSERT_TRUE(import(weightless, 1).ok());
  ASSERT_TRUE(import(weightless, 1, {}, 2, "b").ok());
  TestContext run;
  ASSERT_TRUE(compact_store(path_, run.context).ok());
  EXPECT_THAT(import(make_log({{1, 2, 3}}), 1, {}, 2, "c").message(),
              HasSubstr("the log has weights and the domain 'music'"));
}

TEST_F(StoreImportTest, ColumnsThatComeAndGoAreRefused) {
  TestContext run;
  auto into = StoreImport::open({path_, false, "music"}, {}, {Json("log"), {}}, run.context);
  const auto state = [] { return Json(); };
  LogColumns timeless = make_log({{1, 2, 3}});
  timeless.time_ns.clear();
  ASSERT_TRUE(into->add(make_log({{1, 2, 3}}), state).ok());
  EXPECT_THAT(into->add(timeless, state).message(), HasSubstr("has no times"));
}

}  // namespace
}  // namespace crossfade
