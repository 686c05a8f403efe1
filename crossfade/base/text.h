// Text: numbers and durations as people read them, and the nearest name to a mistyped one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crossfade/base/status.h"

namespace crossfade {

std::string format_count(std::int64_t count);           // 1234567 -> "1,234,567"
std::string format_number(double value, int decimals);  // 0.12345, 3 -> "0.123"
std::string format_rate(double per_second);             // 1234567 -> "1.2 M", 25 -> "25"
std::string format_duration(double seconds);            // 0.0123 -> "12 ms", 75 -> "1 min 15 s"
std::string format_bytes(std::int64_t bytes);           // 1536 -> "1.5 KiB"
// The shortest decimal that reads back as the same double: 0.1 -> "0.1".
std::string format_shortest(double value);
// The same as Python's json.dumps writes it: 1.0, 4.2e-05, 1e+16, NaN, Infinity.
void append_python_float(double value, std::string& out);

std::vector<std::string> split(std::string_view text, char separator);
std::string join(const std::vector<std::string>& parts, std::string_view separator);

// The whole of `text` as a number, or nothing.
std::optional<std::int64_t> parse_int(std::string_view text);
std::optional<double> parse_double(std::string_view text);

// The user's mistake "there is no such name": `what` is the kind of thing ("knob of als"). The
// sentence names the nearest one by edit distance, and all of them.
Status unknown_name(const std::string& what, const std::string& name,
                    const std::vector<std::string>& known);

}  // namespace crossfade
