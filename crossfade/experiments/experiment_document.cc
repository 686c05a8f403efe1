// The verdict for people: what was found first, then how sure it is, then everything else.
#include <algorithm>
#include <cmath>

#include "crossfade/base/counted.h"
#include "crossfade/base/text.h"
#include "crossfade/experiments/experiment_plots.h"

namespace crossfade {
namespace {

constexpr std::size_t kRowsOfLooks = 30;

Cell percent_cell(double percent) {
  return Cell::number(percent, 2);
}

Cell interval_cell(const Interval& interval) {
  return Cell::interval(interval.low, interval.high, 2);
}

std::string percent_text(double percent) {
  return (percent > 0 ? "+" : "") + format_number(percent, 2) + "%";
}

// " [-1.00%, +3.00%]", or nothing where there is no interval.
std::string interval_text(const Interval& interval) {
  if (std::isnan(interval.low)) return "";
  return " [" + percent_text(interval.low) + ", " + percent_text(interval.high) + "]";
}

// "T1: mean_time_per_session changes by +12.34% [+10.00%, +14.50%], which is higher than the
// control."
std::string verdict(const MetricEffect& effect, const ExperimentResult& result) {
  const ArmComparison& arms = effect.comparison;
  std::string text = treatment_name(effect.treatment) + ": " + effect.metric.name;
  if (std::isnan(arms.difference)) return text + " cannot be compared.";
  if (std::isnan(arms.percent))
    return text + " has a mean of 0 in the control, so a change has no percentage.";
  text += " changes by " + percent_text(arms.percent) + interval_text(arms.relative_percent);
  if (effect.is_significant(result.options.alpha))
    return text + ", which is " + (arms.difference > 0 ? "higher" : "lower") + " than the control.";
  text += ": no difference is shown.";
  if (std::isnan(effect.detectable_percent)) return text;
  return text + " One of " + format_number(effect.detectable_percent, 1) +
         "% would have been found with probability 0.8.";
}

void add_warnings_and_verdicts(const ExperimentResult& result, Document& document) {
  for (const std::string& warning : result.warnings) document.add_paragraph("Warning: " + warning);
  for (const MetricEffect& effect : result.effects)
    if (effect.metric.name == result.options.metric)
      document.add_paragraph(verdict(effect, result));
}

TableBlock arms_table(const ExperimentResult& result) {
  TableBlock table({"arm", "users", "share", "sessions", "tracks", "time"}, "The arms");
  std::int64_t users = 0;
  for (const ArmSummary& arm : result.arms) users += arm.users;
  for (std::size_t i = 0; i < result.arms.size(); ++i) {
    const ArmSummary& arm = result.arms[i];
    table.add_row({Cell::text(treatment_name(static_cast<TreatmentIndex>(i))),
                   Cell::count(arm.users),
                   Cell::percent(static_cast<double>(arm.users) / static_cast<double>(users), 2),
                   Cell::count(arm.sessions), Cell::count(arm.tracks), Cell::number(arm.time, 1)});
  }
  return table;
}

TableBlock effects_table(const ExperimentResult& result, bool is_published) {
  TableBlock table(
      {"arm", "metric", "control", "treatment", "effect %", "published interval",
       "relative interval", "p", "adjusted p"},
      is_published ? "Means over users, as published" : "Ratios of sums, by the delta method");
  for (const MetricEffect& effect : result.effects) {
    if (effect.metric.is_published != is_published) continue;
    const ArmComparison& arms = effect.comparison;
    table.add_row({Cell::text(treatment_name(effect.treatment)), Cell::text(effect.metric.name),
                   Cell::number(arms.control.mean, 4), Cell::number(arms.treatment.mean, 4),
                   percent_cell(arms.percent), interval_cell(arms.published_percent),
                   interval_cell(arms.relative_percent), Cell::number(arms.p_value, 4),
                   Cell::number(effect.adjusted_p, 4)});
  }
  return table;
}

TableBlock other_ways_table(const ExperimentResult& result) {
  std::vector<std::string> headings{"arm", "metric", "effect %", "bootstrap interval",
                                    "detectable %"};
  const bool has_past = result.users_with_past > 0;
  if (has_past)
    for (const char* heading : {"with CUPED, %", "its interval", "variance left"})
      headings.push_back(heading);
  TableBlock table(std::move(headings), "The same effects by other ways");
  for (const MetricEffect& effect : result.effects) {
    std::vector<Cell> row{Cell::text(treatment_name(effect.treatment)),
                          Cell::text(effect.metric.name), percent_cell(effect.comparison.percent),
                          interval_cell(effect.bootstrap_percent),
                          percent_cell(effect.detectable_percent)};
    if (has_past && effect.cuped) {
      const double left = effect.cuped->standard_error / effect.comparison.standard_error;
      row.push_back(percent_cell(effect.cuped->percent));
      row.push_back(interval_cell(effect.cuped->relative_percent));
      row.push_back(Cell::percent(left * left, 0));
    }
    table.add_row(std::move(row));
  }
  return table;
}

TableBlock looks_table(const TreatmentLooks& of_treatment) {
  TableBlock table({"look", "sessions", "users", "effect %", "always-valid interval",
                    "fixed interval", "always-valid p"},
                   "Looks at " + treatment_name(of_treatment.treatment));
  const std::size_t step = (of_treatment.looks.size() + kRowsOfLooks - 1) / kRowsOfLooks;
  for (std::size_t i = 0; i < of_treatment.looks.size(); ++i) {
    const Look& look = of_treatment.looks[i];
    const bool is_shown = (i + 1) % step == 0 || i + 1 == of_treatment.looks.size();
    if (!look.counts || !is_shown) continue;
    table.add_row({Cell::count(static_cast<std::int64_t>(i) + 1), Cell::count(look.sessions),
                   Cell::count(look.users), percent_cell(look.comparison.percent),
                   interval_cell(look.always_valid), interval_cell(look.fixed),
                   Cell::number(look.p_value, 4)});
  }
  return table;
}

// When the always-valid test could have stopped, in a sentence.
std::string stop_sentence(const TreatmentLooks& of_treatment, double alpha) {
  for (std::size_t i = 0; i < of_treatment.looks.size(); ++i)
    if (of_treatment.looks[i].p_value < alpha)
      return treatment_name(of_treatment.treatment) + " could have been decided at look " +
             std::to_string(i + 1) + " of " + std::to_string(of_treatment.looks.size()) +
             ", after " + format_count(of_treatment.looks[i].sessions) + " sessions.";
  return treatment_name(of_treatment.treatment) +
         " could not have been decided at any look by the always-valid test.";
}

// The level at which each treatment's looks are judged.
double alpha_of_looks(const ExperimentResult& result) {
  return result.options.alpha / static_cast<double>(std::max<std::size_t>(result.looks.size(), 1));
}

void add_over_time(const ExperimentResult& result, Document& document) {
  document.add_heading("As the data came in");
  for (const TreatmentLooks& looks : result.looks) {
    document.add_paragraph(stop_sentence(looks, alpha_of_looks(result)));
    PlotBlock plot = looks_plot(looks, result.options.metric);
    if (!plot.series.empty()) document.add_plot(std::move(plot));
    TableBlock table = looks_table(looks);
    if (!table.rows().empty()) document.add_table(std::move(table));
  }
  if (!result.days.empty() && result.days[0].days_ms.size() > 1)
    document.add_plot(days_plot(result.days, result.options.metric));
  if (result.in_order.empty() || result.in_order[0].tracks.empty()) return;
  document.add_heading("Sessions in their order");
  document.add_plot(tracks_in_order_plot(result.in_order));
  document.add_plot(times_in_order_plot(result.in_order));
}

void add_segments(const ExperimentResult& result, Document& document) {
  if (result.segments.empty()) return;
  TableBlock table({"division", "segment", "arm", "users", "effect %", "relative interval", "p"});
  for (const SegmentEffect& effect : result.segments) {
    const ArmComparison& arms = effect.comparison;
    table.add_row({Cell::text(effect.segmentation), Cell::text(effect.segment),
                   Cell::text(treatment_name(effect.treatment)),
                   Cell::count(arms.control.users + arms.treatment.users),
                   percent_cell(arms.percent), interval_cell(arms.relative_percent),
                   Cell::number(arms.p_value, 4)});
  }
  document.add_heading("Segments");
  document.add_paragraph("Effects on " + result.options.metric +
                         ". Many segments are many chances of a false alarm: take what stands out "
                         "as a question for the next experiment.");
  document.add_table(std::move(table));
}

std::string sample_ratio_sentence(const ExperimentResult& result) {
  return "Users per arm against their promised shares: p = " +
         format_number(result.sample_ratio.p_value, 4) + " (alarm below " +
         format_shortest(kSampleRatioAlarm) + ").";
}

// What the page shows as plots and long tables, in a sentence each.
void add_trust_in_brief(const ExperimentResult& result, Document& document) {
  document.add_paragraph(sample_ratio_sentence(result));
  for (const AaOfMetric& aa : result.aa)
    if (aa.metric == result.options.metric && aa.check.trials > 0)
      document.add_paragraph("AA check on " + aa.metric + ": " +
                             format_number(100 * aa.check.rate(), 1) +
                             "% false alarms in dealings of the control into halves; " +
                             format_number(100 * result.options.alpha, 1) + "% are right.");
  for (const TreatmentLooks& looks : result.looks)
    document.add_paragraph(stop_sentence(looks, alpha_of_looks(result)));
  document.add_paragraph(
      "More (each look, days, sessions in their order, plots) with --html FILE or --json.");
}

void add_trust(const ExperimentResult& result, Document& document) {
  document.add_heading("Can it be trusted?");
  document.add_paragraph(sample_ratio_sentence(result));
  TableBlock table({"metric", "false alarms", "95% interval"},
                   "AA check: the control dealt into halves again and again");
  for (const AaOfMetric& aa : result.aa)
    if (aa.check.trials > 0)
      table.add_row({Cell::text(aa.metric), Cell::percent(aa.check.rate(), 2),
                     Cell::interval(100 * aa.check.interval.low, 100 * aa.check.interval.high, 2)});
  if (!table.rows().empty()) document.add_table(std::move(table));
}

void add_log(const ExperimentResult& result, Document& document) {
  const SessionReport& sessions = result.session_report;
  document.add_paragraph("Read " + counted(result.traffic.kept, "line", "lines") + " of " +
                         counted(result.traffic.files, "file", "files") + "; " +
                         counted(sessions.sessions, "session", "sessions") + " of " +
                         counted(sessions.users, "user", "users") + ".");
  for (const std::string& sentence : sentences(result.traffic)) document.add_paragraph(sentence);
  for (const std::string& sentence : sentences(sessions)) document.add_paragraph(sentence);
  if (result.users_in_none > 0)
    document.add_paragraph(counted(result.users_in_none, "user takes no part in the experiment.",
                                   "users take no part in the experiment."));
}

}  // namespace

Document brief_document(const ExperimentResult& result) {
  Document document("Experiment " + result.name);
  add_warnings_and_verdicts(result, document);
  document.add_table(arms_table(result));
  document.add_table(effects_table(result, true));
  document.add_table(effects_table(result, false));
  document.add_table(other_ways_table(result));
  add_segments(result, document);
  add_trust_in_brief(result, document);
  add_log(result, document);
  return document;
}

Document full_document(const ExperimentResult& result) {
  Document document("Experiment " + result.name);
  add_warnings_and_verdicts(result, document);
  document.add_heading("Effects");
  document.add_plot(effects_plot(result));
  PlotBlock latency = latency_plot(result);
  if (!latency.series.empty()) document.add_plot(std::move(latency));
  document.add_table(effects_table(result, true));
  document.add_table(effects_table(result, false));
  document.add_paragraph(
      "The published interval divides the bounds of the difference by the control's mean as if "
      "that were known; the relative interval (Fieller) counts its noise too and is the one to "
      "quote for a percentage. Adjusted p-values (" +
      correction_name(result.options.correction) + ") allow for several treatments.");
  document.add_table(other_ways_table(result));
  add_over_time(result, document);
  add_segments(result, document);
  add_trust(result, document);
  document.add_heading("The data");
  document.add_table(arms_table(result));
  add_log(result, document);
  return document;
}

}  // namespace crossfade
