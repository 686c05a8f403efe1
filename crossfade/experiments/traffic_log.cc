// Sentences about a log that was read.
#include "crossfade/experiments/traffic_log.h"

#include <algorithm>

#include "crossfade/base/counted.h"
#include "crossfade/base/text.h"

namespace crossfade {

Result<std::size_t> TrafficLog::find_experiment(const std::string& name) const {
  std::vector<std::string> known;
  for (const TreatmentColumn& column : experiments) {
    if (column.experiment == name) return known.size();
    known.push_back(column.experiment);
  }
  if (known.empty())
    return data_invalid("the log names no experiments, so it cannot tell '" + name +
                        "'; name the treatments with --split to deal its users again");
  return unknown_name("experiment of the log", name, known);
}

bool TrafficLog::names_treatments_of(const std::string& name) const {
  return std::any_of(experiments.begin(), experiments.end(), [&](const TreatmentColumn& column) {
    return column.experiment == name &&
           std::any_of(column.treatments.begin(), column.treatments.end(),
                       [](TreatmentIndex treatment) { return treatment != kNoTreatment; });
  });
}

void TrafficReport::add(const TrafficReport& other) {
  files += other.files;
  bytes += other.bytes;
  lines += other.lines;
  kept += other.kept;
  other_forms += other.other_forms;
  torn += other.torn;
  damaged += other.damaged;
  if (first_damaged.empty()) first_damaged = other.first_damaged;
  unknown_treatments += other.unknown_treatments;
  shares_out_of_range += other.shares_out_of_range;
}

std::vector<std::string> sentences(const TrafficReport& report) {
  std::vector<std::string> list;
  const auto tell = [&](std::int64_t count, const std::string& one, const std::string& many) {
    if (count > 0) list.push_back(counted(count, one, many));
  };
  tell(report.torn, "last line breaks off (the service was writing or died) and is left out.",
       "last lines break off (the service was writing or died) and are left out.");
  tell(report.damaged, "line is damaged and left out: " + report.first_damaged + ".",
       "lines are damaged and left out; the first is " + report.first_damaged + ".");
  tell(report.other_forms,
       "line has another form than the published one (other members or another order); it is read "
       "all the same.",
       "lines have another form than the published one (other members or "
       "another order); they are read all the same.");
  const std::string unknown =
      " a treatment that is neither C nor T1, T2, .., or an experiment beyond the first " +
      std::to_string(kMaxLoggedExperiments) + "; there ";
  tell(report.unknown_treatments, "line names" + unknown + "it takes part in no arm.",
       "lines name" + unknown + "they take part in no arm.");
  tell(report.shares_out_of_range, "line has a time outside 0 to 1; it is kept as it is.",
       "lines have a time outside 0 to 1; they are kept as they are.");
  return list;
}

Json to_json(const TrafficReport& report) {
  Json json = Json::object();
  json.set("files", report.files).set("bytes", report.bytes);
  json.set("lines", report.lines).set("kept", report.kept);
  json.set("other_forms", report.other_forms).set("torn", report.torn);
  json.set("damaged", report.damaged);
  if (report.damaged > 0) json.set("first_damaged", report.first_damaged);
  json.set("unknown_treatments", report.unknown_treatments);
  return json.set("shares_out_of_range", report.shares_out_of_range);
}

}  // namespace crossfade
