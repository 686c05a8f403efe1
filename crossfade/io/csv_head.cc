// Looks at the first line as Arrow would, before Arrow sees the file.
#include "crossfade/io/csv_head.h"

#include <arrow/status.h>

#include <algorithm>
#include <cstddef>
#include <string_view>

#include "crossfade/base/text.h"

namespace crossfade {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::int64_t kHeadBytes = 1 << 20;  // what a first line may take

// The fields of one line; quotes around a field are taken off, doubled ones inside are one.
std::vector<std::string> split_line(std::string_view line, char separator) {
  std::vector<std::string> fields(1);
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '"') {
      if (quoted && i + 1 < line.size() && line[i + 1] == '"')
        fields.back() += line[i++];
      else
        quoted = !quoted;
    } else if (line[i] == separator && !quoted) {
      fields.emplace_back();
    } else {
      fields.back() += line[i];
    }
  }
  return fields;
}

// By the extension; a .csv whose first line has no comma may use a semicolon or a tab.
char find_separator(const std::string& path, std::string_view line) {
  if (path.find(".tsv") != std::string::npos) return '\t';
  for (const char separator : {',', '\t', ';'})
    if (line.find(separator) != std::string_view::npos) return separator;
  return ',';
}

Status check_header(const std::string& path, const std::vector<std::string>& names,
                    std::string_view line) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i].empty())
      return data_invalid(path + ": column " + std::to_string(i + 1) +
                          " has no name in the first line; the first line has to name the columns");
    if (std::find(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(i), names[i]) !=
        names.begin() + static_cast<std::ptrdiff_t>(i))
      return data_invalid(path + " has two columns called '" + names[i] + "'; rename one");
  }
  if (std::all_of(names.begin(), names.end(),
                  [](const std::string& name) { return parse_double(name).has_value(); }))
    return data_invalid(path + " has no header: its first line is '" +
                        std::string(line.substr(0, 60)) +
                        "'; the first line has to name the columns");
  return ok_status();
}

}  // namespace

Result<CsvHead> read_csv_head(const TextFile& file) {
  CROSSFADE_ASSIGN_OR_RETURN(const std::string head, file.head(kHeadBytes));
  std::string_view line = head;
  if (line.substr(0, kByteOrderMark.size()) == kByteOrderMark)
    line.remove_prefix(kByteOrderMark.size());
  line = line.substr(0, line.find_first_of("\r\n"));
  if (line.find('\0') != std::string_view::npos)
    return data_invalid(file.path() + " is not text; if it is Parquet, name it .parquet");
  CsvHead csv;
  csv.separator = find_separator(file.path(), line);
  csv.names = split_line(line, csv.separator);
  CROSSFADE_RETURN_IF_ERROR(check_header(file.path(), csv.names, line));
  return csv;
}

Status csv_error(const std::string& path, const arrow::Status& status) {
  if (status.IsOutOfMemory()) return exhausted(path + ": out of memory; read fewer columns");
  std::string reason = status.message();
  for (const std::string& prefix : {std::string("CSV parse error: "), std::string("In CSV ")})
    if (reason.rfind(prefix, 0) == 0) reason.erase(0, prefix.size());
  // Arrow quotes the whole line; a few words are enough to find it.
  if (reason.size() > 300) reason = reason.substr(0, 300) + "...";
  return data_invalid(path + " (the header is row 1): " + reason + "; correct the row");
}

Status open_quote_error(const std::string& path, std::int64_t line) {
  return data_invalid(path + ": a quote opened in line " + format_count(line) +
                      " is never closed; correct that line");
}

}  // namespace crossfade
