// IdEncoder: numbers the ids of a log that comes in blocks.
//
// An id's index is its place in the order of first appearance, behind those known at the start.
// The ids stay in memory: numbers take 8 bytes and their place in a table (4 bytes for each number
// of a narrow range, else 32 to 64 per id), texts their bytes and the same.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "crossfade/base/thread_pool.h"
#include "crossfade/data/id_list.h"

namespace crossfade {

class IdEncoder {
 public:
  // Without known ids the first block decides whether ids are numbers or text.
  explicit IdEncoder(const IdList& known = {});
  ~IdEncoder();
  IdEncoder(IdEncoder&&) noexcept;
  IdEncoder& operator=(IdEncoder&&) noexcept;

  // Writes the index of every id; indices.size() is the number of ids. Known ids are looked up on
  // all threads (nullptr: in the caller), new ones are added in the order of the rows, so the
  // result does not depend on the threads. Errors (data invalid): ids of the other type, more than
  // 2^31 - 1 distinct ids.
  Status encode(const IdColumn& ids, std::span<std::int32_t> indices, ThreadPool* threads);

  std::int64_t size() const;
  // Copies of the ids from index `first` on.
  IdList ids_from(std::int64_t first) const;
  // A copy of the one id at this index.
  IdList ids_at(std::int64_t index) const;
  // All of them, moved out: the last call.
  IdList take();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace crossfade
