// Looks at the first line itself, then lets Arrow parse.
#include "crossfade/io/csv_reader.h"

#include <arrow/buffer.h>
#include <arrow/csv/api.h>
#include <arrow/io/interfaces.h>
#include <arrow/table.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "crossfade/base/text.h"
#include "crossfade/io/arrow_column.h"
#include "crossfade/io/arrow_error.h"
#include "crossfade/io/csv_head.h"
#include "crossfade/io/csv_quotes.h"
#include "crossfade/io/text_file.h"

namespace crossfade {
namespace {

constexpr std::int64_t kBlockBytes = 1 << 20;

struct CsvFile {
  TextFile file;
  CsvHead head;
};

Result<CsvFile> open_csv(const std::string& path) {
  CsvFile csv;
  CROSSFADE_ASSIGN_OR_RETURN(csv.file, TextFile::open(path));
  CROSSFADE_ASSIGN_OR_RETURN(csv.head, read_csv_head(csv.file));
  return csv;
}

// The line of a quote that is never closed, or 0.
Result<std::int64_t> find_open_quote(const CsvFile& csv) {
  QuoteScan scan(csv.head.separator);
  CROSSFADE_ASSIGN_OR_RETURN(const auto stream, csv.file.stream());
  for (;;) {
    const auto block = stream->Read(kBlockBytes);
    if (!block.ok()) return damaged(csv.file.path(), block.status().message());
    if ((*block)->size() == 0) return scan.open_line();
    scan.feed({reinterpret_cast<const char*>((*block)->data()),
               static_cast<std::size_t>((*block)->size())});
  }
}

arrow::Result<std::shared_ptr<arrow::Table>> parse(const CsvFile& csv,
                                                   std::shared_ptr<arrow::io::InputStream> stream,
                                                   const std::vector<std::string>& columns,
                                                   bool use_threads) {
  auto read = arrow::csv::ReadOptions::Defaults();
  read.use_threads = use_threads;
  auto format = arrow::csv::ParseOptions::Defaults();
  format.delimiter = csv.head.separator;
  format.newlines_in_values = true;
  auto convert = arrow::csv::ConvertOptions::Defaults();
  convert.include_columns = columns;
  convert.check_utf8 = false;
  convert.strings_can_be_null = true;
  convert.quoted_strings_can_be_null = false;
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
    statuses[c] = without_exceptions(Doing::kReading, csv.file.path(), [&]() -> Status {
      CROSSFADE_ASSIGN_OR_RETURN(table.columns[c], to_column(parsed.field(number)->name(),
                                                             *parsed.column(number), clamped[c]));
      return ok_status();
    });
  });
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    if (!statuses[c].ok()) return statuses[c].at(csv.file.path());
    if (clamped[c] > 0) report.notes.push_back(clamped_note(table.columns[c].name, clamped[c]));
  }
  report.path = csv.file.path();
  report.bytes = csv.file.num_bytes();
  report.rows = parsed.num_rows();
  return table;
}

}  // namespace

Result<std::vector<std::string>> list_csv_columns(const std::string& path) {
  CROSSFADE_ASSIGN_OR_RETURN(CsvFile csv, open_csv(path));
  return std::move(csv.head.names);
}

Result<Table> read_csv(const std::string& path, const std::vector<std::string>& columns,
                       Context& context, ReadReport* report) {
  CROSSFADE_ASSIGN_OR_RETURN(const CsvFile csv, open_csv(path));
  for (const std::string& name : columns)
    if (std::find(csv.head.names.begin(), csv.head.names.end(), name) == csv.head.names.end())
      return data_invalid(path + ": " + unknown_name("column", name, csv.head.names).message());
  CROSSFADE_RETURN_IF_ERROR(context.check_stop());
  return without_exceptions(Doing::kReading, path, [&]() -> Result<Table> {
    CROSSFADE_ASSIGN_OR_RETURN(const std::int64_t open_quote, find_open_quote(csv));
    if (open_quote > 0) return open_quote_error(path, open_quote);
    const bool use_threads = context.threads.num_threads() > 1;
    context.progress.begin("reading " + path, 0, "rows");
    CROSSFADE_ASSIGN_OR_RETURN(auto stream, csv.file.stream());
    auto parsed = parse(csv, std::move(stream), columns, use_threads);
    if (!parsed.ok() && use_threads) {
      // Only the sequential parser knows the number of the row that is wrong.
      CROSSFADE_ASSIGN_OR_RETURN(stream, csv.file.stream());
      parsed = parse(csv, std::move(stream), columns, false);
    }
    if (parsed.ok()) context.progress.advance((*parsed)->num_rows());
    context.progress.end();
    if (!parsed.ok()) return csv_error(path, parsed.status());
    ReadReport own;
    return to_table(csv, **parsed, context, report ? *report : own);
  });
}

}  // namespace crossfade
