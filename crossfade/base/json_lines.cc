// One pass over the bytes.
#include "crossfade/base/json_lines.h"

#include <algorithm>
#include <string>

namespace crossfade {
namespace {

Status take_line(std::string_view text, std::int64_t line,
                 const std::function<Status(const Json&, std::int64_t)>& take) {
  CROSSFADE_ASSIGN_OR_RETURN(const Json record, parse_json(text));
  if (!record.is_object()) return data_invalid("not a JSON object");
  return take(record, line);
}

}  // namespace

Status for_each_json_line(std::string_view bytes,
                          const std::function<Status(const Json&, std::int64_t)>& take) {
  for (std::int64_t line = 1; !bytes.empty(); ++line) {
    const std::size_t end = std::min(bytes.find('\n'), bytes.size());
    const std::string_view text = bytes.substr(0, end);
    bytes.remove_prefix(std::min(end + 1, bytes.size()));
    if (text.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    if (const Status status = take_line(text, line, take); !status.ok())
      return status.at("line " + std::to_string(line));
  }
  return ok_status();
}

}  // namespace crossfade
