// Lines are parsed one by one into columns; what a line lacks is filled up at the next or at the
// end.
#include "crossfade/experiments/traffic_block.h"

#include <algorithm>

#include "crossfade/events/event_log.h"
#include "crossfade/experiments/event_record.h"
#include "crossfade/experiments/traffic_line.h"

namespace crossfade {
namespace {

constexpr std::size_t kBlockBytes = std::size_t{4} << 20;

void append_line(const TrafficLine& line, ParsedBlock& block) {
  TrafficLog& log = block.log;
  const std::size_t row = block.users.size();
  if (!line.text_user.empty()) block.text_users.emplace_back(row, line.text_user);
  block.users.push_back(line.user);
  log.times_ns.push_back(line.time_ns);
  log.is_last.push_back(line.is_last ? 1 : 0);
  log.tracks.push_back(line.track);
  log.shares.push_back(line.share);
  log.latencies_s.push_back(line.latency_s);
  log.recommendations.push_back(line.recommendation);
  log.propensities.push_back(line.propensity);
  bool all_known = true;
  for (const auto& [name, treatment] : line.experiments) {
    auto* column = experiment_column(log, name, row);
    if (column != nullptr) column->push_back(treatment);
    all_known = all_known && column != nullptr && treatment != kNoTreatment;
  }
  block.report.unknown_treatments += !all_known;
  if (line.share < 0 || line.share > 1) ++block.report.shares_out_of_range;
}

void count_damage(const Status& status, bool is_torn, ParsedBlock& block) {
  if (is_torn) {
    ++block.report.torn;
  } else if (block.report.damaged++ == 0) {
    block.report.first_damaged = status.message();
    block.first_damaged_line = block.all_lines;
  }
}

void parse_data_line(std::string_view text, bool is_torn, TrafficLine& line, ParsedBlock& block) {
  if (!read_published_line(text, line)) {
    if (const Status status = read_any_line(text, line); !status.ok())
      return count_damage(status, is_torn, block);
    ++block.report.other_forms;
  }
  ++block.report.kept;
  append_line(line, block);
}

void parse_event_record(std::string_view text, bool is_torn, TrafficLine& line,
                        ParsedBlock& block) {
  if (text == kEventLogHead) return;
  const auto record = read_event_record(text, line);
  if (!record.ok()) return count_damage(record.status(), is_torn, block);
  ++block.report.kept;
  if (*record == EventRecord::kPlay) append_line(line, block);
  if (*record != EventRecord::kAnswer) return;
  LateAnswer answer{block.users.size(), {line.user, line.text_user},
                    line.track,         line.recommendation,
                    line.propensity,    {}};
  for (const auto& [name, treatment] : line.experiments)
    answer.experiments.emplace_back(name, treatment);
  block.answers.push_back(std::move(answer));
}

}  // namespace

std::vector<TrafficBlock> cut_into_blocks(std::string_view text) {
  const bool is_event_log = text.starts_with(kEventLogHead);
  std::vector<TrafficBlock> blocks;
  while (!text.empty()) {
    std::size_t end = text.size();
    if (end > kBlockBytes) {
      end = text.find('\n', kBlockBytes);
      end = end == std::string_view::npos ? text.size() : end + 1;
    }
    blocks.push_back({text.substr(0, end),
                      is_event_log ? TrafficForm::kEventLog : TrafficForm::kDataLog,
                      end == text.size()});
    text.remove_prefix(end);
  }
  return blocks;
}

std::vector<TreatmentIndex>* experiment_column(TrafficLog& log, std::string_view experiment,
                                               std::size_t rows) {
  const auto found =
      std::find_if(log.experiments.begin(), log.experiments.end(),
                   [&](const TreatmentColumn& column) { return column.experiment == experiment; });
  auto* column = found == log.experiments.end() ? nullptr : &found->treatments;
  if (column == nullptr) {
    if (log.experiments.size() == kMaxLoggedExperiments) return nullptr;
    log.experiments.push_back({std::string(experiment), {}});
    column = &log.experiments.back().treatments;
  }
  column->resize(rows, kNoTreatment);
  return column;
}

ParsedBlock parse_block(const TrafficBlock& block) {
  ParsedBlock parsed;
  TrafficLine line;
  std::string_view rest = block.text;
  while (!rest.empty()) {
    const std::size_t end = rest.find('\n');
    const bool is_torn = end == std::string_view::npos && block.ends_file;
    ++parsed.all_lines;
    std::string_view text = rest.substr(0, end);
    if (!text.empty() && text.back() == '\r') text.remove_suffix(1);
    parsed.report.lines += !text.empty();
    if (!text.empty() && block.form == TrafficForm::kDataLog)
      parse_data_line(text, is_torn, line, parsed);
    else if (!text.empty())
      parse_event_record(text, is_torn, line, parsed);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  }
  for (TreatmentColumn& column : parsed.log.experiments)
    column.treatments.resize(parsed.users.size(), kNoTreatment);
  return parsed;
}

}  // namespace crossfade
