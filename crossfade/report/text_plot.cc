// Eighths of a block make bars and lines as fine as a terminal can show.
#include "crossfade/report/text_plot.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "crossfade/report/axis.h"

namespace crossfade {
namespace {

constexpr std::size_t kBarWidth = 40, kLineWidth = 60, kMostRows = 40, kNameWidth = 32;

std::string padded(const std::string& text, std::size_t width) {
  const std::size_t used = text_width(text);
  return used < width ? text + std::string(width - used, ' ') : text;
}

std::string cut(const std::string& text) {
  if (text_width(text) <= kNameWidth) return text;
  std::size_t end = 0, characters = 0;
  for (; end < text.size(); ++end) {
    if ((static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) continue;
    if (++characters == kNameWidth) break;
  }
  return text.substr(0, end) + "\xE2\x80\xA6";
}

std::string bar(double share) {
  static constexpr std::array<const char*, 8> kEighths{"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  const auto eighths = static_cast<std::size_t>(
      std::lround(std::clamp(share, 0.0, 1.0) * static_cast<double>(kBarWidth) * 8));
  std::string text;
  for (std::size_t i = 0; i < eighths / 8; ++i) text += "█";
  return text + kEighths[eighths % 8];
}

AxisScale scale_of(const PlotBlock& plot) {
  Extent extent = empty_extent();
  for (const PlotBlock::Series& series : plot.series) extent.cover(plot.y_axis, series.y);
  if (plot.y_axis == PlotBlock::Axis::kLinear && extent.low > 0) extent.low = 0;
  if (plot.y_axis == PlotBlock::Axis::kLog) extent.low *= 0.7;
  return {plot.y_axis, extent.low, extent.high};
}

// A line per bar or point: its name, a bar of its y, its y, and its interval.
std::string rows_of(const PlotBlock& plot, const PlotBlock::Series& series) {
  const AxisScale scale = scale_of(plot);
  const auto name = [&](std::size_t i) {
    if (plot.shape == PlotBlock::Shape::kBars) return cut(plot.categories[i]);
    const std::string at = value_text(plot.x_axis, series.x[i]);
    return series.labels.empty() || series.labels[i].empty() ? at
                                                             : cut(series.labels[i]) + "  " + at;
  };
  const std::size_t rows = std::min(kMostRows, series.y.size());
  std::size_t widest = 0;
  for (std::size_t i = 0; i < rows; ++i) widest = std::max(widest, text_width(name(i)));
  std::string text;
  for (std::size_t i = 0; i < rows; ++i) {
    const double y = series.y[i];
    text += "  " + padded(name(i), widest) + "  ";
    if (scale.shows(y)) text += bar(scale.position(y)) + " ";
    text += value_text(plot.y_axis, y);
    if (!series.low.empty() && std::isfinite(series.low[i]))
      text += " [" + value_text(plot.y_axis, series.low[i]) + ", " +
              value_text(plot.y_axis, series.high[i]) + "]";
    text += "\n";
  }
  if (rows < series.y.size()) text += "  and " + std::to_string(series.y.size() - rows) + " more\n";
  return text;
}

// One row of blocks: the mean height of the points that fall on each column.
std::string line_of(const PlotBlock& plot, const PlotBlock::Series& series) {
  static constexpr std::array<const char*, 8> kHeights{"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  Extent across = empty_extent(), up = empty_extent();
  for (const PlotBlock::Series& one : plot.series) across.cover(plot.x_axis, one.x);
  up.cover(plot.y_axis, series.y);
  if (!std::isfinite(up.low) || !std::isfinite(across.low)) return "  (no points)\n";
  const bool log = plot.x_axis == PlotBlock::Axis::kLog;
  const auto place = [&](double x) { return log ? std::log(x) : x; };
  const AxisScale scale = scale_of(plot);
  std::array<double, kLineWidth> sum{};
  std::array<int, kLineWidth> count{};
  const double span = place(across.high) - place(across.low);
  for (std::size_t i = 0; i < series.y.size(); ++i) {
    if (!scale.shows(series.y[i]) || !std::isfinite(series.x[i]) || (log && series.x[i] <= 0))
      continue;
    const double share = span > 0 ? (place(series.x[i]) - place(across.low)) / span : 0;
    const auto column = static_cast<std::size_t>(share * static_cast<double>(kLineWidth - 1) + 0.5);
    sum[column] += scale.position(series.y[i]);
    ++count[column];
  }
  std::string text = "  ";
  for (std::size_t column = 0; column < kLineWidth; ++column) {
    if (count[column] == 0) {
      text += " ";
      continue;
    }
    const double height = std::clamp(sum[column] / count[column], 0.0, 1.0);
    text += kHeights[static_cast<std::size_t>(std::lround(height * 7))];
  }
  text += "  " + value_text(plot.y_axis, up.low) + " to " + value_text(plot.y_axis, up.high);
  for (std::size_t i = 0; i < series.labels.size(); ++i)
    if (!series.labels[i].empty())
      text += ", " + series.labels[i] + ": " + value_text(plot.y_axis, series.y[i]);
  return text + "\n";
}

std::string reach_of(const PlotBlock& plot) {
  Extent across = empty_extent();
  for (const PlotBlock::Series& series : plot.series) across.cover(plot.x_axis, series.x);
  if (!std::isfinite(across.low)) return "";
  const std::string name = plot.x_label.empty() ? "x" : plot.x_label;
  return "  " + name + ": " + value_text(plot.x_axis, across.low) + " to " +
         value_text(plot.x_axis, across.high) + "\n";
}

}  // namespace

std::size_t text_width(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

std::string text_plot(const PlotBlock& plot) {
  std::string text = plot.caption;
  if (!plot.y_label.empty()) text += (text.empty() ? "" : " ") + ("(" + plot.y_label) + ")";
  text += "\n";
  for (const PlotBlock::Series& series : plot.series) {
    if (plot.series.size() > 1) text += " " + series.name + "\n";
    text += plot.shape == PlotBlock::Shape::kLine ? line_of(plot, series) : rows_of(plot, series);
  }
  if (plot.shape == PlotBlock::Shape::kLine) text += reach_of(plot);
  return text;
}

}  // namespace crossfade
