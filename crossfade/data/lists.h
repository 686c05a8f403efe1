// Lists: a column of lists, flat: the values of all lists behind each other, and where each begins.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace crossfade {

// List i has values[offsets[i]] to values[offsets[i + 1]]. An empty list and a missing one look
// alike here; Column::nulls tells them apart.
template <class T>
struct Lists {
  using value_type = std::span<const T>;

  std::vector<std::int64_t> offsets = {0};  // lists + 1, rising from 0 to values.size()
  std::vector<T> values = {};

  std::size_t size() const { return offsets.size() - 1; }
  bool empty() const { return size() == 0; }
  std::span<const T> operator[](std::size_t i) const {
    const auto begin = static_cast<std::size_t>(offsets[i]);
    return std::span<const T>(values).subspan(begin,
                                              static_cast<std::size_t>(offsets[i + 1]) - begin);
  }
  void push_back(std::span<const T> list) {
    values.insert(values.end(), list.begin(), list.end());
    offsets.push_back(static_cast<std::int64_t>(values.size()));
  }
  bool operator==(const Lists&) const = default;
};

// Lists owned by somebody else, or a run of them: the offsets need not begin at 0, they are places
// in `values`.
template <class T>
struct ListSpans {
  std::span<const std::int64_t> offsets = {};  // lists + 1
  std::span<const T> values = {};

  ListSpans() = default;
  ListSpans(std::span<const std::int64_t> its_offsets, std::span<const T> its_values)
      : offsets(its_offsets), values(its_values) {}
  ListSpans(const Lists<T>& lists)  // NOLINT: implicit on purpose
      : offsets(lists.offsets), values(lists.values) {}

  std::size_t size() const { return offsets.empty() ? 0 : offsets.size() - 1; }
  std::span<const T> operator[](std::size_t i) const {
    const auto begin = static_cast<std::size_t>(offsets[i]);
    return values.subspan(begin, static_cast<std::size_t>(offsets[i + 1]) - begin);
  }
  ListSpans subspan(std::size_t first, std::size_t count) const {
    return {offsets.subspan(first, count + 1), values};
  }
};

// Whether a column's values (Column::Values) are lists.
template <class Values>
constexpr bool kIsLists = false;
template <class T>
constexpr bool kIsLists<Lists<T>> = true;

}  // namespace crossfade
