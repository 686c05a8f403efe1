// botify's log: the exact line, rotation as Python's, the end, and a disk that takes nothing.
#include "crossfade/events/data_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <thread>
#include <vector>

#include "crossfade/base/file.h"

namespace crossfade {
namespace {

using testing::HasSubstr;

std::string encoded(const DataLogLine& line) {
  std::string text;
  encode_data_log_line(line, text);
  return text;
}

DataLogLine next_line() {
  DataLogLine line;
  line.timestamp_ms = 1772867968488;
  line.user = ExternalId(1981);
  line.track = ExternalId(525);
  line.time = 1;
  line.latency_s = 0.004278421401977539;
  line.recommendation = 1236;
  return line;
}

class DataLogTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = testing::TempDir() + "data_log_" +
              testing::UnitTest::GetInstance()->current_test_info()->name();
    ASSERT_TRUE(remove_tree(folder_).ok());
    path_ = folder_ + "/log/data.json";
  }
  std::string folder_, path_;
};

TEST(DataLogLineTest, IsThePublishedLine) {
  const std::vector<Treatment> treatments{{"AA", "C"}};
  DataLogLine line = next_line();
  line.treatments = treatments;
  EXPECT_EQ(encoded(line),
            R"({"message": "next", "timestamp": 1772867968488, "user": 1981, "track": 525, )"
            R"("time": 1.0, "latency": 0.004278421401977539, "recommendation": 1236, )"
            R"("experiments": {"AA": "C"}})"
            "\n");
  line.last = true;
  EXPECT_THAT(encoded(line), HasSubstr(R"("message": "last", )"));
  EXPECT_THAT(encoded(line), HasSubstr(R"("recommendation": null, )"));
}

TEST_F(DataLogTest, WritesPropensitiesOnlyWhereTheyAreWanted) {
  DataLogLine line = next_line();
  line.propensity = 0.25;
  for (const bool wanted : {true, false}) {
    ASSERT_TRUE(remove_tree(folder_).ok());
    DataLog log = *DataLog::open(path_, {0, 0, wanted});
    log.add(line);
    ASSERT_TRUE(log.close().ok());
    EXPECT_EQ(read_file(path_)->ends_with(R"("experiments": {}, "propensity": 0.25})"
                                          "\n"),
              wanted);
  }
}

TEST(DataLogLineTest, WritesNumbersAsPythonDoes) {
  DataLogLine line = next_line();
  line.user = ExternalId("123456789012345678901234567890");
  line.latency_s = 2.3e-05;
  line.time = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(encoded(line), R"({"message": "next", "timestamp": 1772867968488, )"
                           R"("user": 123456789012345678901234567890, "track": 525, "time": NaN, )"
                           R"("latency": 2.3e-05, "recommendation": 1236, "experiments": {}})"
                           "\n");
}

TEST_F(DataLogTest, WritesAllLinesByTheEndAndGoesOnAfterIt) {
  for (int run = 0; run < 2; ++run) {
    DataLog log = *DataLog::open(path_);
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
      threads.emplace_back([&] {
        for (int i = 0; i < 500; ++i) log.add(next_line());
      });
    for (std::thread& thread : threads) thread.join();
    ASSERT_TRUE(log.close().ok());
  }
  const std::string text = *read_file(path_);
  EXPECT_EQ(text.size(), 4000 * encoded(next_line()).size());
  for (std::size_t at = 0; at < text.size(); at += encoded(next_line()).size())
    ASSERT_EQ(text.substr(at, encoded(next_line()).size()), encoded(next_line()));
}

TEST_F(DataLogTest, LinesArriveWithoutAnEnd) {
  DataLog log = *DataLog::open(path_);
  log.add(next_line());
  for (int wait = 0; wait < 100 && read_file(path_)->empty(); ++wait)
    std::this_thread::sleep_for(std::chrono::milliseconds(DataLog::kFlushMs));
  EXPECT_EQ(*read_file(path_), encoded(next_line()));
}

TEST_F(DataLogTest, RotatesAsPythonDoes) {
  const auto bytes = static_cast<std::int64_t>(encoded(next_line()).size());
  const auto lines_in = [&](const std::string& end) {
    return path_exists(path_ + end)
               ? static_cast<std::int64_t>(read_file(path_ + end)->size()) / bytes
               : -1;
  };
  // A file stays below the limit: a third line would reach it.
  DataLog log = *DataLog::open(path_, {3 * bytes, 2});
  for (int i = 0; i < 9; ++i) log.add(next_line());
  ASSERT_TRUE(log.close().ok());
  EXPECT_EQ(lines_in(""), 1);
  EXPECT_EQ(lines_in(".1"), 2);
  EXPECT_EQ(lines_in(".2"), 2);
  EXPECT_EQ(lines_in(".3"), -1) << "the oldest are dropped";
  DataLog again = *DataLog::open(path_, {3 * bytes, 2});
  again.add(next_line());
  ASSERT_TRUE(again.close().ok());
  EXPECT_EQ(lines_in(""), 2) << "it goes on in the file that is there";
}

TEST_F(DataLogTest, ALineLargerThanTheLimitStandsAlone) {
  DataLog log = *DataLog::open(path_, {10, 3});
  log.add(next_line());
  log.add(next_line());
  ASSERT_TRUE(log.close().ok());
  EXPECT_EQ(*read_file(path_), encoded(next_line()));
  EXPECT_EQ(*read_file(path_ + ".1"), encoded(next_line()));
  EXPECT_FALSE(path_exists(path_ + ".2"));
}

TEST_F(DataLogTest, SaysWhatIsLostWhereTheDiskIsFull) {
  auto log = DataLog::open("/dev/full", {0, 0});
  ASSERT_TRUE(log.ok()) << log.status().message();
  log->add(next_line());
  log->add(next_line());
  const Status closed = log->close();
  EXPECT_EQ(closed.kind(), StatusKind::kExhausted);
  EXPECT_THAT(closed.message(), HasSubstr("2 lines of /dev/full are lost"));
  EXPECT_EQ(log->num_lost(), 2);
}

TEST_F(DataLogTest, AFileThatCannotBeMadeIsAnError) {
  EXPECT_FALSE(DataLog::open("/proc/no/such/data.json").ok());
}

}  // namespace
}  // namespace crossfade
