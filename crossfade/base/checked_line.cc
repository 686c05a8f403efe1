// A line is checked by making its digits anew: reading knows no form that writing lacks.
#include "crossfade/base/checked_line.h"

#include <array>

#include "crossfade/base/hash.h"

namespace crossfade {
namespace {

std::array<char, kChecksumDigits> digits_of(std::string_view text) {
  std::array<char, kChecksumDigits> digits;
  std::uint64_t checksum = hash_bytes(text);
  for (std::size_t place = digits.size(); place-- > 0; checksum >>= 4)
    digits[place] = "0123456789abcdef"[checksum & 15];
  return digits;
}

}  // namespace

void append_checked_line(std::string_view text, std::string& out) {
  const auto digits = digits_of(text);
  out.append(digits.data(), digits.size());
  out += ' ';
  out += text;
  out += '\n';
}

bool has_checksum(std::string_view line) {
  return line.size() > kChecksumDigits && line[kChecksumDigits] == ' ';
}

std::optional<std::string_view> checked_text(std::string_view line) {
  if (!has_checksum(line)) return std::nullopt;
  const std::string_view text = line.substr(kChecksumDigits + 1);
  const auto digits = digits_of(text);
  if (!line.starts_with(std::string_view(digits.data(), digits.size()))) return std::nullopt;
  return text;
}

}  // namespace crossfade
