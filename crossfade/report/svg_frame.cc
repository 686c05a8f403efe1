// Margins follow from the labels that have to fit into them.
#include "crossfade/report/svg_frame.h"

#include <algorithm>
#include <cmath>

#include "crossfade/report/markup.h"

namespace crossfade {
namespace {

using Axis = PlotBlock::Axis;

constexpr double kTitleHeight = 20, kLabelGap = 8, kNarrowestCharacter = 6.6;

// The first byte of each character tells how long and, roughly, how wide it is.
struct Character {
  std::size_t bytes;
  double width;
};
Character character_at(const std::string& text, std::size_t at) {
  const auto lead = static_cast<unsigned char>(text[at]);
  std::size_t bytes = 1;
  while (at + bytes < text.size() && (static_cast<unsigned char>(text[at + bytes]) & 0xC0) == 0x80)
    ++bytes;
  const bool wide = lead >= 0xE3;  // from U+3000 on: kana, CJK, emoji
  return {bytes, wide ? 2 * kNarrowestCharacter : kNarrowestCharacter};
}

Extent value_extent(const PlotBlock& plot) {
  Extent extent = empty_extent();
  for (const PlotBlock::Series& series : plot.series) {
    extent.cover(plot.y_axis, series.y);
    extent.cover(plot.y_axis, series.low);
    extent.cover(plot.y_axis, series.high);
  }
  // Lengths of bars mean something only from 0 on; lines and points may float if 0 is far away.
  const bool bars = plot.shape == PlotBlock::Shape::kBars;
  const double near = plot.shape == PlotBlock::Shape::kLine ? 0.6 : 0.25;
  if (plot.y_axis == Axis::kLinear) {
    if (extent.low > 0 && (bars || plot.y_from_zero || extent.low < near * extent.high))
      extent.low = 0;
    if (extent.high < 0 && bars) extent.high = 0;
  }
  // A bar at the low end of a logarithmic axis would have no length.
  if (plot.y_axis == Axis::kLog && bars) extent.low *= 0.7;
  return extent;
}

AxisScale x_scale_of(const PlotBlock& plot) {
  Extent extent = empty_extent();
  for (const PlotBlock::Series& series : plot.series) extent.cover(plot.x_axis, series.x);
  return {plot.x_axis, extent.low, extent.high};
}

AxisScale y_scale_of(const PlotBlock& plot) {
  const Extent extent = value_extent(plot);
  return {plot.y_axis, extent.low, extent.high};
}

std::string text_at(double x, double y, const char* classes, const std::string& text) {
  return "<text x=\"" + coordinate(x) + "\" y=\"" + coordinate(y) + "\" class=\"" + classes +
         "\">" + escape_markup(text) + "</text>";
}

std::string line_at(double x1, double y1, double x2, double y2, const char* classes) {
  return "<line x1=\"" + coordinate(x1) + "\" y1=\"" + coordinate(y1) + "\" x2=\"" +
         coordinate(x2) + "\" y2=\"" + coordinate(y2) + "\" class=\"" + classes + "\"/>";
}

double widest_category(const PlotBlock& plot) {
  double widest = 0;
  for (const std::string& category : plot.categories)
    widest = std::max(widest, drawn_width(category));
  return widest;
}

}  // namespace

double drawn_width(const std::string& text) {
  double width = 0;
  for (std::size_t at = 0; at < text.size();) {
    const Character character = character_at(text, at);
    width += character.width;
    at += character.bytes;
  }
  return width;
}

std::string cut_to_width(const std::string& text, double width) {
  if (drawn_width(text) <= width) return text;
  double used = 2 * kNarrowestCharacter;
  std::size_t at = 0;
  while (at < text.size()) {
    const Character character = character_at(text, at);
    if (used + character.width > width) break;
    used += character.width;
    at += character.bytes;
  }
  return text.substr(0, at) + "\xE2\x80\xA6";
}

SvgFrame::SvgFrame(const PlotBlock& plot, PlotSize size)
    : size_(size), x_scale_(x_scale_of(plot)), y_scale_(y_scale_of(plot)) {
  if (!plot.y_label.empty()) top_ += kTitleHeight;
  if (!plot.x_label.empty()) bottom_margin_ += kTitleHeight;
  reserve_y_labels();
}

SvgFrame::SvgFrame(const PlotBlock& plot, PlotSize size, bool upright)
    : size_(size), bars_(true), upright_(upright), categories_(plot.categories.size()) {
  if (upright) {
    y_scale_ = y_scale_of(plot);
    if (!plot.y_label.empty()) top_ += kTitleHeight;
    if (!plot.x_label.empty()) bottom_margin_ += kTitleHeight;
    reserve_y_labels();
    return;
  }
  x_scale_ = y_scale_of(plot);
  right_margin_ = plot.series.size() == 1 ? 72 : 28;  // room for the value behind each bar
  left_ = std::min(widest_category(plot), size.width * 0.42) + 2 * kLabelGap;
  if (!plot.y_label.empty()) bottom_margin_ += kTitleHeight;
  const double per_category =
      10 + 13 * static_cast<double>(std::max<std::size_t>(1, plot.series.size()));
  size_.height = top_ + bottom_margin_ + per_category * static_cast<double>(categories_);
}

bool SvgFrame::fits_upright(const PlotBlock& plot, PlotSize size) {
  const auto count = static_cast<double>(std::max<std::size_t>(1, plot.categories.size()));
  const double each = (size.width - 80) / count, widest = widest_category(plot);
  const bool thinned =
      widest <= 8 * kNarrowestCharacter && each >= 2.5;  // every n-th gets its name
  return widest + kLabelGap <= each || thinned;
}

void SvgFrame::reserve_y_labels() {
  double widest = 0;
  for (const Tick& tick : y_scale_->ticks(6)) widest = std::max(widest, drawn_width(tick.label));
  left_ = widest + 2 * kLabelGap;
}

double SvgFrame::x(double value) const {
  return left() + x_scale_->position(value) * (right() - left());
}

double SvgFrame::y(double value) const {
  return bottom() - y_scale_->position(value) * (bottom() - top());
}

double SvgFrame::category_width() const {
  const double room = upright_ ? right() - left() : bottom() - top();
  return room / static_cast<double>(std::max<std::size_t>(1, categories_));
}

double SvgFrame::category_middle(std::size_t category) const {
  return (upright_ ? left() : top()) + category_width() * (static_cast<double>(category) + 0.5);
}

void SvgFrame::draw_x_ticks(std::string& svg) const {
  const int wanted = std::max(2, static_cast<int>((right() - left()) / 85));
  for (const Tick& tick : x_scale_->ticks(wanted)) {
    const double at = x(tick.value), half = drawn_width(tick.label) / 2;
    svg += line_at(at, top(), at, bottom(), "grid");
    const double middle = std::clamp(at, half, std::max(half, width() - half));
    svg += text_at(middle, bottom() + 18, "tick mid", tick.label);
  }
}

void SvgFrame::draw_y_ticks(std::string& svg) const {
  for (const Tick& tick : y_scale_->ticks(6)) {
    const double at = y(tick.value);
    svg += line_at(left(), at, right(), at, "grid");
    svg += text_at(left() - kLabelGap, at + 4, "tick end", tick.label);
  }
}

void SvgFrame::draw_categories(const PlotBlock& plot, std::string& svg) const {
  std::size_t every = 1;
  if (upright_) {
    const double needed = widest_category(plot) + kLabelGap;
    every = static_cast<std::size_t>(std::max(1.0, std::ceil(needed / category_width())));
  }
  for (std::size_t c = 0; c < plot.categories.size(); c += every) {
    const double middle = category_middle(c);
    if (upright_)
      svg += text_at(middle, bottom() + 18, "tick mid", plot.categories[c]);
    else
      svg += text_at(left() - kLabelGap, middle + 4, "tick end",
                     cut_to_width(plot.categories[c], left() - kLabelGap));
  }
}

std::string SvgFrame::axes(const PlotBlock& plot) const {
  std::string svg = "<g aria-hidden=\"true\">";
  if (x_scale_) draw_x_ticks(svg);
  if (y_scale_) draw_y_ticks(svg);
  if (bars_) draw_categories(plot, svg);
  if (upright_)
    svg += line_at(left(), bottom(), right(), bottom(), "axis");
  else
    svg += line_at(left(), top(), left(), bottom(), "axis");
  // Lying bars have their lengths, y, along the bottom.
  const std::string& along = bars_ && !upright_ ? plot.y_label : plot.x_label;
  if (!along.empty()) svg += text_at((left() + right()) / 2, height() - 8, "name mid", along);
  if (upright_ && !plot.y_label.empty()) svg += text_at(2, 14, "name", plot.y_label);
  return svg + "</g>";
}

}  // namespace crossfade
