// Workers sleep until a loop is posted, then take blocks by an atomic counter until none is left.
// An exception that leaves a body (memory has run out) ends the loop and reaches the caller.
#include "crossfade/base/thread_pool.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>

#include "crossfade/base/check.h"

namespace crossfade {

struct ThreadPool::State {
  std::mutex mutex;
  std::condition_variable posted, finished;
  const Body* body = nullptr;  // the loop being run; guarded by mutex with the four below
  std::int64_t size = 0, grain = 1;
  std::exception_ptr error;  // the first that left a body of this loop
  std::uint64_t loop = 0;    // counts loops, so that a worker runs each once
  int running = 0;
  bool stop = false;
  std::atomic<std::int64_t> next_block{0};
  std::vector<std::thread> workers;

  void run_blocks(int worker) {
    for (;;) {
      const std::int64_t begin = next_block.fetch_add(1, std::memory_order_relaxed) * grain;
      if (begin >= size) return;
      try {
        (*body)(begin, std::min(begin + grain, size), worker);
      } catch (...) {
        std::lock_guard lock(mutex);
        if (!error) error = std::current_exception();
        next_block.store((size + grain - 1) / grain, std::memory_order_relaxed);
      }
    }
  }

  void work(int worker) {
    std::uint64_t seen = 0;
    std::unique_lock lock(mutex);
    for (;;) {
      posted.wait(lock, [&] { return stop || loop != seen; });
      if (stop) return;
      seen = loop;
      lock.unlock();
      run_blocks(worker);
      lock.lock();
      if (--running == 0) finished.notify_one();
    }
  }
};

ThreadPool::ThreadPool(int num_threads) : num_threads_(num_threads), state_(new State) {
  CROSSFADE_CHECK(num_threads >= 1, "a thread pool needs at least one thread");
  for (int worker = 1; worker < num_threads; ++worker)
    state_->workers.emplace_back([this, worker] { state_->work(worker); });
}

ThreadPool::~ThreadPool() {
  {
    std::lock_guard lock(state_->mutex);
    state_->stop = true;
  }
  state_->posted.notify_all();
  for (std::thread& worker : state_->workers) worker.join();
}

void ThreadPool::parallel_for(std::int64_t size, std::int64_t grain, const Body& body) {
  CROSSFADE_CHECK(grain >= 1, "a block holds at least one element");
  if (size <= 0) return;
  if (state_->workers.empty() || size <= grain) {
    for (std::int64_t begin = 0; begin < size; begin += grain)
      body(begin, std::min(begin + grain, size), 0);
    return;
  }
  {
    std::lock_guard lock(state_->mutex);
    CROSSFADE_CHECK(state_->running == 0, "a parallel loop inside a parallel loop");
    state_->body = &body;
    state_->size = size;
    state_->grain = grain;
    state_->next_block.store(0, std::memory_order_relaxed);
    state_->running = static_cast<int>(state_->workers.size());
    ++state_->loop;
  }
  state_->posted.notify_all();
  state_->run_blocks(0);
  std::unique_lock lock(state_->mutex);
  state_->finished.wait(lock, [&] { return state_->running == 0; });
  if (state_->error) std::rethrow_exception(std::exchange(state_->error, nullptr));
}

}  // namespace crossfade
