// Runs: only what has to be made is made; nothing that stops a run harms the next one.
#include "crossfade/pipeline/run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crossfade/pipeline/run_folder.h"
#include "crossfade/pipeline/test_kinds.h"

namespace crossfade {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kRecipe = R"(
name = "two"
[write.a]
[write.b]
text = "xy"
[count.sum]
of = ["a/text", "b/inner/text", "file.txt"]
)";

class RunTest : public testing::Test {
 protected:
  void SetUp() override {
    data_ = fresh_folder("data");
    out_ = fresh_folder("out");
    ASSERT_TRUE(make_folder(data_).ok());
    ASSERT_TRUE(write_file(data_ + "/file.txt", "1234").ok());
  }

  Result<RunOutcome> run(const std::string& toml = kRecipe, RunRequest request = {},
                         std::vector<std::string> overrides = {}) {
    diary_.ran.clear();
    auto recipe = read_recipe({"r.toml", toml, std::move(overrides)}, kinds_);
    if (!recipe.ok()) return recipe.status();
    request.data = data_;
    request.out = out_;
    return run_recipe(*recipe, request, clock_, context_);
  }
  std::int64_t bytes(const Result<RunOutcome>& outcome) {
    EXPECT_TRUE(outcome.ok()) << outcome.status().message();
    return outcome.ok() ? *outcome->json["results"]["sum"]["bytes"].as_int() : -1;
  }
  std::string because(const Result<RunOutcome>& outcome, std::size_t stage) {
    return *(*outcome->json["stages"].as_array())[stage]["because"].as_string();
  }

  StageDiary diary_;
  std::vector<StageKind> kinds_ = test_kinds(diary_);
  ManualClock clock_;
  SilentProgress progress_;
  ThreadPool threads_{2};
  std::atomic<bool> stop_{false};
  Context context_{threads_, progress_, stop_};
  std::string data_, out_;
};

TEST_F(RunTest, MakesAllOnceAndThenNothing) {
  EXPECT_EQ(bytes(run()), 3 + 4 + 4);
  EXPECT_THAT(diary_.ran, ElementsAre("write abc", "write xy", "count"));
  EXPECT_EQ(*read_file(out_ + "/a/text"), "abc");
  EXPECT_EQ(*read_file(out_ + "/sum.json"), "{\n  \"bytes\": 11\n}\n");
  EXPECT_EQ(bytes(run()), 11);
  EXPECT_THAT(diary_.ran, IsEmpty());
}

TEST_F(RunTest, OnlyWhatAChangeTouchesIsMadeAgain) {
  ASSERT_TRUE(run().ok());
  ASSERT_TRUE(run(kRecipe, {}, {"a.memory=9"}).ok());  // decides no byte
  EXPECT_THAT(diary_.ran, IsEmpty());
  const auto other_knob = run(kRecipe, {}, {"b.times=2"});
  EXPECT_EQ(bytes(other_knob), 3 + 8 + 4);
  EXPECT_THAT(diary_.ran, ElementsAre("write xy", "count"));
  EXPECT_EQ(because(other_knob, 1), "times was 1 and is 2");
  EXPECT_EQ(because(other_knob, 2), "its input of has changed (text)");
  ASSERT_TRUE(replace_file(data_ + "/file.txt", "123456").ok());
  EXPECT_EQ(bytes(run(kRecipe, {}, {"b.times=2"})), 3 + 8 + 6);
  EXPECT_THAT(diary_.ran, ElementsAre("count"));
  // The same text in another way: b is made again, comes out the same, and sum is kept.
  EXPECT_EQ(bytes(run(kRecipe, {}, {"b.text=xyxy"})), 3 + 8 + 6);
  EXPECT_THAT(diary_.ran, ElementsAre("write xyxy"));
}

TEST_F(RunTest, WhatIsReadBesideAnInputCountsAsIts) {
  ASSERT_TRUE(run().ok());
  ASSERT_TRUE(write_file(data_ + "/rules", "one").ok());
  EXPECT_EQ(because(run(), 2), "its input of has changed (file.txt)");
  EXPECT_THAT(diary_.ran, ElementsAre("count"));
  ASSERT_TRUE(run().ok());
  EXPECT_THAT(diary_.ran, IsEmpty());
  ASSERT_TRUE(replace_file(data_ + "/rules", "two").ok());
  ASSERT_TRUE(run().ok());
  EXPECT_THAT(diary_.ran, ElementsAre("count"));
}

TEST_F(RunTest, FromMakesAStageAndItsFollowersAnew) {
  ASSERT_TRUE(run().ok());
  RunRequest request;
  request.from = "b";
  ASSERT_TRUE(run(kRecipe, request).ok());
  EXPECT_THAT(diary_.ran, ElementsAre("write xy", "count"));
  request.from = "summ";
  EXPECT_THAT(run(kRecipe, request).status().message(), HasSubstr("did you mean 'sum'?"));
}

TEST_F(RunTest, ADryRunSaysWhatAndWhyAndTouchesNothing) {
  RunRequest request;
  request.dry_run = true;
  const auto first = run(kRecipe, request);
  ASSERT_TRUE(first.ok()) << first.status().message();
  EXPECT_EQ(because(first, 0), "it is not there yet");
  EXPECT_EQ(because(first, 2), "if a/text changes");
  EXPECT_FALSE(path_exists(out_));
  ASSERT_TRUE(run().ok());
  const auto later = run(kRecipe, request, {"b.text=z"});
  EXPECT_THAT(diary_.ran, IsEmpty());
  const Json::Array& stages = *later->json["stages"].as_array();
  EXPECT_EQ(stages[0]["state"], Json("cached"));
  EXPECT_EQ(stages[1]["state"], Json("make"));
  EXPECT_EQ(stages[1]["because"], Json("text was xy and is z"));
  EXPECT_EQ(stages[2]["state"], Json("depends"));
}

TEST_F(RunTest, AFailureKeepsWhatWasCompleteAndNamesItsStage) {
  diary_.before = [](const std::string& kind) {
    return kind == "count" ? exhausted("the disk is full") : ok_status();
  };
  const auto outcome = run();
  EXPECT_EQ(outcome.status().kind(), StatusKind::kExhausted);
  EXPECT_THAT(outcome.status().message(), HasSubstr("stage sum: the disk is full"));
  EXPECT_FALSE(path_exists(out_ + "/sum.json"));
  diary_.before = [](const std::string&) { return ok_status(); };
  EXPECT_EQ(bytes(run()), 11);
  EXPECT_THAT(diary_.ran, ElementsAre("count"));
}

TEST_F(RunTest, AStopEndsBetweenStages) {
  diary_.before = [this](const std::string&) {
    stop_ = true;
    return ok_status();
  };
  EXPECT_EQ(run().status().kind(), StatusKind::kInterrupted);
  EXPECT_THAT(diary_.ran, ElementsAre("write abc"));
  stop_ = false;
  diary_.before = [](const std::string&) { return ok_status(); };
  ASSERT_TRUE(run().ok());
  EXPECT_THAT(diary_.ran, ElementsAre("write xy", "count"));
}

TEST_F(RunTest, OutputsWithoutEntriesAndLeftoversAreMadeAnew) {
  ASSERT_TRUE(run().ok());
  ASSERT_TRUE(remove_tree(out_ + "/.crossfade/stage-a.json").ok());
  ASSERT_TRUE(write_file(out_ + "/a/text", "half").ok());
  ASSERT_TRUE(make_folder(out_ + "/a.part-17/inner").ok());
  ASSERT_TRUE(make_folder(out_ + "/a.importing/inner").ok());
  ASSERT_TRUE(make_folder(out_ + "/.crossfade/work/a.importing").ok());
  const auto outcome = run();
  EXPECT_EQ(bytes(outcome), 11);
  EXPECT_EQ(because(outcome, 0), "it was not finished");
  EXPECT_EQ(*read_file(out_ + "/a/text"), "abc");
  for (const char* part : {"/a.part-17", "/a.importing", "/.crossfade/work/a.importing"})
    EXPECT_FALSE(path_exists(out_ + part)) << part;
}

// A command that keeps checkpoints beside its output finds them again, if it is the same work.
TEST_F(RunTest, CheckpointsOfTheSameWorkAreKept) {
  diary_.before = [](const std::string&) { return failed("no more"); };
  ASSERT_FALSE(run().ok());
  for (const char* name : {"/a.importing", "/a.tuning", "/a.checkpoint"}) {
    const std::string part = out_ + name;
    bool found = false;
    diary_.before = [&](const std::string&) {
      found = path_exists(part);
      return failed("no more");
    };
    ASSERT_TRUE(make_folder(part).ok());
    ASSERT_FALSE(run().ok());
    EXPECT_TRUE(found) << name;
    ASSERT_FALSE(run(kRecipe, {}, {"a.text=other"}).ok());
    EXPECT_FALSE(found) << name;
    ASSERT_FALSE(run().ok());
  }
}

TEST_F(RunTest, DamageIsRepairedAndSaid) {
  ASSERT_TRUE(run().ok());
  ASSERT_TRUE(replace_file(out_ + "/b/inner/text", "zzzz").ok());
  const auto outcome = run();
  EXPECT_EQ(bytes(outcome), 11);
  EXPECT_EQ(because(outcome, 1), "it is damaged: inner/text is not what was written");
  EXPECT_EQ(*read_file(out_ + "/b/inner/text"), "xyxy");
  const std::string entry = out_ + "/.crossfade/stage-a.json";
  std::string text = *read_file(entry);
  text[text.find("abc")] = 'X';
  ASSERT_TRUE(replace_file(entry, text).ok());
  EXPECT_EQ(because(run(), 0), "what was known of it is damaged");
}

TEST_F(RunTest, AGrowingOutputLeavesItsSourceAlone) {
  const std::string toml = "[write.a]\n[write.b]\ninto = \"a\"\ntext = \"n\"\n";
  ASSERT_TRUE(run(toml).ok());
  EXPECT_EQ(*read_file(out_ + "/b/more"), "n");
  EXPECT_EQ(*read_file(out_ + "/b/text"), "abc");
  EXPECT_FALSE(path_exists(out_ + "/a/more"));
  ASSERT_TRUE(run(toml).ok());
  EXPECT_THAT(diary_.ran, IsEmpty());
}

TEST_F(RunTest, MissingInputsAreNamedBeforeAnythingRuns) {
  const std::string missing = "[write.a]\n[count.sum]\nof = [\"aa/text\"]\n";
  const Status status = run(missing).status();
  EXPECT_EQ(status.kind(), StatusKind::kUsage);
  EXPECT_THAT(status.message(), HasSubstr("r.toml, line 3"));
  EXPECT_THAT(status.message(), HasSubstr(data_ + "/aa/text"));
  EXPECT_THAT(status.message(), HasSubstr("did you mean 'a'?"));
  EXPECT_THAT(diary_.ran, IsEmpty());
  const Status part = run("[write.a]\n[count.sum]\nof = [\"a/none\"]\n").status();
  EXPECT_THAT(part.message(), HasSubstr("the output of a has no none; it has: inner, text"));
}

TEST_F(RunTest, ForeignFoldersAreRefused) {
  ASSERT_TRUE(run().ok());
  const Status other = run("name = \"three\"\n[write.a]\n").status();
  EXPECT_EQ(other.kind(), StatusKind::kUsage);
  EXPECT_THAT(other.message(), HasSubstr("a run of another recipe, two"));
  ASSERT_TRUE(remove_tree(out_).ok());
  ASSERT_TRUE(make_folder(out_).ok());
  ASSERT_TRUE(write_file(out_ + "/mine", "").ok());
  EXPECT_THAT(run().status().message(), HasSubstr("no run made it"));
  ASSERT_TRUE(remove_tree(out_).ok());
  ASSERT_TRUE(write_file(out_, "").ok());
  EXPECT_THAT(run().status().message(), HasSubstr("is a file"));
}

TEST_F(RunTest, TwoRunsInOneFolderAreKeptApart) {
  const auto first = RunFolder::open(out_, "two");
  ASSERT_TRUE(first.ok()) << first.status().message();
  const Status second = run().status();
  EXPECT_EQ(second.kind(), StatusKind::kFailed);
  EXPECT_THAT(second.message(), HasSubstr("another run works in"));
}

TEST_F(RunTest, ReportAndProvenanceSayHowItWasMade) {
  clock_.time_ns = 1'700'000'000'000'000'000;
  const auto outcome = run("about = \"Two words.\"\nseed = 4\n" + std::string(kRecipe));
  ASSERT_TRUE(outcome.ok()) << outcome.status().message();
  EXPECT_EQ(to_text(outcome->document).find("Every byte"), std::string::npos);
  EXPECT_THAT(*read_file(out_ + "/report.md"), HasSubstr("Two words."));
  EXPECT_THAT(*read_file(out_ + "/report.txt"), HasSubstr("11 bytes."));
  EXPECT_THAT(*read_file(out_ + "/report.html"), HasSubstr("Every byte is as good"));
  const auto provenance = parse_json(*read_file(out_ + "/provenance.json"));
  ASSERT_TRUE(provenance.ok());
  EXPECT_EQ((*provenance)["seed"], Json(4));
  EXPECT_EQ((*provenance)["finished"], Json("2023-11-14T22:13:20Z"));
  EXPECT_EQ((*provenance)["inputs"].as_array()->size(), 1u);
  EXPECT_EQ((*provenance)["stages"].as_array()->size(), 3u);
}

}  // namespace
}  // namespace crossfade
