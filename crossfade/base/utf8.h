// UTF-8: what of a text is valid, and a form of it that any reader or terminal can take.
//
// Ids, file names and titles come from strangers. Inside the house they are bytes; where they leave
// it (JSON, a terminal, a Parquet file) they have to be text.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace crossfade {

// The bytes of the code point at text[at], 1 to 4, or 0 if no well-formed one begins there (Unicode
// 15, table 3-7: no overlong forms, no surrogates, nothing beyond U+10FFFF).
std::size_t utf8_length(std::string_view text, std::size_t at);
bool is_valid_utf8(std::string_view text);
// Each byte that belongs to no code point becomes U+FFFD.
std::string valid_utf8(std::string_view text);

// For a terminal: valid, and control characters in a form that is seen and does nothing (\n, \t,
// \x1b). `keep_lines` leaves newlines as they are, for texts of several lines.
std::string printable(std::string_view text, bool keep_lines = false);

}  // namespace crossfade
