// Drawn plots: well-formed, every mark where its number says, nothing outside, nothing unescaped.
#include "crossfade/report/svg_plot.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace crossfade {
namespace {

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
    ++found;
  return found;
}

// Every tag that opens closes, in order; the text between is escaped.
bool is_balanced(const std::string& svg) {
  std::vector<std::string> open;
  for (std::size_t at = svg.find('<'); at != std::string::npos; at = svg.find('<', at + 1)) {
    const std::size_t end = svg.find('>', at);
    if (end == std::string::npos) return false;
    const std::string tag = svg.substr(at + 1, end - at - 1);
    if (tag.back() == '/') continue;
    const std::string name = tag.substr(0, tag.find(' '));
    if (name[0] != '/') {
      open.push_back(name);
    } else {
      if (open.empty() || "/" + open.back() != name) return false;
      open.pop_back();
    }
  }
  return open.empty();
}

PlotBlock two_lines() {
  PlotBlock plot{.caption = "Loss <per> step", .x_label = "step", .y_label = "loss"};
  plot.series.push_back({.name = "als", .x = {0, 1, 2}, .y = {1, 0.5, 0.25}});
  plot.series.push_back(
      {.name = "a\"b&", .x = {0, 1, 2}, .y = {1, 2, 3}, .low = {0, 1, 2}, .high = {2, 3, 4}});
  return plot;
}

TEST(SvgPlot, LinesBandsAndMarks) {
  const std::string svg = svg_plot(two_lines(), {}, "wide");
  EXPECT_TRUE(is_balanced(svg)) << svg;
  EXPECT_EQ(count(svg, "class=\"line\""), 2u);
  EXPECT_EQ(count(svg, "class=\"band\""), 1u);
  EXPECT_EQ(count(svg, "class=\"m\""), 6u);
  EXPECT_NE(svg.find("aria-label=\"Loss &lt;per&gt; step\""), std::string::npos);
  EXPECT_NE(svg.find("a&quot;b&amp;"), std::string::npos);
  EXPECT_NE(svg.find("role=\"img\""), std::string::npos);
  EXPECT_NE(svg.find("Line plot of loss by step: 6 points in 2 series"), std::string::npos);
}

TEST(SvgPlot, ALabelledPointOfALineStandsOut) {
  PlotBlock plot = two_lines();
  plot.series[0].labels = {"", "step 1", ""};
  const std::string svg = svg_plot(plot, {}, "wide");
  EXPECT_TRUE(is_balanced(svg)) << svg;
  EXPECT_EQ(count(svg, "class=\"m\""), 7u);
  EXPECT_EQ(count(svg, " r=\"6\""), 1u);
  EXPECT_NE(svg.find("<title>als, step 1\n1: 0.5</title>"), std::string::npos) << svg;
  EXPECT_NE(svg.find(">step 1</text>"), std::string::npos) << svg;
  // Also where the points of a longer line are only seen when hovered over.
  for (int x = 3; x < 100; ++x) {
    plot.series[0].x.push_back(x);
    plot.series[0].y.push_back(0.25);
    plot.series[0].labels.push_back("");
  }
  const std::string longer = svg_plot(plot, {}, "wide");
  EXPECT_TRUE(is_balanced(longer));
  EXPECT_GT(longer.find(" r=\"6\""), longer.find("class=\"hover\""));
  EXPECT_EQ(count(longer, " r=\"6\""), 1u);
}

TEST(SvgPlot, AGapBreaksTheLine) {
  PlotBlock plot{.caption = "c"};
  plot.series.push_back({.name = "s",
                         .x = {0, 1, 2, 3, 4},
                         .y = {1, 2, std::numeric_limits<double>::quiet_NaN(), 3, 4}});
  const std::string svg = svg_plot(plot, {}, "wide");
  EXPECT_EQ(count(svg, "class=\"line\""), 2u);
  EXPECT_EQ(count(svg, "class=\"m\""), 4u);
  EXPECT_EQ(svg.find("nan"), std::string::npos);
}

TEST(SvgPlot, LongLinesAreThinnedButKeepTheirPeak) {
  PlotBlock plot{.caption = "c"};
  PlotBlock::Series series{.name = "s"};
  for (int i = 0; i < 200'000; ++i) {
    series.x.push_back(i);
    series.y.push_back(i == 123'456 ? 1000 : i % 7);
  }
  plot.series.push_back(std::move(series));
  const std::string svg = svg_plot(plot, {}, "wide");
  EXPECT_LT(svg.size(), 150'000u);
  // The peak is the top of the axis.
  const SvgFrame frame(plot, {});
  EXPECT_DOUBLE_EQ(frame.y(1000), frame.top());
  EXPECT_NE(svg.find(" 14L"), std::string::npos);
}

TEST(SvgPlot, FewShortCategoriesStandAndLongOnesLie) {
  PlotBlock plot{.caption = "c", .shape = PlotBlock::Shape::kBars};
  plot.categories = {"a", "b", "c"};
  plot.series.push_back({.name = "s", .y = {1, 2, 4}});
  EXPECT_TRUE(SvgFrame::fits_upright(plot, {}));
  const SvgFrame frame(plot, {}, true);
  EXPECT_DOUBLE_EQ(frame.y(0), frame.bottom());
  std::string svg = svg_plot(plot, {}, "wide");
  EXPECT_TRUE(is_balanced(svg));
  EXPECT_EQ(count(svg, "class=\"bar\""), 3u);
  for (int i = 0; i < 20; ++i) {
    plot.categories.push_back("Sonata quasi una fantasia, No. " + std::to_string(i));
    plot.series[0].y.push_back(i);
  }
  EXPECT_FALSE(SvgFrame::fits_upright(plot, {}));
  svg = svg_plot(plot, {}, "wide");
  EXPECT_TRUE(is_balanced(svg));
  EXPECT_EQ(count(svg, "class=\"bar\""), 23u);
  EXPECT_GT(SvgFrame(plot, {}, false).height(), 23 * 20.0);
}

TEST(SvgPlot, LabelsOfPointsDoNotCoverEachOther) {
  PlotBlock plot{.caption = "c", .shape = PlotBlock::Shape::kPoints};
  PlotBlock::Series series{.name = "models"};
  for (int i = 0; i < 40; ++i) {
    series.x.push_back(0.001 * i);
    series.y.push_back(0.5);
    series.labels.push_back("a model's long name " + std::to_string(i));
  }
  series.x[0] = 1;
  plot.series.push_back(series);
  const std::string svg = svg_plot(plot, {}, "wide");
  EXPECT_EQ(count(svg, "class=\"m\""), 40u);
  EXPECT_GE(count(svg, "<text class=\"label"), 2u);
  EXPECT_LT(count(svg, "<text class=\"label"), 20u);
}

TEST(SvgPlot, LogAxisLeavesOutWhatItHasNoPlaceFor) {
  PlotBlock plot{.caption = "c",
                 .shape = PlotBlock::Shape::kPoints,
                 .x_axis = PlotBlock::Axis::kLog,
                 .y_axis = PlotBlock::Axis::kLog};
  plot.series.push_back({.name = "s", .x = {0, 1, 10}, .y = {1, 1, 100}});
  EXPECT_EQ(count(svg_plot(plot, {}, "wide"), "class=\"m\""), 2u);
}

TEST(SvgPlot, EmptyPlotsAndEmptySeriesAreDrawn) {
  for (const auto shape :
       {PlotBlock::Shape::kLine, PlotBlock::Shape::kBars, PlotBlock::Shape::kPoints}) {
    PlotBlock plot{.caption = "c", .shape = shape};
    EXPECT_TRUE(is_balanced(svg_plot(plot, {}, "wide")));
    plot.series.push_back({.name = "s"});
    const std::string svg = svg_plot(plot, {}, "wide");
    EXPECT_TRUE(is_balanced(svg));
    EXPECT_EQ(svg.find("nan"), std::string::npos);
  }
}

TEST(SvgPlot, TextIsCutBetweenCharacters) {
  EXPECT_EQ(cut_to_width("short", 100), "short");
  EXPECT_EQ(cut_to_width("Ёлочка в лесу", 40), "Ёлоч…");
}

}  // namespace
}  // namespace crossfade
