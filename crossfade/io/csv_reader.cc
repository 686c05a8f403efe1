// Looks at the first line itself, then lets Arrow parse.
#include "crossfade/io/csv_reader.h"

#include <arrow/buffer.h>
#include <arrow/csv/api.h>
#include <arrow/io/compressed.h>
#include <arrow/io/memory.h>
#include <arrow/table.h>
#include <arrow/util/compression.h>

#include <algorithm>
#include <cctype>
#include <memory>

#include "crossfade/base/mapped_file.h"
#include "crossfade/base/text.h"
#include "crossfade/io/arrow_column.h"
#include "crossfade/io/arrow_error.h"
#include "crossfade/io/csv_quotes.h"

namespace crossfade {
namespace {

constexpr std::string_view kGzipMagic = "\x1F\x8B";
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::int64_t kHeadBytes = 1 << 20;  // what a first line may take

struct CsvFile {
  std::string path;
  MappedFile file;
  char separator = ',';
  std::vector<std::string> names;
};

// Arrow's reason without its kind, as the rest of a sentence.
Status csv_error(const std::string& path, const arrow::Status& status) {
  if (status.IsOutOfMemory()) return exhausted(path + ": out of memory; read fewer columns");
  std::string reason = status.message();
  for (const std::string& prefix : {std::string("CSV parse error: "), std::string("In CSV ")})
    if (reason.rfind(prefix, 0) == 0) reason.erase(0, prefix.size());
  // Arrow quotes the whole line; a few words are enough to find it.
  if (reason.size() > 300) reason = reason.substr(0, 300) + "...";
  return data_invalid(path + " (the header is row 1): " + reason + "; correct the row");
}

arrow::Result<std::shared_ptr<arrow::io::InputStream>> open_stream(const CsvFile& csv) {
  const std::string_view bytes = csv.file.bytes();
  auto raw = std::make_shared<arrow::io::BufferReader>(std::make_shared<arrow::Buffer>(
      reinterpret_cast<const std::uint8_t*>(bytes.data()), std::ssize(bytes)));
  if (bytes.substr(0, 2) != kGzipMagic) return raw;
  static const std::shared_ptr<arrow::util::Codec> gzip =
      arrow::util::Codec::Create(arrow::Compression::GZIP).ValueOrDie();
  ARROW_ASSIGN_OR_RAISE(auto stream, arrow::io::CompressedInputStream::Make(gzip.get(), raw));
  return stream;
}

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

Result<CsvFile> open_csv(const std::string& path) {
  CsvFile csv;
  csv.path = path;
  CROSSFADE_ASSIGN_OR_RETURN(csv.file, MappedFile::open(path));
  if (csv.file.bytes().empty()) return data_invalid(path + " is empty (0 bytes); write it again");
  auto stream = open_stream(csv);
  if (!stream.ok()) return csv_error(path, stream.status());
  const auto head = (*stream)->Read(kHeadBytes);
  if (!head.ok()) return damaged(path, head.status().message());
  std::string_view line(reinterpret_cast<const char*>((*head)->data()),
                        static_cast<std::size_t>((*head)->size()));
  if (line.substr(0, kByteOrderMark.size()) == kByteOrderMark)
    line.remove_prefix(kByteOrderMark.size());
  line = line.substr(0, line.find_first_of("\r\n"));
  if (line.find('\0') != std::string_view::npos)
    return data_invalid(path + " is not text; if it is Parquet, name it .parquet");
  csv.separator = find_separator(path, line);
  csv.names = split_line(line, csv.separator);
  CROSSFADE_RETURN_IF_ERROR(check_header(path, csv.names, line));
  return csv;
}

// The line of a quote that is never closed, or 0.
arrow::Result<std::int64_t> find_open_quote(const CsvFile& csv) {
  QuoteScan scan(csv.separator);
  ARROW_ASSIGN_OR_RAISE(auto stream, open_stream(csv));
  for (;;) {
    ARROW_ASSIGN_OR_RAISE(const auto block, stream->Read(kHeadBytes));
    if (block->size() == 0) return scan.open_line();
    scan.feed(
        {reinterpret_cast<const char*>(block->data()), static_cast<std::size_t>(block->size())});
  }
}

arrow::Result<std::shared_ptr<arrow::Table>> parse(const CsvFile& csv,
                                                   const std::vector<std::string>& columns,
                                                   bool use_threads) {
  auto read = arrow::csv::ReadOptions::Defaults();
  read.use_threads = use_threads;
  auto format = arrow::csv::ParseOptions::Defaults();
  format.delimiter = csv.separator;
  format.newlines_in_values = true;
  auto convert = arrow::csv::ConvertOptions::Defaults();
  convert.include_columns = columns;
  convert.check_utf8 = false;
  convert.strings_can_be_null = true;
  convert.quoted_strings_can_be_null = false;
  ARROW_ASSIGN_OR_RAISE(auto stream, open_stream(csv));
  ARROW_ASSIGN_OR_RAISE(
      auto reader, arrow::csv::TableReader::Make(arrow::io::default_io_context(), std::move(stream),
                                                 read, format, convert));
  return reader->Read();
}

Result<Table> to_table(const CsvFile& csv, const arrow::Table& parsed, Context& context,
                       ReadReport& report) {
  const int num_columns = parsed.num_columns();
  Table table;
  table.columns.resize(static_cast<std::size_t>(num_columns));
  std::vector<Status> statuses(table.columns.size());
  std::vector<std::int64_t> clamped(table.columns.size());
  context.threads.parallel_for(num_columns, 1, [&](std::int64_t begin, std::int64_t, int) {
    const auto c = static_cast<std::size_t>(begin);
    const int number = static_cast<int>(begin);
    statuses[c] = without_exceptions(Doing::kReading, csv.path, [&]() -> Status {
      CROSSFADE_ASSIGN_OR_RETURN(table.columns[c], to_column(parsed.field(number)->name(),
                                                             *parsed.column(number), clamped[c]));
      return ok_status();
    });
  });
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    if (!statuses[c].ok()) return statuses[c].at(csv.path);
    if (clamped[c] > 0) report.notes.push_back(clamped_note(table.columns[c].name, clamped[c]));
  }
  report.path = csv.path;
  report.bytes = std::ssize(csv.file.bytes());
  report.rows = parsed.num_rows();
  return table;
}

}  // namespace

Result<std::vector<std::string>> list_csv_columns(const std::string& path) {
  CROSSFADE_ASSIGN_OR_RETURN(CsvFile csv, open_csv(path));
  return std::move(csv.names);
}

Result<Table> read_csv(const std::string& path, const std::vector<std::string>& columns,
                       Context& context, ReadReport* report) {
  CROSSFADE_ASSIGN_OR_RETURN(const CsvFile csv, open_csv(path));
  for (const std::string& name : columns)
    if (std::find(csv.names.begin(), csv.names.end(), name) == csv.names.end())
      return data_invalid(path + ": " + unknown_name("column", name, csv.names).message());
  CROSSFADE_RETURN_IF_ERROR(context.check_stop());
  return without_exceptions(Doing::kReading, path, [&]() -> Result<Table> {
    const auto open_quote = find_open_quote(csv);
    if (!open_quote.ok()) return damaged(path, open_quote.status().message());
    if (*open_quote > 0)
      return data_invalid(path + ": a quote opened in line " + format_count(*open_quote) +
                          " is never closed; correct that line");
    const bool use_threads = context.threads.num_threads() > 1;
    context.progress.begin("reading " + path, 0, "rows");
    auto parsed = parse(csv, columns, use_threads);
    // Only the sequential parser knows the number of the row that is wrong.
    if (!parsed.ok() && use_threads) parsed = parse(csv, columns, false);
    if (parsed.ok()) context.progress.advance((*parsed)->num_rows());
    context.progress.end();
    if (!parsed.ok()) return csv_error(path, parsed.status());
    ReadReport own;
    return to_table(csv, **parsed, context, report ? *report : own);
  });
}

}  // namespace crossfade
