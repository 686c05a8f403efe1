// What the tests of this room need to call it: a Context, and a fresh place for files.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <string>

#include "crossfade/base/context.h"
#include "crossfade/base/file.h"

namespace crossfade {

struct TestContext {
  explicit TestContext(int num_threads = 2) : threads(num_threads) {}
  ThreadPool threads;
  SilentProgress progress;
  std::atomic<bool> stop{false};
  Context context{threads, progress, stop};
};

// A path below the tests' temporary folder where nothing is yet.
inline std::string fresh_path(const std::string& name) {
  const std::string path = testing::TempDir() + "crossfade_io_" +
                           std::to_string(testing::UnitTest::GetInstance()->random_seed()) + "_" +
                           testing::UnitTest::GetInstance()->current_test_info()->name() + "_" +
                           name;
  EXPECT_TRUE(remove_tree(path).ok());
  return path;
}

}  // namespace crossfade
