// What Python makes of a text: int(), float() and repr().
//
// botify's protocol is that of a Python service, which accepts " 1_0 " as the track 10 and quotes
// what it does not accept. Sources: the Python language reference, 2.4.5 "Integer literals" and the
// library reference of int(), float() and repr(); checked against Python 3.11 by
// tests/service/make_botify_expectations.py. Texts are UTF-8 in which a lone surrogate may stand
// (as three bytes), as it may in a Python string.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "crossfade/data/ids.h"

namespace crossfade {

// int(text): a number, or its canonical digits as a string where it is beyond 64 bits. Nothing if
// Python raises ValueError; Python's limit of 4300 digits is not held here.
std::optional<ExternalId> python_int(std::string_view text);
// A row of digits without sign or space, as a path's <int> is written: digits of any script.
std::optional<ExternalId> python_digits(std::string_view text);
// float(text), infinities and NaN among them.
std::optional<double> python_float(std::string_view text);
// repr(text). Code points that Unicode does not assign are shown as they are, not escaped: the
// table that knows them would be longer than the rest of this room.
std::string python_repr(std::string_view text);
// The first `count` characters of a text.
std::string_view first_characters(std::string_view text, std::size_t count);

// Canonical decimal digits ("-12") as an id: a number where 64 bits hold it, else the digits.
ExternalId id_of_digits(std::string digits);

// Reads one code point (or lone surrogate) at text[at] and moves `at` behind it; a byte that is
// not UTF-8 reads as U+FFFD.
char32_t next_code_point(std::string_view text, std::size_t& at);
void append_code_point(char32_t point, std::string& out);

}  // namespace crossfade
