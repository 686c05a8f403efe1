// What the tests of this room need to call it: the Context of data/test_log.h, and a fresh place
// for files.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "crossfade/base/file.h"
#include "crossfade/data/test_log.h"

namespace crossfade {

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
