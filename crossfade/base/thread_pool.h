// ThreadPool: the one way work is spread over cores.
//
// A range is cut into blocks of `grain` that depend only on the range and the grain, never on the
// number of threads; a body that writes only what its block owns therefore gives the same bytes for
// any number of threads. Sums over blocks go through map_reduce, which folds in block order.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

namespace crossfade {

class ThreadPool {
 public:
  // Threads working at once, the caller's among them; 1 runs everything in the caller.
  explicit ThreadPool(int num_threads);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  int num_threads() const { return num_threads_; }

  // body(begin, end, worker) for every block of [0, size); 0 <= worker < num_threads() tells bodies
  // that run at the same time apart (for scratch space). Blocks are taken in order. Returns when
  // all are done. Not to be called from within a body, nor from two threads at once.
  using Body = std::function<void(std::int64_t begin, std::int64_t end, int worker)>;
  void parallel_for(std::int64_t size, std::int64_t grain, const Body& body);

  // Work for later, such as reading ahead: threads that are not in a loop take tasks, in order,
  // while the caller goes on, loops included; what a task writes may be looked at after
  // finish_tasks(). A task runs no loops. Called by the thread that runs the loops.
  void post(std::function<void()> task);
  // Helps with the tasks that are left and returns when all posted ones are done. What one of them
  // threw reaches the caller here.
  void finish_tasks();

  // fold(total, map(begin, end)) over all blocks, in the order of the blocks.
  template <class T, class Map, class Fold>
  T map_reduce(std::int64_t size, std::int64_t grain, T total, Map&& map, Fold&& fold) {
    if (size <= 0) return total;
    std::vector<T> parts(static_cast<std::size_t>((size + grain - 1) / grain));
    parallel_for(size, grain, [&](std::int64_t begin, std::int64_t end, int) {
      parts[static_cast<std::size_t>(begin / grain)] = map(begin, end);
    });
    for (T& part : parts) fold(total, part);
    return total;
  }

 private:
  struct State;
  int num_threads_;
  std::unique_ptr<State> state_;
};

}  // namespace crossfade
