// One pass over the mapped file.
#include "crossfade/simulation/json_lines.h"

#include <algorithm>
#include <string_view>

#include "crossfade/base/mapped_file.h"

namespace crossfade {

Status for_each_json_line(const std::string& path,
                          const std::function<Status(const Json&, std::int64_t)>& take) {
  CROSSFADE_ASSIGN_OR_RETURN(const MappedFile file, MappedFile::open(path));
  std::string_view bytes = file.bytes();
  for (std::int64_t line = 1; !bytes.empty(); ++line) {
    const std::size_t end = std::min(bytes.find('\n'), bytes.size());
    const std::string_view text = bytes.substr(0, end);
    bytes.remove_prefix(std::min(end + 1, bytes.size()));
    if (text.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    const auto record = parse_json(text);
    Status status = record.ok() ? ok_status() : record.status();
    if (record.ok() && !record->is_object()) status = data_invalid("not a JSON object");
    if (status.ok()) status = take(*record, line);
    CROSSFADE_RETURN_IF_ERROR(status.at(path + " line " + std::to_string(line)));
  }
  return ok_status();
}

}  // namespace crossfade
