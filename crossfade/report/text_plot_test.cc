// Plots in characters, line by line.
#include "crossfade/report/text_plot.h"

#include <gtest/gtest.h>

namespace crossfade {
namespace {

TEST(TextPlot, BarsAreAsLongAsTheirValues) {
  PlotBlock plot{.caption = "Most played", .shape = PlotBlock::Shape::kBars, .y_label = "plays"};
  plot.categories = {"Ёлка", "x"};
  plot.series.push_back({.name = "plays", .y = {1000, 500}});
  EXPECT_EQ(text_plot(plot),
            "Most played (plays)\n"
            "  Ёлка  ████████████████████████████████████████ 1,000\n"
            "  x     ████████████████████ 500\n");
}

TEST(TextPlot, ALineIsARowOfBlocks) {
  PlotBlock plot{.caption = "Rising", .x_label = "step"};
  plot.series.push_back({.name = "up", .x = {0, 1, 2}, .y = {0, 5, 10}});
  const std::string text = text_plot(plot);
  EXPECT_EQ(text, "Rising\n  ▁" + std::string(29, ' ') + "▅" + std::string(28, ' ') +
                      "█  0 to 10\n  step: 0 to 2\n");
}

TEST(TextPlot, ALabelledPointOfALineIsNamed) {
  PlotBlock plot{.caption = "Rising"};
  plot.series.push_back(
      {.name = "up", .x = {0, 1, 2}, .y = {0, 5, 10}, .labels = {"", "epoch 1", ""}});
  EXPECT_NE(text_plot(plot).find("█  0 to 10, epoch 1: 5\n"), std::string::npos);
}

TEST(TextPlot, PointsAreListedWithLabelsAndIntervals) {
  PlotBlock plot{.caption = "Coverage", .shape = PlotBlock::Shape::kPoints};
  plot.series.push_back(
      {.name = "models", .x = {0.25}, .y = {0.5}, .low = {0.4}, .high = {0.6}, .labels = {"als"}});
  EXPECT_EQ(text_plot(plot).substr(0, 31), "Coverage\n  als  0.25  ███");
  EXPECT_NE(text_plot(plot).find("0.5 [0.4, 0.6]\n"), std::string::npos);
}

TEST(TextPlot, SeveralSeriesAreNamedAndLongOnesCut) {
  PlotBlock plot{.caption = "c", .shape = PlotBlock::Shape::kBars};
  for (int i = 0; i < 60; ++i) plot.categories.push_back("item " + std::to_string(i));
  plot.series.push_back({.name = "train", .y = std::vector<double>(60, 1)});
  plot.series.push_back({.name = "test", .y = std::vector<double>(60, 2)});
  const std::string text = text_plot(plot);
  EXPECT_NE(text.find(" train\n"), std::string::npos);
  EXPECT_NE(text.find("  and 20 more\n test\n"), std::string::npos);
}

TEST(TextPlot, NothingToDraw) {
  EXPECT_EQ(text_plot({.caption = "Empty"}), "Empty\n");
  PlotBlock plot{.caption = "Empty"};
  plot.series.push_back({.name = "s"});
  EXPECT_EQ(text_plot(plot), "Empty\n  (no points)\n");
}

}  // namespace
}  // namespace crossfade
