// ZeroScan: finds ids in a CSV file that numbers would not keep: 007, +7.
//
// Arrow takes a column of digits for integers, where 007 and 7 are one. The bytes are looked at
// once, field by field.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace crossfade {

class ZeroScan {
 public:
  // `watched`: the numbers of the columns to look at. None: nothing is looked at.
  ZeroScan(char separator, const std::vector<std::size_t>& watched);

  // The next bytes of the file, cut anywhere.
  void feed(std::string_view bytes);
  // The line, counted from 1, of the first value of a watched column that begins with a plus sign
  // or a zero and goes on with a digit; 0 if there is none. The first line has names, not values.
  std::int64_t line_of(std::size_t column) const {
    return column < lines_.size() ? lines_[column] : 0;
  }

 private:
  enum class At { kStart, kFirst, kRest };  // of a field; kFirst: behind its zero or plus sign
  void take(char c);
  void take_plain(char c);

  char separator_;
  std::vector<std::uint8_t> watched_;
  std::vector<std::int64_t> lines_;
  At at_ = At::kStart;
  bool quoted_ = false, closing_ = false;  // closing_: the byte before ended a quotation
  std::size_t column_ = 0;
  std::int64_t line_ = 1;
};

}  // namespace crossfade
