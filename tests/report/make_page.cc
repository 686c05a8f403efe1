// report_test_page OUT: a page with every kind of block, axis and mark, and with names that would
// break out of their place if they could; test_page.py opens it in a browser.
#include <cmath>
#include <cstdio>

#include "crossfade/base/file.h"
#include "crossfade/base/rng.h"
#include "crossfade/report/document.h"

namespace crossfade {
namespace {

constexpr const char* kHostile = "</script><img src=x onerror=\"window.broken=1\">";

PlotBlock plays_by_day() {
  PlotBlock plot{.caption = "Plays by day",
                 .x_label = "day (UTC)",
                 .y_label = "plays",
                 .x_axis = PlotBlock::Axis::kTime};
  Rng rng(1);
  PlotBlock::Series train{.name = "train"}, test{.name = "test"};
  for (int day = 0; day < 400; ++day) {
    const double week = 1 + 0.3 * std::sin(day * 2 * 3.14159265 / 7);
    const double plays = (20'000 + 90.0 * day) * week * (0.9 + 0.2 * rng.uniform());
    PlotBlock::Series& part = day < 340 ? train : test;
    part.x.push_back(1'672'531'200.0 + 86'400.0 * day);
    part.y.push_back(plays);
  }
  plot.series = {train, test};
  return plot;
}

PlotBlock popularity() {
  PlotBlock plot{.caption = "Items by how often they were played",
                 .shape = PlotBlock::Shape::kPoints,
                 .x_label = "plays of an item",
                 .y_label = "items",
                 .x_axis = PlotBlock::Axis::kLog,
                 .y_axis = PlotBlock::Axis::kLog};
  PlotBlock::Series series{.name = "items"};
  for (double plays = 1; plays < 200'000; plays *= 1.6) {
    series.x.push_back(plays);
    series.y.push_back(std::ceil(400'000 * std::pow(plays, -1.1)));
  }
  plot.series.push_back(std::move(series));
  return plot;
}

PlotBlock most_played() {
  PlotBlock plot{.caption = "Most played tracks",
                 .shape = PlotBlock::Shape::kBars,
                 .x_label = "track",
                 .y_label = "plays"};
  plot.categories = {"Зимняя сказка, часть вторая: возвращение",
                     "夜に駆ける",
                     "Señorita — live at the Olympia",
                     kHostile,
                     "🎧 headphones",
                     "a, \"quoted\" name",
                     "Blue"};
  plot.series.push_back(
      {.name = "plays", .y = {48'211, 40'017, 33'902, 21'000, 18'777, 9'041, 311}});
  return plot;
}

PlotBlock hours() {
  PlotBlock plot{.caption = "Plays by hour of the day",
                 .shape = PlotBlock::Shape::kBars,
                 .x_label = "hour (UTC)",
                 .y_label = "share of plays"};
  PlotBlock::Series series{.name = "plays"};
  for (int hour = 0; hour < 24; ++hour) {
    plot.categories.push_back(std::to_string(hour));
    series.y.push_back(0.04 + 0.03 * std::sin((hour - 9) * 3.14159265 / 12));
  }
  plot.series.push_back(std::move(series));
  return plot;
}

PlotBlock segments(int models) {
  PlotBlock plot{.caption = "NDCG@10 by the length of a user's history",
                 .shape = PlotBlock::Shape::kBars,
                 .x_label = "events in train",
                 .y_label = "ndcg@10"};
  plot.categories = {"1 to 4", "5 to 19", "20 to 99", "100 on"};
  for (int model = 0; model < models; ++model) {
    PlotBlock::Series series{.name = "model " + std::to_string(model + 1)};
    for (int c = 0; c < 4; ++c) {
      const double mean = 0.05 + 0.02 * c + 0.006 * model;
      series.y.push_back(mean);
      series.low.push_back(mean - 0.008);
      series.high.push_back(mean + 0.009);
    }
    plot.series.push_back(std::move(series));
  }
  return plot;
}

PlotBlock trade_off() {
  PlotBlock plot{.caption = "Coverage against accuracy",
                 .shape = PlotBlock::Shape::kPoints,
                 .x_label = "coverage@10",
                 .y_label = "ndcg@10"};
  PlotBlock::Series series{.name = "models"};
  for (int model = 0; model < 20; ++model) {
    series.labels.push_back("model " + std::to_string(model + 1));
    series.x.push_back(0.05 + 0.04 * (model * 7 % 20));
    const double mean = 0.1 + 0.004 * (model * 11 % 20) + (model > 10 ? 0.01 : 0);
    series.y.push_back(mean);
    series.low.push_back(mean - 0.006);
    series.high.push_back(mean + 0.006);
  }
  plot.series.push_back(std::move(series));
  return plot;
}

PlotBlock learning() {
  PlotBlock plot{
      .caption = "Validation NDCG@10 while training", .x_label = "iteration", .y_label = "ndcg@10"};
  for (int model = 0; model < 3; ++model) {
    PlotBlock::Series series{.name = model == 0 ? "als" : "als, " + std::to_string(64 * model)};
    for (int step = 1; step <= 15; ++step) {
      const double mean = (0.2 + 0.03 * model) * (1 - std::exp(-step / 4.0));
      series.x.push_back(step);
      series.y.push_back(mean);
      series.low.push_back(mean - 0.01);
      series.high.push_back(mean + 0.01);
      series.labels.push_back(step == 9 + 2 * model ? "step " + std::to_string(step) : "");
    }
    plot.series.push_back(std::move(series));
  }
  return plot;
}

TableBlock models_table() {
  TableBlock table({"model", "users", "ndcg@10", "95%", "coverage@10", "speed"}, "Models");
  for (int model = 0; model < 20; ++model) {
    const double mean = 0.1 + 0.004 * (model * 11 % 20);
    table.add_row({Cell::text(model == 3 ? kHostile : "model " + std::to_string(model + 1)),
                   Cell::count(12'345 + model), Cell::number(mean, 4),
                   Cell::interval(mean - 0.006, mean + 0.006, 4),
                   Cell::number(0.05 + 0.04 * (model * 7 % 20), 3),
                   model == 5 ? Cell() : Cell::ratio(1 + 0.3 * model)});
  }
  return table;
}

Document page() {
  Document document("A run of twenty models");
  document.add_paragraph(
      "model 20 leads with NDCG@10 of 0.176 [0.170, 0.182] on 12,345 users; it is ahead of\n"
      "popular by 0.121, more than the 0.004 that this many users can show.");
  document.add_facts({{"best model", Cell::text("model 20"), "by ndcg@10 on the test part"},
                      {"ndcg@10", Cell::number(0.176, 4), "[0.1700, 0.1820]"},
                      {"users", Cell::count(12'345), "of them 321 cold"},
                      {"coverage@10", Cell::number(0.42, 2)}});
  document.add_heading("Models");
  document.add_table(models_table());
  document.add_plot(trade_off());
  document.add_heading("Segments");
  document.add_plot(segments(3));
  document.add_plot(segments(20));
  document.add_heading("Training");
  document.add_plot(learning());
  document.add_heading(std::string("Data of ") + kHostile);
  document.add_plot(plays_by_day());
  document.add_plot(popularity());
  document.add_plot(most_played());
  document.add_plot(hours());
  return document;
}

}  // namespace
}  // namespace crossfade

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: report_test_page OUT\n", stderr);
    return 2;
  }
  const crossfade::Status status =
      crossfade::write_file(argv[1], crossfade::to_html(crossfade::page()));
  std::fputs(crossfade::to_text(crossfade::page()).c_str(), stdout);
  if (!status.ok()) std::fprintf(stderr, "report_test_page: %s\n", status.message().c_str());
  return status.exit_code();
}
