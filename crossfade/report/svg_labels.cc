// Labels of points, each where it covers neither a point nor another label.
#include <algorithm>
#include <array>
#include <iterator>
#include <vector>

#include "crossfade/report/markup.h"
#include "crossfade/report/svg_plot.h"

namespace crossfade {
namespace {

constexpr std::ptrdiff_t kLabelledPoints = 150;  // beyond, labels would only cover each other

struct Box {
  double left, top, right, bottom;
  bool meets(const Box& other) const {
    return left < other.right && other.left < right && top < other.bottom && other.top < bottom;
  }
};

struct Point {
  double x, y, radius;
  bool on_line;  // right and left of it there is more of the line
};

struct Placed {
  Box box;
  double x, y;
  const char* anchor;
};

// Tries the places around a point in the order of how well they read; false if all are taken.
bool find_place(const Point& point, double width, const std::vector<Box>& taken,
                const SvgFrame& frame, Placed& placed) {
  constexpr double kUp = 9, kHeight = 13;
  const auto [x, y, radius, on_line] = point;
  const double away = radius + 4;
  struct Try {
    double x, y;
    double left;
    const char* anchor;
  };
  const std::array<Try, 8> tries{{{x + away, y + 4, x + away, "start"},
                                  {x - away, y + 4, x - away - width, "end"},
                                  {x, y - kUp, x - width / 2, "mid"},
                                  {x, y + kUp + 9, x - width / 2, "mid"},
                                  {x + away, y - kUp, x + away, "start"},
                                  {x + away, y + kUp + 8, x + away, "start"},
                                  {x - away, y - kUp, x - away - width, "end"},
                                  {x - away, y + kUp + 8, x - away - width, "end"}}};
  for (std::size_t i = 0; i < tries.size(); ++i) {
    const Try& attempt = tries[(on_line ? i + 2 : i) % tries.size()];
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

}  // namespace

std::string svg_labels(const PlotBlock& plot, const SvgFrame& frame, double radius) {
  std::vector<Box> taken, standing_out;  // over a mere line a label can be read
  std::ptrdiff_t wanted = 0;
  const bool on_line = plot.shape == PlotBlock::Shape::kLine;
  for (const PlotBlock::Series& series : plot.series) {
    for (std::size_t i = 0; i < series.y.size(); ++i) {
      if (!frame.shows(series.x[i], series.y[i])) continue;
      const double x = frame.x(series.x[i]), y = frame.y(series.y[i]);
      taken.push_back({x - radius, y - radius, x + radius, y + radius});
      if (!series.labels.empty() && !series.labels[i].empty()) standing_out.push_back(taken.back());
    }
    wanted +=
        std::ssize(series.labels) - std::count(series.labels.begin(), series.labels.end(), "");
  }
  if (wanted > kLabelledPoints) return "";
  std::string svg;
  for (std::size_t s = 0; s < plot.series.size(); ++s) {
    const PlotBlock::Series& series = plot.series[s];
    for (std::size_t i = 0; i < series.labels.size(); ++i) {
      if (series.labels[i].empty() || !frame.shows(series.x[i], series.y[i])) continue;
      Placed at{};
      const Point point{frame.x(series.x[i]), frame.y(series.y[i]), radius, on_line};
      const double width = drawn_width(series.labels[i]);
      if (!find_place(point, width, taken, frame, at) &&
          !(on_line && find_place(point, width, standing_out, frame, at)))
        continue;
      taken.push_back(at.box);
      standing_out.push_back(at.box);
      svg += "<text class=\"label " + std::string(at.anchor) + "\" data-s=\"" + std::to_string(s) +
             "\" x=\"" + coordinate(at.x) + "\" y=\"" + coordinate(at.y) + "\">" +
             escape_markup(series.labels[i]) + "</text>";
    }
  }
  return svg;
}

}  // namespace crossfade
