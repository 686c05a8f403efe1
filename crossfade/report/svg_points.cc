// Points: marks with whiskers, and labels put where they cover nothing.
#include "crossfade/report/markup.h"
#include "crossfade/report/svg_plot.h"

namespace crossfade {
namespace {

constexpr double kRadius = 4.5;

}  // namespace

std::string svg_points(const PlotBlock& plot, const SvgFrame& frame) {
  std::string svg;
  for (std::size_t s = 0; s < plot.series.size(); ++s) {
    const PlotBlock::Series& series = plot.series[s];
    svg += "<g class=\"" + series_classes(s) + "\" data-s=\"" + std::to_string(s) + "\">";
    for (std::size_t i = 0; i < series.y.size(); ++i) {
      if (!frame.shows(series.x[i], series.y[i])) continue;
      const double x = frame.x(series.x[i]);
      if (!series.low.empty() && frame.y_scale().shows(series.low[i]) &&
          frame.y_scale().shows(series.high[i]))
        svg += "<path class=\"whisker\" d=\"M" + coordinate(x) + " " +
               coordinate(frame.y(series.low[i])) + "V" + coordinate(frame.y(series.high[i])) +
               "\"/>";
      svg += svg_mark(s, x, frame.y(series.y[i]), kRadius, point_title(plot, s, i));
    }
    svg += "</g>";
  }
  return svg + svg_labels(plot, frame, kRadius);
}

}  // namespace crossfade
