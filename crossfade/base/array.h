// Array<T>: an immutable column of numbers that someone keeps alive.
//
// The same model or dataset lives in memory after training and in a mapped file when served. Array
// hides the difference: it is a span plus a shared owner, cheap to copy, never written to after it
// is made. shared_ptr because several views of one mapped file outlive each other in any order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace crossfade {

template <class T>
class Array {
 public:
  using value_type = T;
  using const_iterator = typename std::span<const T>::iterator;

  Array() = default;
  // Takes the vector over.
  Array(std::vector<T> values) {  // NOLINT: implicit on purpose
    auto owner = std::make_shared<const std::vector<T>>(std::move(values));
    view_ = std::span<const T>(*owner);
    owner_ = std::move(owner);
  }
  // Views memory that `owner` keeps alive, for example a mapped file.
  Array(std::span<const T> view, std::shared_ptr<const void> owner)
      : view_(view), owner_(std::move(owner)) {}

  std::span<const T> span() const { return view_; }
  operator std::span<const T>() const { return view_; }  // NOLINT: implicit on purpose
  const T* data() const { return view_.data(); }
  std::size_t size() const { return view_.size(); }
  bool empty() const { return view_.empty(); }
  const T& operator[](std::size_t i) const { return view_[i]; }
  auto begin() const { return view_.begin(); }
  auto end() const { return view_.end(); }

 private:
  std::span<const T> view_;
  std::shared_ptr<const void> owner_;
};

// Strings as one block of bytes and offsets, so that a vocabulary of millions maps from a file.
class StringArray {
 public:
  StringArray() = default;
  explicit StringArray(const std::vector<std::string>& strings);
  // `offsets` has one entry more than there are strings; string i is bytes[offsets[i],
  // offsets[i+1]).
  StringArray(Array<std::int64_t> offsets, Array<char> bytes)
      : offsets_(std::move(offsets)), bytes_(std::move(bytes)) {}

  std::size_t size() const { return offsets_.empty() ? 0 : offsets_.size() - 1; }
  std::string_view operator[](std::size_t i) const {
    return {bytes_.data() + offsets_[i], static_cast<std::size_t>(offsets_[i + 1] - offsets_[i])};
  }
  const Array<std::int64_t>& offsets() const { return offsets_; }
  const Array<char>& bytes() const { return bytes_; }
  // True if the offsets start at 0, never fall and end at the number of bytes.
  bool valid() const;

 private:
  Array<std::int64_t> offsets_;
  Array<char> bytes_;
};

}  // namespace crossfade
