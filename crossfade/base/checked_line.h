// A line behind its own checksum, as in logs that grow line by line and must notice damage:
//
//   3f0c9a5be1d2c477 {"user": 7, "item": 42}
//
// 16 lower-case hexadecimal digits of hash_bytes() of the text, a space, the text. Whoever knows
// nothing of it cuts the first 17 characters off.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace crossfade {

constexpr std::size_t kChecksumDigits = 16;

// Appends the line and its end. `text` has no line break.
void append_checked_line(std::string_view text, std::string& out);
// Whether a line looks like one of these, whatever its checksum.
bool has_checksum(std::string_view line);
// The text of a line (without its end), or nothing if it has no checksum or does not fit it.
std::optional<std::string_view> checked_text(std::string_view line);

}  // namespace crossfade
