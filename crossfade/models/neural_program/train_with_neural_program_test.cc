// Where a job's files lie: gone with it, and those of killed programs with the next one.
#include "crossfade/models/neural_program/train_with_neural_program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "crossfade/base/file.h"
#include "crossfade/data/test_log.h"

namespace crossfade {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// The program is missing, so every training fails, after its folder has been made.
class JobFolderTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = testing::TempDir() + "job_folder";
    ASSERT_TRUE(remove_tree(folder_).ok());
    ASSERT_TRUE(make_folder(folder_ + "/tmp").ok());
    ::setenv("TMPDIR", (folder_ + "/tmp").c_str(), 1);
    ::setenv("CROSSFADE_NEURAL_PROGRAM", (folder_ + "/missing").c_str(), 1);
  }
  void TearDown() override {
    ::unsetenv("TMPDIR");
    ::unsetenv("CROSSFADE_NEURAL_PROGRAM");
  }
  void fail_to_train(const std::string& checkpoint) {
    TrainInput input{dataset_, 0, {}, 1};
    input.checkpoint = checkpoint;
    TestContext run;
    EXPECT_EQ(train_with_neural_program("sasrec", input, run).status().kind(), StatusKind::kFailed);
  }

  const Dataset dataset_ = make_dataset({{0, 7, 1}, {0, 8, 2}});
  std::string folder_;
};

TEST_F(JobFolderTest, OfADatasetInMemoryIsTemporaryAndGoesWithTheJob) {
  ASSERT_TRUE(write_file(folder_ + "/tmp/mine", "").ok());
  fail_to_train("");
  EXPECT_THAT(*list_files(folder_), ElementsAre("tmp/mine"));
}

TEST_F(JobFolderTest, OfAKilledProgramGoesWithTheNextJob) {
  const std::string left = folder_ + "/tmp/crossfade-neural-job.part-1";
  ASSERT_TRUE(make_folder(left + "/store").ok());
  fail_to_train("");
  EXPECT_FALSE(path_exists(left));
  const std::string kept = folder_ + "/m.checkpoint";
  ASSERT_TRUE(make_folder(kept + "/crossfade-neural-job.part-1/model").ok());
  ASSERT_TRUE(make_folder(kept + "/5").ok());
  fail_to_train(kept);
  EXPECT_FALSE(path_exists(kept + "/crossfade-neural-job.part-1"));
  EXPECT_TRUE(path_exists(kept + "/5"));
}

TEST_F(JobFolderTest, BesideCheckpointsLeavesNothingWhereThereAreNone) {
  fail_to_train(folder_ + "/m.checkpoint");
  EXPECT_FALSE(path_exists(folder_ + "/m.checkpoint"));
  EXPECT_THAT(*list_files(folder_ + "/tmp"), IsEmpty());
}

}  // namespace
}  // namespace crossfade
