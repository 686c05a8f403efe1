// The element around the marks, and what all marks share.
#include "crossfade/report/svg_plot.h"

#include <cmath>
#include <iterator>

#include "crossfade/base/counted.h"
#include "crossfade/report/markup.h"

namespace crossfade {
namespace {

using Shape = PlotBlock::Shape;

constexpr std::size_t kColours = 6;

std::string description(const PlotBlock& plot) {
  std::int64_t points = 0;
  for (const PlotBlock::Series& series : plot.series) points += std::ssize(series.y);
  const char* shape = plot.shape == Shape::kLine   ? "Line plot"
                      : plot.shape == Shape::kBars ? "Bar plot"
                                                   : "Scatter plot";
  std::string text = shape;
  if (!plot.y_label.empty()) text += " of " + plot.y_label;
  if (!plot.x_label.empty()) text += " by " + plot.x_label;
  text += ": " + counted(points, "point", "points");
  if (plot.series.size() > 1) {
    text += " in " + std::to_string(plot.series.size()) + " series (";
    for (std::size_t s = 0; s < plot.series.size(); ++s)
      text += (s > 0 ? ", " : "") + plot.series[s].name;
    text += ")";
  }
  return text + ". The numbers can be downloaded below.";
}

}  // namespace

std::string series_classes(std::size_t series) {
  return "c" + std::to_string(series % kColours) + " v" + std::to_string(series / kColours % 3);
}

std::string svg_mark(std::size_t series, double x, double y, double radius,
                     const std::string& title) {
  const std::string body = "><title>" + escape_markup(title) + "</title>";
  const double r = radius;
  const auto at = [](double px, double py) { return coordinate(px) + "," + coordinate(py) + " "; };
  switch (series / kColours % 4) {
    case 1:
      return "<rect class=\"m\" x=\"" + coordinate(x - r) + "\" y=\"" + coordinate(y - r) +
             "\" width=\"" + coordinate(2 * r) + "\" height=\"" + coordinate(2 * r) + "\"" + body +
             "</rect>";
    case 2:
      return "<polygon class=\"m\" points=\"" + at(x, y - 1.3 * r) + at(x + 1.2 * r, y + r) +
             at(x - 1.2 * r, y + r) + "\"" + body + "</polygon>";
    case 3:
      return "<polygon class=\"m\" points=\"" + at(x, y - 1.4 * r) + at(x + 1.4 * r, y) +
             at(x, y + 1.4 * r) + at(x - 1.4 * r, y) + "\"" + body + "</polygon>";
    default:
      return "<circle class=\"m\" cx=\"" + coordinate(x) + "\" cy=\"" + coordinate(y) + "\" r=\"" +
             coordinate(r) + "\"" + body + "</circle>";
  }
}

std::string point_title(const PlotBlock& plot, std::size_t series, std::size_t point) {
  const PlotBlock::Series& from = plot.series[series];
  std::string text = from.name;
  if (!from.labels.empty() && !from.labels[point].empty())
    text += (text.empty() ? "" : ", ") + from.labels[point];
  if (!text.empty()) text += "\n";
  text +=
      plot.shape == Shape::kBars ? plot.categories[point] : value_text(plot.x_axis, from.x[point]);
  text += ": " + value_text(plot.y_axis, from.y[point]);
  if (!from.low.empty() && std::isfinite(from.low[point]))
    text += " [" + value_text(plot.y_axis, from.low[point]) + ", " +
            value_text(plot.y_axis, from.high[point]) + "]";
  return text;
}

std::string svg_legend_sign(const PlotBlock& plot, std::size_t series) {
  std::string svg = "<svg class=\"sign " + series_classes(series) +
                    "\" viewBox=\"0 0 22 12\" width=\"22\" height=\"12\" aria-hidden=\"true\">";
  if (plot.shape == Shape::kBars)
    return svg + "<rect class=\"bar\" x=\"4\" width=\"12\" height=\"12\" rx=\"2\"/></svg>";
  if (plot.shape == Shape::kLine) return svg + "<path class=\"line\" d=\"M1 6H21\"/></svg>";
  return svg + svg_mark(series, 11, 6, 4, plot.series[series].name) + "</svg>";
}

std::string svg_plot(const PlotBlock& plot, PlotSize size, const char* classes) {
  std::string marks;
  SvgFrame frame = [&] {
    if (plot.shape != Shape::kBars) return SvgFrame(plot, size);
    return SvgFrame(plot, size, SvgFrame::fits_upright(plot, size));
  }();
  if (plot.shape == Shape::kBars)
    marks = svg_bars(plot, frame, SvgFrame::fits_upright(plot, size));
  else if (plot.shape == Shape::kPoints)
    marks = svg_points(plot, frame);
  else
    marks = svg_lines(plot, frame);
  return "<svg class=\"plot " + std::string(classes) + "\" role=\"img\" viewBox=\"0 0 " +
         coordinate(frame.width()) + " " + coordinate(frame.height()) + "\" aria-label=\"" +
         escape_markup(plot.caption) + "\"><desc>" + escape_markup(description(plot)) + "</desc>" +
         frame.axes(plot) + marks + "</svg>";
}

}  // namespace crossfade
