// The order of the work: read, mean, clean, hand on, tell.
#include "crossfade/io/import.h"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "crossfade/base/hash.h"
#include "crossfade/base/text.h"
#include "crossfade/data/store/store.h"
#include "crossfade/io/log_stream.h"
#include "crossfade/io/log_times.h"

namespace crossfade {
namespace {

std::int64_t half_of_machine() {
  return static_cast<std::int64_t>(::sysconf(_SC_PHYS_PAGES)) *
         static_cast<std::int64_t>(::sysconf(_SC_PAGESIZE)) / 2;
}

// Members that older stores do not have are left out where they say nothing, so that a file which
// was imported before is still known.
Json to_json(const LogSchema& schema) {
  Json kind_weights = Json::array();
  for (const auto& [kind, weight] : schema.kind_weights)
    kind_weights.push(kind + "=" + format_shortest(weight));
  Json json = Json::object();
  json.set("user", schema.user)
      .set("item", schema.item)
      .set("time", schema.time)
      .set("weight", schema.weight)
      .set("kind", schema.kind)
      .set("session", schema.session)
      .set("ids_are_text", schema.ids_are_text)
      .set("time_unit", static_cast<std::int64_t>(schema.time_unit))
      .set("kind_names", json_list(schema.kind_names))
      .set("kind_weights", std::move(kind_weights))
      .set("only_kinds", json_list(schema.only_kinds))
      .set("length", schema.length)
      .set("skip_under_s", schema.skip_under_s)
      .set("full_play_s", schema.full_play_s);
  if (!schema.order.empty()) json.set("order", schema.order);
  if (schema.is_play_log) json.set("is_play_log", true);
  if (!schema.session_end.empty()) json.set("session_end", schema.session_end);
  return json;
}

// What a journal compares, and what a later import of the same files is known by.
ImportSource source_of(const LogStream& log, const LogSchema& schema,
                       const ImportOptions& options) {
  const Json meaning = to_json(schema);
  ImportSource source;
  Json files = Json::array();
  for (const LogInput& input : log.inputs()) {
    files.push(Json::object()
                   .set("path", input.path)
                   .set("bytes", input.bytes)
                   .set("modified_ns", input.modified_ns)
                   .set("content", input.content));
    if (!options.allow_repeated_files)
      source.contents.push_back(sha256_hex(input.content + to_text(meaning)));
  }
  source.identity = Json::object().set("files", std::move(files)).set("schema", meaning);
  return source;
}

Status refuse_drops(const std::string& source, const ImportReport& report) {
  if (report.rows_dropped() == 0) return ok_status();
  std::string message = source + ": " + report.sentence() + "; for example ";
  for (std::size_t i = 0; i < report.dropped.size(); ++i)
    if (!report.dropped[i].examples.empty())
      message += (i == 0 ? "" : "; ") + report.dropped[i].examples[0];
  return data_invalid(message + ". Correct the file, or import without --strict");
}

void note_repeats(const SegmentBuilder::Built& built, bool dropped, ImportReport& report) {
  if (built.repeats == 0) return;
  if (!dropped) {
    report.notes.push_back(format_count(built.repeats) +
                           " rows repeat an earlier row exactly and were kept; --drop-duplicates "
                           "takes them out");
    return;
  }
  report.rows_kept -= built.repeats;
  report.drop("repeats an earlier row", built.repeat, built.repeats);
}

void note_late_rows(const ImportedRows& rows, ImportReport& report) {
  if (!rows.before || !rows.built.times) return;
  if (rows.built.times->first_ns < rows.before->last_ns)
    report.notes.push_back("the log begins at " + time_text(rows.built.times->first_ns) +
                           ", before the domain's last row (" + time_text(rows.before->last_ns) +
                           "); rows are read in the order of their times");
}

// The number of the kind that ends a session, or -1. `known` are the kinds of earlier imports into
// the domain, by number.
int session_end_of(const LogSchema& schema, const ImportOptions& options,
                   const std::vector<std::string>& known) {
  if (schema.session_end.empty() || schema.kind.empty() || !schema.session.empty() ||
      options.session_gap_ns > 0)
    return -1;
  const std::vector<std::string>& names = known.empty() ? schema.kind_names : known;
  const auto found = std::find(names.begin(), names.end(), schema.session_end);
  return found == names.end() ? -1 : static_cast<int>(found - names.begin());
}

class LogImport {
 public:
  LogImport(LogStream& log, StoreImport& store, const ImportOptions& options, Context& context)
      : log_(log), store_(store), options_(options), context_(context) {
    report_.source = log.source();
  }

  Result<ImportOutcome> run() {
    CROSSFADE_RETURN_IF_ERROR(take_up());
    context_.progress.begin("reading " + log_.source(), log_.total_rows().value_or(0), "rows");
    context_.progress.advance(report_.rows_read);
    const Status status = read();
    context_.progress.end();
    CROSSFADE_RETURN_IF_ERROR(status);
    if (report_.rows_read == 0)
      return data_invalid(log_.source() + " has no rows; there is nothing to import");
    if (report_.rows_kept == 0)
      return data_invalid(log_.source() + " has no usable row: " + report_.sentence());
    ImportOutcome outcome;
    CROSSFADE_ASSIGN_OR_RETURN(
        const ImportedRows rows,
        store_.finish([&](const ImportedRows& imported) { return finish_report(imported); },
                      log_.position().state.kinds, options_.complete));
    outcome.report = std::move(report_);
    outcome.users = rows.users;
    outcome.items = rows.items;
    return outcome;
  }

 private:
  Status take_up() {
    if (store_.resumed().is_null()) return ok_status();
    CROSSFADE_ASSIGN_OR_RETURN(const LogPosition position,
                               log_position_from_json(store_.resumed()["position"]));
    report_ = import_report_from_json(store_.resumed()["report"]);
    return log_.seek(position, context_);
  }

  Status read() {
    for (;;) {
      const std::int64_t before = report_.rows_read;
      CROSSFADE_ASSIGN_OR_RETURN(auto block, log_.next(report_, context_));
      context_.progress.advance(report_.rows_read - before);
      if (options_.strict) CROSSFADE_RETURN_IF_ERROR(refuse_drops(log_.source(), report_));
      if (!block) return ok_status();
      CROSSFADE_RETURN_IF_ERROR(store_.add(*std::move(block), [&] {
        return Json::object()
            .set("position", to_json(log_.position()))
            .set("report", to_json(report_));
      }));
      log_.reuse(store_.take_spent());
    }
  }

  ImportReport finish_report(const ImportedRows& rows) {
    note_repeats(rows.built, options_.drop_duplicates, report_);
    note_late_rows(rows, report_);
    report_ = import_report_from_json(with_names(crossfade::to_json(report_), options_.names));
    return report_;
  }

  LogStream& log_;
  StoreImport& store_;
  const ImportOptions& options_;
  Context& context_;
  ImportReport report_;
};

}  // namespace

Result<ImportOutcome> import_log(const std::vector<std::string>& inputs, const LogSchema& schema,
                                 const ImportTarget& target, const ImportOptions& options,
                                 Context& context) {
  LogStreamOptions reading;
  reading.allow_repeated_files = options.allow_repeated_files;
  if (target.grow) {
    CROSSFADE_ASSIGN_OR_RETURN(reading.kinds, read_kind_names(target.store, target.domain));
  }
  CROSSFADE_ASSIGN_OR_RETURN(LogStream log, LogStream::open(inputs, schema, reading, context));
  StoreImportOptions storing;
  storing.memory_bytes = options.memory_bytes > 0 ? options.memory_bytes : half_of_machine();
  storing.drop_repeats = options.drop_duplicates;
  storing.session_gap_ns = options.session_gap_ns;
  storing.session_end_kind = session_end_of(schema, options, reading.kinds);
  CROSSFADE_ASSIGN_OR_RETURN(
      StoreImport store,
      StoreImport::open(target, storing, source_of(log, schema, options), context));
  return LogImport(log, store, options, context).run();
}

Result<std::int64_t> parse_bytes(const std::string& option, const std::string& text) {
  std::size_t digits = 0;
  while (digits < text.size() &&
         (std::isdigit(static_cast<unsigned char>(text[digits])) != 0 || text[digits] == '.'))
    ++digits;
  const auto number = parse_double(text.substr(0, digits));
  const std::string unit = text.substr(digits);
  double bytes = number.value_or(0);
  constexpr std::pair<const char*, double> kUnits[] = {{"", 1},
                                                       {"B", 1},
                                                       {"kB", 1e3},
                                                       {"MB", 1e6},
                                                       {"GB", 1e9},
                                                       {"TB", 1e12},
                                                       {"KiB", 1024},
                                                       {"MiB", 1024.0 * 1024},
                                                       {"K", 1024},
                                                       {"M", 1024.0 * 1024},
                                                       {"G", 1024.0 * 1024 * 1024},
                                                       {"GiB", 1024.0 * 1024 * 1024}};
  const auto* known = std::find_if(std::begin(kUnits), std::end(kUnits),
                                   [&](const auto& entry) { return unit == entry.first; });
  if (known != std::end(kUnits)) bytes *= known->second;
  if (!number || known == std::end(kUnits) || bytes < 1 || bytes > 9e18)
    return usage_error(option + " " + text + " is no amount of memory; write 4GB or 512MiB");
  return static_cast<std::int64_t>(bytes);
}

}  // namespace crossfade
