// ask_large_pages(): fresh memory of some megabytes in pages of two, which the system gives and
// clears in a fraction of the time that 512 small ones take. Before the first touch.
#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <cstdint>

namespace crossfade {

// A hint: the whole large pages within the range, if there are any and the system has them.
inline void ask_large_pages(void* memory, std::size_t bytes) {
  constexpr std::uintptr_t kLargePage = 1 << 21;
  const auto first = reinterpret_cast<std::uintptr_t>(memory);
  const std::uintptr_t begin = (first + kLargePage - 1) & ~(kLargePage - 1);
  const std::uintptr_t end = (first + bytes) & ~(kLargePage - 1);
  if (begin < end) (void)::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_HUGEPAGE);
}

}  // namespace crossfade
