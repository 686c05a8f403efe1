// The order of the work: read, mean, clean, count repeats, tell.
#include "crossfade/io/import.h"

#include <algorithm>
#include <utility>

#include "crossfade/base/text.h"
#include "crossfade/data/clean.h"
#include "crossfade/io/duplicate_rows.h"
#include "crossfade/io/log_columns.h"
#include "crossfade/io/log_times.h"
#include "crossfade/io/table_reader.h"

namespace crossfade {
namespace {

void note_file(const ReadReport& read, ImportReport& report) {
  if (read.pages > 0) report.notes.push_back(read.path + ": " + read.checksum_text());
  report.notes.insert(report.notes.end(), read.notes.begin(), read.notes.end());
}

void note_time_range(const LogColumns& log, ImportReport& report) {
  if (log.time_ns.empty()) return;
  const auto [first, last] = std::minmax_element(log.time_ns.begin(), log.time_ns.end());
  report.notes.push_back("times run from " + time_text(*first) + " to " + time_text(*last) +
                         " (UTC)");
}

Status refuse_drops(const ImportReport& report) {
  if (report.rows_dropped() == 0) return ok_status();
  std::string message = report.source + ": " + report.sentence() + "; for example ";
  for (std::size_t i = 0; i < report.dropped.size(); ++i)
    if (!report.dropped[i].examples.empty())
      message += (i == 0 ? "" : "; ") + report.dropped[i].examples[0];
  return data_invalid(message + ". Correct the file, or import without --strict");
}

void handle_duplicates(LogColumns& log, const ImportOptions& options, Context& context,
                       ImportReport& report) {
  const std::vector<std::int64_t> repeats = find_duplicate_rows(log, context);
  if (repeats.empty()) return;
  const auto count = static_cast<std::int64_t>(repeats.size());
  if (!options.drop_duplicates) {
    report.notes.push_back(format_count(count) +
                           " rows repeat an earlier row exactly and were kept; --drop-duplicates "
                           "takes them out");
    return;
  }
  drop_rows(log, repeats);
  report.rows_kept -= count;
  report.drop("repeats an earlier row", "kept row " + std::to_string(repeats[0]), count);
}

}  // namespace

Result<ImportedLog> import_log(const std::string& path, const LogSchema& schema,
                               const ImportOptions& options, Context& context) {
  ImportedLog imported;
  imported.report.source = path;
  ReadReport read;
  CROSSFADE_ASSIGN_OR_RETURN(Table table,
                             read_table(path, {columns_of(schema), {}}, context, &read));
  note_file(read, imported.report);
  if (table.num_rows() == 0) return data_invalid(path + " has no rows; there is nothing to import");
  auto marked = to_log_columns(std::move(table), schema, context, imported.report);
  if (!marked.ok()) return marked.status().at(path);
  auto cleaned = clean_log(std::move(marked->columns), marked->nulls, imported.report);
  if (!cleaned.ok()) return cleaned.status().at(path);
  imported.columns = std::move(*cleaned);
  if (imported.report.rows_kept == 0)
    return data_invalid(path + " has no usable row: " + imported.report.sentence());
  if (options.strict) CROSSFADE_RETURN_IF_ERROR(refuse_drops(imported.report));
  handle_duplicates(imported.columns, options, context, imported.report);
  note_time_range(imported.columns, imported.report);
  imported.report = import_report_from_json(with_names(to_json(imported.report), options.names));
  CROSSFADE_RETURN_IF_ERROR(context.check_stop());
  return imported;
}

}  // namespace crossfade
