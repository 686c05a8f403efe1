// Points: marks with whiskers, and labels put where they cover nothing.
#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "crossfade/report/markup.h"
#include "crossfade/report/svg_plot.h"

namespace crossfade {
namespace {

constexpr double kRadius = 4.5;
constexpr std::size_t kLabelledPoints = 150;  // beyond, labels would only cover each other

struct Box {
  double left, top, right, bottom;
  bool meets(const Box& other) const {
    return left < other.right && other.left < right && top < other.bottom && other.top < bottom;
  }
};

struct Placed {
  Box box;
  double x, y;
  const char* anchor;
};

// Tries the places around a point in the order of how well they read; false if all are taken.
bool find_place(double x, double y, double width, const std::vector<Box>& taken,
                const SvgFrame& frame, Placed& placed) {
  constexpr double kAway = kRadius + 4, kUp = 9, kHeight = 13;
  struct Try {
    double x, y;
    double left;
    const char* anchor;
  };
  const std::array<Try, 8> tries{{{x + kAway, y + 4, x + kAway, "start"},
                                  {x - kAway, y + 4, x - kAway - width, "end"},
                                  {x, y - kUp, x - width / 2, "mid"},
                                  {x, y + kUp + 9, x - width / 2, "mid"},
                                  {x + kAway, y - kUp, x + kAway, "start"},
                                  {x + kAway, y + kUp + 8, x + kAway, "start"},
                                  {x - kAway, y - kUp, x - kAway - width, "end"},
                                  {x - kAway, y + kUp + 8, x - kAway - width, "end"}}};
  for (const Try& attempt : tries) {
    const Box box{attempt.left, attempt.y - kHeight + 3, attempt.left + width, attempt.y + 3};
    if (box.left < frame.left() || box.right > frame.width() || box.top < 0 ||
        box.bottom > frame.bottom())
      continue;
    if (std::any_of(taken.begin(), taken.end(), [&](const Box& one) { return one.meets(box); }))
      continue;
    placed = {box, attempt.x, attempt.y, attempt.anchor};
    return true;
  }
  return false;
}

bool is_shown(const PlotBlock::Series& series, std::size_t i, const SvgFrame& frame) {
  return frame.x_scale().shows(series.x[i]) && frame.y_scale().shows(series.y[i]);
}

std::string labels(const PlotBlock& plot, const SvgFrame& frame) {
  std::vector<Box> taken;
  std::size_t wanted = 0;
  for (const PlotBlock::Series& series : plot.series) {
    for (std::size_t i = 0; i < series.y.size(); ++i) {
      if (!is_shown(series, i, frame)) continue;
      const double x = frame.x(series.x[i]), y = frame.y(series.y[i]);
      taken.push_back({x - kRadius, y - kRadius, x + kRadius, y + kRadius});
    }
    wanted += series.labels.size();
  }
  if (wanted > kLabelledPoints) return "";
  std::string svg;
  for (std::size_t s = 0; s < plot.series.size(); ++s) {
    const PlotBlock::Series& series = plot.series[s];
    for (std::size_t i = 0; i < series.labels.size(); ++i) {
      if (series.labels[i].empty() || !is_shown(series, i, frame)) continue;
      Placed at{};
      if (!find_place(frame.x(series.x[i]), frame.y(series.y[i]), drawn_width(series.labels[i]),
                      taken, frame, at))
        continue;
      taken.push_back(at.box);
      svg += "<text class=\"label " + std::string(at.anchor) + "\" data-s=\"" + std::to_string(s) +
             "\" x=\"" + coordinate(at.x) + "\" y=\"" + coordinate(at.y) + "\">" +
             escape_markup(series.labels[i]) + "</text>";
    }
  }
  return svg;
}

}  // namespace

std::string svg_points(const PlotBlock& plot, const SvgFrame& frame) {
  std::string svg;
  for (std::size_t s = 0; s < plot.series.size(); ++s) {
    const PlotBlock::Series& series = plot.series[s];
    svg += "<g class=\"" + series_classes(s) + "\" data-s=\"" + std::to_string(s) + "\">";
    for (std::size_t i = 0; i < series.y.size(); ++i) {
      if (!is_shown(series, i, frame)) continue;
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
  return svg + labels(plot, frame);
}

}  // namespace crossfade
