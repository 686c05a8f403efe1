// Table and plots of a search.
#include "crossfade/pipeline/tune_report.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "crossfade/base/text.h"
#include "crossfade/pipeline/tries.h"

namespace crossfade {
namespace {

std::string note_of(const Try& one, std::size_t best) {
  std::string note;
  if (one.number == 0) note = "the defaults";
  if (one.number == static_cast<std::int64_t>(best)) note += note.empty() ? "best" : ", best";
  if (one.stopped) note = "stopped early";
  if (one.failed()) note = "failed: " + one.error;
  return note;
}

// Behind the point of a number as format_shortest() writes it: "0.03" has 2, "1.5e-04" has 5.
int decimals_of(const std::string& text) {
  const std::size_t e = text.find('e');
  const std::string digits = text.substr(0, e);
  const std::size_t point = digits.find('.');
  const auto behind =
      point == std::string::npos ? 0 : static_cast<std::int64_t>(digits.size() - point - 1);
  const std::int64_t exponent =
      e == std::string::npos ? 0 : parse_int(text.substr(e + 1)).value_or(0);
  return static_cast<int>(std::max<std::int64_t>(0, behind - exponent));
}

// A number with the digits it is written with, so that columns sort; a choice as text.
Cell value_cell(const SearchDimension& dimension, const std::vector<std::string>& settings) {
  const std::string text = dimension.text_in(settings);
  const auto number = parse_double(text);
  if (dimension.is_choice() || !number) return Cell::text(text);
  return Cell::number(*number, decimals_of(text));
}

TableBlock try_table(const TuneFacts& facts, std::size_t best) {
  std::vector<std::string> headings{"try", facts.metric, "95%", ""};
  for (const SearchDimension& dimension : facts.space.dimensions())
    headings.push_back(dimension.knob.name);
  headings.push_back(facts.space.effort() ? facts.space.effort()->name : "users");
  TableBlock table(headings, "Every try, in the order in which they were made.");
  for (const Try& one : facts.tries) {
    const RungScore last = one.failed() ? RungScore{0, 0, kNotANumber, {}} : one.rungs.back();
    std::vector<Cell> row{Cell::count(one.number + 1), Cell::number(last.mean, 4),
                          Cell::interval(last.interval.low, last.interval.high, 4),
                          Cell::text(note_of(one, best))};
    for (const SearchDimension& dimension : facts.space.dimensions())
      row.push_back(value_cell(dimension, one.settings));
    row.push_back(facts.space.effort() ? Cell::number(last.effort, 0) : Cell::count(last.users));
    table.add_row(std::move(row));
  }
  return table;
}

PlotBlock plot_over_tries(const TuneFacts& facts, const std::string& caption) {
  PlotBlock plot;
  plot.caption = caption;
  plot.x_label = "try";
  plot.y_label = facts.metric;
  return plot;
}

// The best score of whole tries so far.
PlotBlock growth_plot(const TuneFacts& facts) {
  PlotBlock plot = plot_over_tries(facts, "The best so far.");
  PlotBlock::Series best{"best so far"};
  for (const Try& one : facts.tries) {
    if (one.failed() || (one.stopped && best.y.empty())) continue;
    const double last = best.y.empty() ? one.score() : best.y.back();
    best.x.push_back(static_cast<double>(one.number + 1));
    best.y.push_back(one.stopped ? last : std::max(last, one.score()));
  }
  plot.series.push_back(std::move(best));
  return plot;
}

// A point per try that did not fail, at x_of(try); NaN leaves it out.
template <class XOf>
void add_tries(const TuneFacts& facts, const XOf& x_of, PlotBlock& plot) {
  plot.shape = PlotBlock::Shape::kPoints;
  PlotBlock::Series whole{"whole tries"}, stopped{"stopped early"};
  for (const Try& one : facts.tries) {
    const double x = one.failed() ? kNotANumber : x_of(one);
    if (std::isnan(x)) continue;
    PlotBlock::Series& series = one.stopped ? stopped : whole;
    series.x.push_back(x);
    series.y.push_back(one.score());
  }
  for (PlotBlock::Series* series : {&whole, &stopped})
    if (!series->x.empty()) plot.series.push_back(std::move(*series));
}

PlotBlock score_plot(const TuneFacts& facts) {
  PlotBlock plot = plot_over_tries(facts, "What each try came to.");
  add_tries(
      facts, [](const Try& one) { return static_cast<double>(one.number + 1); }, plot);
  return plot;
}

// The best score of each option, among the tries that were not stopped.
PlotBlock choice_plot(const TuneFacts& facts, const SearchDimension& dimension) {
  PlotBlock plot;
  plot.shape = PlotBlock::Shape::kBars;
  plot.categories = dimension.options;
  PlotBlock::Series series{"best try"};
  for (const std::string& option : dimension.options) {
    double best = kNotANumber;
    for (const Try& one : facts.tries)
      if (!one.failed() && !one.stopped && dimension.text_in(one.settings) == option)
        best = std::isnan(best) ? one.score() : std::max(best, one.score());
    series.y.push_back(best);
  }
  plot.series.push_back(std::move(series));
  return plot;
}

PlotBlock number_plot(const TuneFacts& facts, const SearchDimension& dimension) {
  PlotBlock plot;
  const bool log = dimension.knob.range.tune.kind == TuneRange::Kind::kLog;
  if (log) plot.x_axis = PlotBlock::Axis::kLog;
  const auto x_of = [&](const Try& one) {
    const double x = parse_double(dimension.text_in(one.settings)).value_or(0);
    return log && x <= 0 ? kNotANumber : x;
  };
  add_tries(facts, x_of, plot);
  return plot;
}

PlotBlock knob_plot(const TuneFacts& facts, const SearchDimension& dimension) {
  PlotBlock plot =
      dimension.is_choice() ? choice_plot(facts, dimension) : number_plot(facts, dimension);
  plot.caption = "What " + dimension.knob.name + " did: " + dimension.knob.help + ".";
  plot.x_label = dimension.knob.name;
  plot.y_label = facts.metric;
  return plot;
}

}  // namespace

Document tune_document(const TuneFacts& facts) {
  const std::size_t best = best_try(facts.tries);
  const PairedComparison& paired = facts.against_defaults;
  Document document("Tuned " + facts.model + " by " + facts.metric);
  document.add_facts(
      {{"defaults", Cell::number(paired.mean_a, 4)},
       {"best", Cell::number(paired.mean_b, 4), "try " + std::to_string(best + 1)},
       {"difference", Cell::number(paired.difference, 4),
        "95%: " + Cell::interval(paired.interval.low, paired.interval.high, 4).formatted()},
       {"tries", Cell::count(static_cast<std::int64_t>(facts.tries.size()))},
       {"validation users", Cell::count(facts.num_users)}});
  document.add_paragraph("The best: " +
                         (facts.best_settings.empty() ? std::string("the defaults")
                                                      : join(facts.best_settings, ", ")) +
                         ".");
  document.add_paragraph(
      "The best of many tries looks better on the data that chose it than it is: judge it on the "
      "test part, once.");
  document.add_plot(growth_plot(facts));
  document.add_plot(score_plot(facts));
  for (const SearchDimension& dimension : facts.space.dimensions())
    document.add_plot(knob_plot(facts, dimension));
  document.add_table(try_table(facts, best));
  return document;
}

Json tune_json(const TuneFacts& facts) {
  const std::size_t best = best_try(facts.tries);
  Json tries = Json::array();
  for (const Try& one : facts.tries) tries.push(to_json(one));
  const PairedComparison& paired = facts.against_defaults;
  return Json::object()
      .set("model", facts.model)
      .set("metric", facts.metric)
      .set("users", facts.num_users)
      .set("best", Json::object()
                       .set("try", static_cast<std::int64_t>(best))
                       .set("settings", json_list(facts.best_settings)))
      .set("against_defaults", Json::object()
                                   .set("defaults", paired.mean_a)
                                   .set("best", paired.mean_b)
                                   .set("difference", paired.difference)
                                   .set("low", paired.interval.low)
                                   .set("high", paired.interval.high)
                                   .set("p_value", paired.p_value))
      .set("tries", std::move(tries));
}

}  // namespace crossfade
