// How crossfade gets on with crossfade-neural, played by small shell scripts: messages become
// progress, ends become a Status, a stop is handed on, and every way of not being there has a
// sentence.
#include "crossfade/models/neural_program/run_neural_program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <thread>
#include <vector>

#include "crossfade/base/file.h"
#include "crossfade/data/test_log.h"
#include "crossfade/models/neural_program/neural_messages.h"

namespace crossfade {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class Notes final : public Progress {
 public:
  void begin(const std::string& what, std::int64_t total, const std::string& unit) override {
    lines.push_back("begin " + what + " " + std::to_string(total) + " " + unit);
  }
  void advance(std::int64_t count) override { lines.push_back("advance " + std::to_string(count)); }
  void end(const std::string& note) override { lines.push_back("end " + note); }
  void say(const std::string& sentence) override { lines.push_back("say " + sentence); }
  std::vector<std::string> lines;
};

class NeuralProgramTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = testing::TempDir() + "neural_program";
    ASSERT_TRUE(remove_tree(folder_).ok());
    ASSERT_TRUE(make_folder(folder_).ok());
  }
  // A program that runs these lines of shell; $1 is the job file.
  Status run(const std::string& script) {
    const std::string program = folder_ + "/program";
    EXPECT_TRUE(write_file(program, "#!/bin/sh\n" + script).ok());
    EXPECT_EQ(::chmod(program.c_str(), 0700), 0);
    return run_at(program);
  }
  Status run_at(const std::string& program) {
    Context context{threads_, notes_, stop_};
    return run_neural_program(program, job_, folder_ + "/job.json", context);
  }
  static std::string said(const std::string& message) { return "echo '" + message + "'\n"; }

  std::string folder_;
  const std::string started_ =
      said(to_text(Json::object().set("event", "started").set("version", CROSSFADE_VERSION)));
  const std::string done_ = said(R"({"event": "done"})");
  NeuralJob job_{"sasrec", "STORE", "music", "OUT", {"epochs=3"}, 7, 2, "KEPT"};
  ThreadPool threads_{1};
  Notes notes_;
  std::atomic<bool> stop_{false};
};

TEST_F(NeuralProgramTest, ShowsProgressAndEndsWell) {
  const Status status = run(
      started_ + said(R"({"event": "begin", "what": "epoch 1", "total": 9, "unit": "users"})") +
      said(R"({"event": "advance", "count": 4})") + said(R"({"event": "say", "sentence": "Hm."})") +
      said(R"({"event": "end", "note": "loss 2"})") + done_);
  EXPECT_TRUE(status.ok()) << status.message();
  EXPECT_THAT(notes_.lines,
              ElementsAre("begin epoch 1 9 users", "advance 4", "say Hm.", "end loss 2"));
}

TEST_F(NeuralProgramTest, HandsOverTheJob) {
  EXPECT_TRUE(run(started_ + "cp \"$1\" " + folder_ + "/copy\n" + done_).ok());
  const auto job = NeuralJob::from_json(*parse_json(*read_file(folder_ + "/copy")));
  ASSERT_TRUE(job.ok()) << job.status().message();
  EXPECT_EQ(to_text(job->to_json()), to_text(job_.to_json()));
}

TEST_F(NeuralProgramTest, HandsOnAnError) {
  for (const int kind : {1, 2, 3, 4, 130}) {
    const Status status = run(started_ + said(R"({"event": "error", "kind": )" +
                                              std::to_string(kind) + R"(, "message": "Why."})"));
    EXPECT_EQ(status.exit_code(), kind);
    EXPECT_EQ(status.message(), "Why.");
  }
}

TEST_F(NeuralProgramTest, SaysWhenTheProgramIsMissing) {
  const Status status = run_at(folder_ + "/nothing");
  EXPECT_EQ(status.kind(), StatusKind::kFailed);
  EXPECT_THAT(status.message(), HasSubstr("cannot start " + folder_ + "/nothing (No such file"));
  EXPECT_THAT(status.message(), HasSubstr("CROSSFADE_NEURAL_PROGRAM"));
}

TEST_F(NeuralProgramTest, SaysWhenTheProgramIsOfAnotherVersion) {
  EXPECT_THAT(run(said(R"({"event": "started", "version": "0.0.9"})") + done_).message(),
              HasSubstr("crossfade-neural is of version 0.0.9 and this is crossfade"));
  EXPECT_THAT(run(done_).message(), HasSubstr("of version unknown"));
  EXPECT_THAT(run(said("hello")).message(), HasSubstr("what is no message: 'hello'"));
}

TEST_F(NeuralProgramTest, SaysWhenTheProgramBreaksOff) {
  EXPECT_THAT(run(started_ + "exit 9\n").message(), HasSubstr("exit code 9 and did not say why"));
  EXPECT_THAT(run(started_ + "kill -SEGV $$\n").message(), HasSubstr("ended by signal 11"));
  const Status killed = run(started_ + "kill -KILL $$\n");
  EXPECT_EQ(killed.kind(), StatusKind::kExhausted);
  EXPECT_THAT(killed.message(), HasSubstr("memory"));
}

TEST_F(NeuralProgramTest, HandsOnAStopOnce) {
  std::thread later([this] {
    std::this_thread::sleep_for(std::chrono::milliseconds(150));
    stop_.store(true);
  });
  // A second signal within the sleep would end the script before it says what it was.
  const Status status = run(started_ + "stopped() { sleep 0.4; " +
                            said(R"({"event": "error", "kind": 130, "message": "Stopped."})") +
                            "exit 130; }\ntrap stopped TERM\nwhile :; do sleep 0.05; done\n");
  later.join();
  EXPECT_EQ(status.kind(), StatusKind::kInterrupted);
  EXPECT_EQ(status.message(), "Stopped.");
}

TEST(NeuralJob, RefusesAnotherVersionAndSaysWhatIsMissing) {
  const NeuralJob job{"sasrec", "STORE", "", "OUT"};
  Json json = job.to_json();
  json.set("version", "0.0.9");
  EXPECT_EQ(NeuralJob::from_json(json).status().kind(), StatusKind::kUsage);
  EXPECT_THAT(NeuralJob::from_json(json).status().message(),
              HasSubstr("the job is of crossfade 0.0.9"));
  json = job.to_json();
  json.set("store", Json());
  EXPECT_THAT(NeuralJob::from_json(json).status().message(), HasSubstr("store"));
  json = job.to_json();
  json.set("settings", "epochs=3");
  EXPECT_THAT(NeuralJob::from_json(json).status().message(), HasSubstr("settings"));
}

TEST(NeuralMessages, AreReadAsTheyAreWritten) {
  const std::string path = testing::TempDir() + "messages";
  std::FILE* file = std::fopen(path.c_str(), "w");
  MessageProgress written(file);
  written.tell_started();
  written.begin("what", 3, "units");
  written.advance(2);
  written.say("a \"word\"\n");
  written.end("note");
  written.tell_end(data_invalid("no"));
  std::fclose(file);
  Notes notes;
  MessageReader reader(notes);
  const std::string text = *read_file(path);
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    ASSERT_TRUE(reader.read_line(text.substr(at, end - at)).ok());
    at = end + 1;
  }
  EXPECT_THAT(notes.lines,
              ElementsAre("begin what 3 units", "advance 2", "say a \"word\"\n", "end note"));
  ASSERT_TRUE(reader.ended());
  EXPECT_EQ(reader.ended()->kind(), StatusKind::kDataInvalid);
}

}  // namespace
}  // namespace crossfade
