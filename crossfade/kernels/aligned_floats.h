// AlignedFloats: a vector of floats that begins at a whole cache line, so that no load of a kernel
// crosses two.
#pragma once

#include <cstddef>
#include <new>
#include <vector>

namespace crossfade::kernels {

template <class T>
struct LineAllocator {
  using value_type = T;
  static constexpr std::align_val_t kLine{64};

  LineAllocator() = default;
  template <class Other>
  LineAllocator(const LineAllocator<Other>&) {}  // NOLINT: implicit on purpose

  T* allocate(std::size_t count) {
    return static_cast<T*>(::operator new(count * sizeof(T), kLine));
  }
  void deallocate(T* memory, std::size_t) { ::operator delete(memory, kLine); }
  bool operator==(const LineAllocator&) const { return true; }
};

using AlignedFloats = std::vector<float, LineAllocator<float>>;

}  // namespace crossfade::kernels
