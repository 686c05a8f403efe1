// The parts of one domain: growth, rhythm, histories, popularity, labels, values.
#include <algorithm>

#include "crossfade/base/text.h"
#include "crossfade/data/exploration/exploration_document.h"
#include "crossfade/report/axis.h"

namespace crossfade {
namespace {

using Shape = PlotBlock::Shape;
using Axis = PlotBlock::Axis;

constexpr std::size_t kMonthsForATable = 2;

// "growth" -> "Growth", but "music: growth" with a prefix.
std::string heading(const std::string& prefix, std::string text) {
  if (prefix.empty() && !text.empty() && text[0] >= 'a' && text[0] <= 'z')
    text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return prefix + text;
}

PlotBlock::Series over_time(const std::vector<Period>& periods, const std::string& name,
                            std::int64_t Period::*what) {
  PlotBlock::Series series{.name = name};
  for (const Period& period : periods) {
    series.x.push_back(static_cast<double>(period.start_s));
    series.y.push_back(static_cast<double>(period.*what));
  }
  return series;
}

void add_growth(const TimeExploration& time, const std::string& prefix, Document& document) {
  if (time.days.empty()) return;
  document.add_heading(heading(prefix, "growth"));
  PlotBlock events{.caption = "Events by day", .x_label = "day (UTC)", .x_axis = Axis::kTime};
  events.series.push_back(over_time(time.days, "events", &Period::events));
  events.y_label = "events";
  events.y_from_zero = true;
  document.add_plot(std::move(events));
  PlotBlock people{.caption = "Users, new users and new items by day",
                   .x_label = "day (UTC)",
                   .y_label = "per day",
                   .x_axis = Axis::kTime};
  people.series = {over_time(time.days, "users", &Period::users),
                   over_time(time.days, "new users", &Period::new_users),
                   over_time(time.days, "new items", &Period::new_items)};
  document.add_plot(std::move(people));
  if (time.months.size() < kMonthsForATable) return;
  document.add_table(months_table(time, time.months.size()));
}

template <class Counts>
PlotBlock::Series percent_series(const Counts& counts) {
  double all = 0;
  for (const auto count : counts) all += static_cast<double>(count);
  PlotBlock::Series series{.name = "events"};
  for (const auto count : counts)
    series.y.push_back(all > 0 ? 100 * static_cast<double>(count) / all : 0);
  return series;
}

void add_rhythm(const TimeExploration& time, const std::string& prefix, Document& document) {
  if (time.days.empty()) return;
  document.add_heading(heading(prefix, "hours and weekdays"));
  if (time.has_hours()) {
    PlotBlock hours{.caption = "Events by hour of the day",
                    .shape = Shape::kBars,
                    .x_label = "hour (UTC)",
                    .y_label = "% of events"};
    for (int hour = 0; hour < 24; ++hour) hours.categories.push_back(std::to_string(hour));
    hours.series.push_back(percent_series(time.by_hour));
    document.add_plot(std::move(hours));
  } else {
    document.add_paragraph(
        "All events fall into one hour of the day: the log has days, not hours.");
  }
  PlotBlock week{.caption = "Events by day of the week",
                 .shape = Shape::kBars,
                 .y_label = "% of events",
                 .categories = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"}};
  week.series.push_back(percent_series(time.by_weekday));
  document.add_plot(std::move(week));
}

PlotBlock tail_plot(const char* caption, const char* across, const char* up,
                    const Distribution& distribution) {
  PlotBlock plot{.caption = caption,
                 .x_label = across,
                 .y_label = up,
                 .x_axis = Axis::kLog,
                 .y_axis = Axis::kLog};
  plot.series.push_back(distribution_series(distribution, up));
  return plot;
}

void add_histories(const HistoryExploration& histories, const std::string& prefix,
                   Document& document) {
  document.add_heading(heading(prefix, "histories and sessions"));
  document.add_plot(tail_plot("Users by the length of their history", "events, at least", "users",
                              histories.users));
  std::int64_t gaps = 0;
  for (const std::int64_t count : histories.gaps) gaps += count;
  if (gaps > 0) {
    PlotBlock plot{.caption = "Time between two events of a user",
                   .shape = Shape::kBars,
                   .y_label = "% of gaps"};
    for (const GapBin& bin : kGapBins) plot.categories.emplace_back(bin.name);
    plot.series.push_back(percent_series(histories.gaps));
    document.add_plot(std::move(plot));
  }
  if (histories.sessions.size == 0) return;
  document.add_paragraph(
      histories.sessions_are_given
          ? "Sessions are those of the log."
          : "A session ends with a pause of more than " +
                format_shortest(static_cast<double>(histories.session_gap_ns) / 60e9) +
                " minutes.");
  document.add_plot(
      tail_plot("Sessions by their length", "events, at least", "sessions", histories.sessions));
}

void add_top(const std::string& caption,
             const std::vector<std::pair<std::string, std::int64_t>>& top, Document& document) {
  PlotBlock plot{.caption = caption, .shape = Shape::kBars, .y_label = "events"};
  PlotBlock::Series series{.name = "events"};
  for (const auto& [name, events] : top) {
    plot.categories.push_back(name);
    series.y.push_back(static_cast<double>(events));
  }
  plot.series.push_back(std::move(series));
  document.add_plot(std::move(plot));
}

void add_popularity(const DomainExploration& domain, const std::string& prefix,
                    Document& document) {
  const PopularityExploration& popularity = domain.popularity;
  document.add_heading(heading(prefix, "popularity"));
  document.add_paragraph(format_count(popularity.items_of_half) + " of " +
                         format_count(popularity.items.size) + " items have half of all events; " +
                         "the top 1% have " + percent_text(popularity.top_1_percent) +
                         ", the top 10% " + percent_text(popularity.top_10_percent) +
                         ". Gini coefficient " + format_number(popularity.gini, 3) + ".");
  document.add_plot(tail_plot("Items by how often they were taken", "events, at least", "items",
                              popularity.items));
  std::vector<std::pair<std::string, std::int64_t>> top;
  TableBlock table(domain.has_names ? std::vector<std::string>{"item", "name", "events", "users"}
                                    : std::vector<std::string>{"item", "events", "users"});
  for (const NamedItem& item : domain.top_items) {
    top.emplace_back(item.name.empty() ? item.id : item.name, item.events);
    std::vector<Cell> row{Cell::text(item.id)};
    if (domain.has_names) row.push_back(Cell::text(item.name));
    row.push_back(Cell::count(item.events));
    row.push_back(Cell::count(item.users));
    table.add_row(std::move(row));
  }
  if (top.empty()) return;
  add_top("Most taken items", top, document);
  document.add_table(std::move(table));
}

void add_labels(const std::vector<LabelExploration>& labels, const std::string& prefix,
                Document& document) {
  for (const LabelExploration& found : labels) {
    if (found.top.empty()) continue;
    document.add_heading(heading(prefix, found.attribute));
    std::vector<std::pair<std::string, std::int64_t>> top;
    TableBlock table({found.attribute, "events", "users", "items"});
    for (const LabelCount& label : found.top) {
      top.emplace_back(label.name, label.events);
      table.add_row({Cell::text(label.name), Cell::count(label.events), Cell::count(label.users),
                     Cell::count(label.items)});
    }
    add_top("Most taken: " + found.attribute, top, document);
    document.add_table(std::move(table));
  }
}

void add_values(const ValueExploration& values, const std::string& prefix, Document& document) {
  const bool kinds = values.has_kinds, weights = values.least != values.greatest;
  if (!kinds && !weights) return;
  document.add_heading(heading(prefix, kinds ? "kinds and weights" : "weights"));
  if (kinds) {
    TableBlock table({"kind", "events"});
    for (std::size_t kind = 0; kind < 256; ++kind)
      if (values.by_kind[kind] > 0)
        table.add_row({Cell::text(kind_text(values, kind)), Cell::count(values.by_kind[kind])});
    document.add_table(std::move(table));
  }
  if (!weights) return;
  document.add_paragraph("Weights run from " + format_shortest(values.least) + " to " +
                         format_shortest(values.greatest) + ", " + format_number(values.mean, 3) +
                         " on average.");
  if (values.distinct.empty()) return;
  PlotBlock plot{.caption = "Events by weight",
                 .shape = Shape::kBars,
                 .x_label = "weight",
                 .y_label = "events"};
  PlotBlock::Series series{.name = "events"};
  for (const auto& [weight, events] : values.distinct) {
    plot.categories.push_back(value_text(Axis::kLinear, static_cast<double>(weight)));
    series.y.push_back(static_cast<double>(events));
  }
  plot.series.push_back(std::move(series));
  document.add_plot(std::move(plot));
}

}  // namespace

void add_domain(const DomainExploration& domain, const std::string& prefix, Document& document) {
  add_growth(domain.time, prefix, document);
  add_rhythm(domain.time, prefix, document);
  add_histories(domain.histories, prefix, document);
  add_popularity(domain, prefix, document);
  add_labels(domain.labels, prefix, document);
  add_values(domain.values, prefix, document);
}

}  // namespace crossfade
