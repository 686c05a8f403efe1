// ThreadPool: every element once, workers in range, and sums that do not depend on the threads.
#include "crossfade/base/thread_pool.h"

#include <gtest/gtest.h>

#include <atomic>

namespace crossfade {
namespace {

TEST(ThreadPool, VisitsEveryElementOnce) {
  for (int threads : {1, 2, 4}) {
    ThreadPool pool(threads);
    std::vector<std::atomic<int>> visits(1003);
    for (int repeat = 0; repeat < 50; ++repeat) {
      pool.parallel_for(1003, 10, [&](std::int64_t begin, std::int64_t end, int worker) {
        ASSERT_GE(worker, 0);
        ASSERT_LT(worker, threads);
        for (std::int64_t i = begin; i < end; ++i) ++visits[static_cast<std::size_t>(i)];
      });
    }
    for (const auto& count : visits) EXPECT_EQ(count, 50);
  }
}

TEST(ThreadPool, EmptyRangeDoesNothing) {
  ThreadPool pool(2);
  pool.parallel_for(0, 10, [](std::int64_t, std::int64_t, int) { FAIL(); });
}

TEST(ThreadPool, ReducesInBlockOrder) {
  std::vector<std::string> results;
  for (int threads : {1, 2, 4}) {
    ThreadPool pool(threads);
    results.push_back(pool.map_reduce(
        26, 3, std::string(),
        [](std::int64_t begin, std::int64_t end) {
          std::string letters;
          for (std::int64_t i = begin; i < end; ++i) letters += static_cast<char>('a' + i);
          return letters;
        },
        [](std::string& total, const std::string& part) { total += part; }));
  }
  for (const std::string& result : results) EXPECT_EQ(result, "abcdefghijklmnopqrstuvwxyz");
}

TEST(ThreadPool, ABodyThatThrowsReachesTheCaller) {
  for (const int num_threads : {1, 3}) {
    ThreadPool threads(num_threads);
    const auto fail = [](std::int64_t begin, std::int64_t, int) {
      if (begin == 70) throw std::bad_alloc();
    };
    EXPECT_THROW(threads.parallel_for(100, 1, fail), std::bad_alloc);
    std::atomic<int> blocks{0};  // and the pool goes on
    threads.parallel_for(10, 1, [&](std::int64_t, std::int64_t, int) { ++blocks; });
    EXPECT_EQ(blocks, 10);
  }
}

TEST(ThreadPool, TasksRunBesideLoops) {
  for (const int num_threads : {1, 2, 4}) {
    ThreadPool threads(num_threads);
    for (int repeat = 0; repeat < 200; ++repeat) {
      std::vector<int> done(9);  // each task owns its place
      std::atomic<std::int64_t> sum{0};
      for (std::size_t task = 0; task < done.size(); ++task)
        threads.post([&done, task] { ++done[task]; });
      for (int loop = 0; loop < 3; ++loop)
        threads.parallel_for(100, 3, [&](std::int64_t begin, std::int64_t end, int) {
          for (std::int64_t i = begin; i < end; ++i) sum += i;
        });
      EXPECT_EQ(sum, 3 * 4950);
      threads.finish_tasks();
      EXPECT_EQ(done, std::vector<int>(9, 1));
    }
    threads.finish_tasks();  // nothing is left
  }
}

TEST(ThreadPool, ATaskThatThrowsReachesTheCallerAndTheOthersRun) {
  for (const int num_threads : {1, 3}) {
    ThreadPool threads(num_threads);
    std::atomic<int> done{0};
    for (int task = 0; task < 5; ++task)
      threads.post([&done, task] {
        if (task == 1) throw std::bad_alloc();
        ++done;
      });
    EXPECT_THROW(threads.finish_tasks(), std::bad_alloc);
    EXPECT_EQ(done, 4);
    threads.finish_tasks();
  }
}

}  // namespace
}  // namespace crossfade
