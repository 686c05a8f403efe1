// Bars: series side by side, upright or lying, with whiskers where there are intervals.
#include <algorithm>
#include <cmath>

#include "crossfade/report/markup.h"
#include "crossfade/report/svg_plot.h"

namespace crossfade {
namespace {

// Where one bar lies across its axis, and from where to where its length runs, in pixels.
struct Bar {
  double across, thickness, from, to;
};

std::string rectangle(const Bar& bar, bool upright, const std::string& title) {
  const double start = std::min(bar.from, bar.to);
  const double length = std::max(0.6, std::abs(bar.to - bar.from));
  const double x = upright ? bar.across : start, y = upright ? start : bar.across;
  return "<rect class=\"bar\" x=\"" + coordinate(x) + "\" y=\"" + coordinate(y) + "\" width=\"" +
         coordinate(upright ? bar.thickness : length) + "\" height=\"" +
         coordinate(upright ? length : bar.thickness) + "\"><title>" + escape_markup(title) +
         "</title></rect>";
}

// Lying bars are few and have room: whoever reads them wants the number too.
std::string value_behind(const Bar& bar, const std::string& text) {
  return "<text class=\"tick\" x=\"" + coordinate(std::max(bar.from, bar.to) + 6) + "\" y=\"" +
         coordinate(bar.across + bar.thickness / 2 + 4) + "\">" + text + "</text>";
}

std::string whisker(double across, double low, double high, bool upright) {
  const auto point = [&](double along, double shift) {
    return upright ? coordinate(across + shift) + " " + coordinate(along)
                   : coordinate(along) + " " + coordinate(across + shift);
  };
  return "<path class=\"whisker\" d=\"M" + point(low, -3) + "L" + point(low, 3) + "M" +
         point(low, 0) + "L" + point(high, 0) + "M" + point(high, -3) + "L" + point(high, 3) +
         "\"/>";
}

}  // namespace

std::string svg_bars(const PlotBlock& plot, const SvgFrame& frame, bool upright) {
  const AxisScale& scale = upright ? frame.y_scale() : frame.x_scale();
  const auto place = [&](double value) { return upright ? frame.y(value) : frame.x(value); };
  const bool log = scale.kind() == PlotBlock::Axis::kLog;
  const double base = place(log ? scale.low() : std::clamp(0.0, scale.low(), scale.high()));
  const double share = frame.category_width();
  const auto count = static_cast<double>(plot.series.size());
  const double room = std::min(share * (share > 8 ? 0.78 : 0.94), 64 * count);
  const double thickness = room / std::max(1.0, count);
  std::string svg;
  for (std::size_t s = 0; s < plot.series.size(); ++s) {
    const PlotBlock::Series& series = plot.series[s];
    svg += "<g class=\"" + series_classes(s) + "\" data-s=\"" + std::to_string(s) + "\">";
    for (std::size_t c = 0; c < series.y.size(); ++c) {
      if (!scale.shows(series.y[c])) continue;
      const double across =
          frame.category_middle(c) - room / 2 + thickness * static_cast<double>(s);
      const Bar bar{across, thickness * (count > 1 ? 0.92 : 1), base, place(series.y[c])};
      svg += rectangle(bar, upright, point_title(plot, s, c));
      if (!upright && count == 1 && series.low.empty())
        svg += value_behind(bar, value_text(plot.y_axis, series.y[c]));
      if (series.low.empty() || !scale.shows(series.low[c]) || !scale.shows(series.high[c]))
        continue;
      svg +=
          whisker(across + bar.thickness / 2, place(series.low[c]), place(series.high[c]), upright);
    }
    svg += "</g>";
  }
  return svg;
}

}  // namespace crossfade
