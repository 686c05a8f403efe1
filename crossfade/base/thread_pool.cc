// Workers sleep until there is a task or a loop. Of a loop they take blocks by an atomic counter
// until none is left; one that is busy with a task when a loop begins stays away from it, and the
// others do its share. An exception that leaves a body or a task (memory has run out) reaches the
// caller.
#include "crossfade/base/thread_pool.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <new>
#include <system_error>
#include <thread>
#include <utility>

#include "crossfade/base/check.h"

namespace crossfade {

struct ThreadPool::State {
  std::mutex mutex;
  std::condition_variable posted, finished;
  // Guarded by mutex, but for body, size and grain of the threads that are in the loop.
  const Body* body = nullptr;  // the loop being run, while threads may still join it
  std::int64_t size = 0, grain = 1;
  std::exception_ptr error;  // the first that left a body of this loop
  std::uint64_t loop = 0;    // counts loops, so that a worker runs each once
  int in_loop = 0;           // workers
  std::deque<std::function<void()>> tasks;
  std::exception_ptr task_error;  // the first since finish_tasks()
  int in_task = 0;                // threads
  bool stop = false;
  std::atomic<std::int64_t> next_block{0};
  std::vector<std::thread> workers;

  void run_blocks(const Body& of_loop, int worker) {
    for (;;) {
      const std::int64_t begin = next_block.fetch_add(1, std::memory_order_relaxed) * grain;
      if (begin >= size) return;
      try {
        of_loop(begin, std::min(begin + grain, size), worker);
      } catch (...) {
        std::lock_guard lock(mutex);
        if (!error) error = std::current_exception();
        next_block.store((size + grain - 1) / grain, std::memory_order_relaxed);
      }
    }
  }

  // Takes the first task; the lock is held before and after.
  void run_task(std::unique_lock<std::mutex>& lock) {
    const std::function<void()> task = std::move(tasks.front());
    tasks.pop_front();
    ++in_task;
    lock.unlock();
    std::exception_ptr thrown;
    try {
      task();
    } catch (...) {
      thrown = std::current_exception();
    }
    lock.lock();
    if (thrown && !task_error) task_error = thrown;
    if (--in_task == 0) finished.notify_all();
  }

  void end() {
    {
      std::lock_guard lock(mutex);
      stop = true;
    }
    posted.notify_all();
    for (std::thread& worker : workers) worker.join();
    workers.clear();
  }

  void work(int worker) {
    std::uint64_t seen = 0;
    std::unique_lock lock(mutex);
    for (;;) {
      posted.wait(lock, [&] { return stop || !tasks.empty() || (body && loop != seen); });
      if (stop) return;
      if (!tasks.empty()) {
        run_task(lock);
        continue;
      }
      seen = loop;
      const Body& of_loop = *body;
      ++in_loop;
      lock.unlock();
      run_blocks(of_loop, worker);
      lock.lock();
      if (--in_loop == 0) finished.notify_all();
    }
  }
};

ThreadPool::ThreadPool(int num_threads) : num_threads_(num_threads), state_(new State) {
  CROSSFADE_CHECK(num_threads >= 1, "a thread pool needs at least one thread");
  try {
    for (int worker = 1; worker < num_threads; ++worker)
      state_->workers.emplace_back([this, worker] { state_->work(worker); });
  } catch (const std::system_error&) {
    // No room for a stack: memory ended, and is said to have ended as everywhere.
    state_->end();
    throw std::bad_alloc();
  }
}

ThreadPool::~ThreadPool() {
  state_->end();
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
    CROSSFADE_CHECK(state_->body == nullptr && state_->in_loop == 0,
                    "a parallel loop inside a parallel loop");
    state_->body = &body;
    state_->size = size;
    state_->grain = grain;
    state_->next_block.store(0, std::memory_order_relaxed);
    ++state_->loop;
  }
  state_->posted.notify_all();
  state_->run_blocks(body, 0);
  std::unique_lock lock(state_->mutex);
  state_->body = nullptr;  // every block is taken: nobody needs to join any more
  state_->finished.wait(lock, [&] { return state_->in_loop == 0; });
  if (state_->error) std::rethrow_exception(std::exchange(state_->error, nullptr));
}

void ThreadPool::post(std::function<void()> task) {
  {
    std::lock_guard lock(state_->mutex);
    state_->tasks.push_back(std::move(task));
  }
  state_->posted.notify_one();
}

void ThreadPool::finish_tasks() {
  std::unique_lock lock(state_->mutex);
  while (!state_->tasks.empty()) state_->run_task(lock);
  state_->finished.wait(lock, [&] { return state_->in_task == 0; });
  if (state_->task_error) std::rethrow_exception(std::exchange(state_->task_error, nullptr));
}

}  // namespace crossfade
