// Counting of dropped rows, and the report as JSON for a store's manifest.
#include "crossfade/data/import_report.h"

#include <algorithm>

#include "crossfade/base/text.h"

namespace crossfade {
namespace {

std::vector<std::string> strings_from_json(const Json& json) {
  std::vector<std::string> strings;
  if (const auto* list = json.as_array())
    for (const Json& entry : *list)
      if (const auto* text = entry.as_string()) strings.push_back(*text);
  return strings;
}

std::string string_or_empty(const Json& json) {
  const auto* text = json.as_string();
  return text ? *text : "";
}

std::int64_t int_or_zero(const Json& json) {
  const auto* number = json.as_int();
  return number ? *number : 0;
}

}  // namespace

void ImportReport::drop(const std::string& reason, const std::string& example, std::int64_t rows) {
  auto at = std::find_if(dropped.begin(), dropped.end(),
                         [&](const Reason& known) { return known.reason == reason; });
  if (at == dropped.end()) at = dropped.insert(dropped.end(), {reason, 0, {}});
  at->rows += rows;
  if (!example.empty() && at->examples.size() < kMaxExamples) at->examples.push_back(example);
}

bool ImportReport::wants_example(const std::string& reason) const {
  return std::none_of(dropped.begin(), dropped.end(), [&](const Reason& known) {
    return known.reason == reason && known.examples.size() >= kMaxExamples;
  });
}

void ImportReport::append(const ImportReport& later) {
  if (!later.source.empty()) source += (source.empty() ? "" : ", ") + later.source;
  rows_read += later.rows_read;
  rows_kept += later.rows_kept;
  for (const Reason& reason : later.dropped) {
    drop(reason.reason, "", reason.rows);
    for (const std::string& example : reason.examples) drop(reason.reason, example, 0);
  }
  notes.insert(notes.end(), later.notes.begin(), later.notes.end());
}

std::int64_t ImportReport::rows_dropped() const {
  std::int64_t rows = 0;
  for (const Reason& reason : dropped) rows += reason.rows;
  return rows;
}

std::string ImportReport::sentence() const {
  std::string text =
      format_count(rows_dropped()) + " of " + format_count(rows_read) + " rows dropped";
  for (std::size_t i = 0; i < dropped.size(); ++i)
    text += (i == 0 ? ": " : ", ") + format_count(dropped[i].rows) + " " + dropped[i].reason;
  return text;
}

Json to_json(const ImportReport& report) {
  Json dropped = Json::array();
  for (const auto& reason : report.dropped)
    dropped.push(Json::object()
                     .set("reason", reason.reason)
                     .set("rows", reason.rows)
                     .set("examples", json_list(reason.examples)));
  return Json::object()
      .set("source", report.source)
      .set("rows_read", report.rows_read)
      .set("rows_kept", report.rows_kept)
      .set("dropped", std::move(dropped))
      .set("notes", json_list(report.notes));
}

ImportReport import_report_from_json(const Json& json) {
  ImportReport report;
  report.source = string_or_empty(json["source"]);
  report.rows_read = int_or_zero(json["rows_read"]);
  report.rows_kept = int_or_zero(json["rows_kept"]);
  report.notes = strings_from_json(json["notes"]);
  if (const auto* reasons = json["dropped"].as_array())
    for (const Json& reason : *reasons)
      report.dropped.push_back({string_or_empty(reason["reason"]), int_or_zero(reason["rows"]),
                                strings_from_json(reason["examples"])});
  return report;
}

}  // namespace crossfade
