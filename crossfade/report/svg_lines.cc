// Lines: one path per unbroken run of points, a band where there are intervals.
#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

#include "crossfade/report/markup.h"
#include "crossfade/report/svg_plot.h"

namespace crossfade {
namespace {

constexpr std::size_t kVisibleMarks = 40;  // of a series: its points are seen one by one
constexpr std::size_t kHoverMarks = 240;   // of a series: more would only make the page heavy
constexpr double kRadius = 3, kHoverRadius = 5, kLabelledRadius = 6;

struct Point {
  double x, y;
};

// Calls `draw` with every longest run of points that the axes can show.
void for_each_run(const PlotBlock::Series& series, const std::function<bool(std::size_t)>& shown,
                  const std::function<void(std::size_t, std::size_t)>& draw) {
  for (std::size_t begin = 0; begin < series.y.size(); ++begin) {
    std::size_t end = begin;
    while (end < series.y.size() && shown(end)) ++end;
    if (end > begin) draw(begin, end);
    begin = end;
  }
}

// Of the points that fall on the same half pixel one after the other, the first, the extremes and
// the last: a line through them covers the same pixels.
std::vector<Point> thinned(const std::vector<Point>& points) {
  std::vector<Point> kept;
  for (std::size_t begin = 0; begin < points.size();) {
    const double column = std::floor(points[begin].x * 2);
    std::size_t end = begin, low = begin, high = begin;
    for (; end < points.size() && std::floor(points[end].x * 2) == column; ++end) {
      if (points[end].y < points[low].y) low = end;
      if (points[end].y > points[high].y) high = end;
    }
    std::vector<std::size_t> chosen{begin, std::min(low, high), std::max(low, high), end - 1};
    chosen.erase(std::unique(chosen.begin(), chosen.end()), chosen.end());
    for (const std::size_t point : chosen) kept.push_back(points[point]);
    begin = end;
  }
  return kept;
}

std::string path_of(const std::vector<Point>& points) {
  std::string path;
  for (const Point& point : points)
    path += (path.empty() ? "M" : "L") + coordinate(point.x) + " " + coordinate(point.y);
  return path;
}

std::string band(const PlotBlock::Series& series, const SvgFrame& frame) {
  if (series.low.empty()) return "";
  const auto shown = [&](std::size_t i) {
    return frame.x_scale().shows(series.x[i]) && frame.y_scale().shows(series.low[i]) &&
           frame.y_scale().shows(series.high[i]);
  };
  std::string svg;
  for_each_run(series, shown, [&](std::size_t begin, std::size_t end) {
    std::vector<Point> around;
    for (std::size_t i = begin; i < end; ++i)
      around.push_back({frame.x(series.x[i]), frame.y(series.high[i])});
    for (std::size_t i = end; i-- > begin;)
      around.push_back({frame.x(series.x[i]), frame.y(series.low[i])});
    svg += "<path class=\"band\" d=\"" + path_of(thinned(around)) + "Z\"/>";
  });
  return svg;
}

}  // namespace

std::string svg_lines(const PlotBlock& plot, const SvgFrame& frame) {
  std::string svg;
  for (std::size_t s = 0; s < plot.series.size(); ++s) {
    const PlotBlock::Series& series = plot.series[s];
    const auto shown = [&](std::size_t i) { return frame.shows(series.x[i], series.y[i]); };
    svg += "<g class=\"" + series_classes(s) + "\" data-s=\"" + std::to_string(s) + "\">" +
           band(series, frame);
    for_each_run(series, shown, [&](std::size_t begin, std::size_t end) {
      std::vector<Point> points;
      for (std::size_t i = begin; i < end; ++i)
        points.push_back({frame.x(series.x[i]), frame.y(series.y[i])});
      svg += "<path class=\"line\" d=\"" + path_of(thinned(points)) + "\"/>";
    });
    const bool visible = series.y.size() <= kVisibleMarks;
    const std::size_t every = std::max<std::size_t>(1, series.y.size() / kHoverMarks);
    if (!visible) svg += "<g class=\"hover\">";
    for (std::size_t i = 0; i < series.y.size(); i += every)
      if (shown(i))
        svg += svg_mark(visible ? s : 0, frame.x(series.x[i]), frame.y(series.y[i]),
                        visible ? kRadius : kHoverRadius, point_title(plot, s, i));
    if (!visible) svg += "</g>";
    for (std::size_t i = 0; i < series.labels.size(); ++i)
      if (!series.labels[i].empty() && shown(i))
        svg += svg_mark(s, frame.x(series.x[i]), frame.y(series.y[i]), kLabelledRadius,
                        point_title(plot, s, i));
    svg += "</g>";
  }
  return svg + svg_labels(plot, frame, kLabelledRadius);
}

}  // namespace crossfade
