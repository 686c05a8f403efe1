// Gives each test process a folder of its own for what testing::TempDir() names, below the build
// folder, and removes it at the end: tests name their files as they like, and two runs at once do
// not meet. Linked into every test program (cmake/Room.cmake).
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string>

namespace {

class OwnFolder : public testing::Environment {
 public:
  void SetUp() override {
    std::filesystem::create_directories(TEST_FOLDERS);
    folder_ = TEST_FOLDERS "/XXXXXX";
    ASSERT_NE(::mkdtemp(folder_.data()), nullptr) << "cannot make a folder in " TEST_FOLDERS;
    ::setenv("TEST_TMPDIR", folder_.c_str(), 1);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

 private:
  std::string folder_;
};

const testing::Environment* const kOwnFolder = testing::AddGlobalTestEnvironment(new OwnFolder);

}  // namespace
