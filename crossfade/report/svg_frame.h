// SvgFrame: the box that a plot's marks stand in, with its axes, grid and labels, as SVG.
//
// Colours, fonts and weights of lines are classes of the page's style sheet (page.css), so that the
// same drawing is light or dark.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "crossfade/report/axis.h"
#include "crossfade/report/document.h"

namespace crossfade {

struct PlotSize {
  double width = 760, height = 340;
};

// What 12 px of the page's font need for this text, roughly: wide letters (CJK, emoji) count
// double.
double drawn_width(const std::string& text);
// Cut to about `width`, with an ellipsis, never inside a character.
std::string cut_to_width(const std::string& text, double width);

class SvgFrame {
 public:
  // Of a plot with two axes of numbers.
  SvgFrame(const PlotBlock& plot, PlotSize size);
  // Of bars: `upright` bars stand on the x axis; others lie, one category under the other, and the
  // frame becomes as high as they need.
  SvgFrame(const PlotBlock& plot, PlotSize size, bool upright);

  // Whether the categories of bars can be read under upright ones.
  static bool fits_upright(const PlotBlock& plot, PlotSize size);

  double width() const { return size_.width; }
  double height() const { return size_.height; }
  double left() const { return left_; }
  double right() const { return size_.width - right_margin_; }
  double top() const { return top_; }
  double bottom() const { return size_.height - bottom_margin_; }
  // The scale of numbers: of x, or of the lengths of lying bars; of y, or of upright ones.
  const AxisScale& x_scale() const { return *x_scale_; }
  const AxisScale& y_scale() const { return *y_scale_; }
  double x(double value) const;
  double y(double value) const;
  // Whether a point has a place: no gap, no zero on a logarithmic axis.
  bool shows(double x, double y) const { return x_scale_->shows(x) && y_scale_->shows(y); }
  // The middle and the width of a category's share of its axis.
  double category_middle(std::size_t category) const;
  double category_width() const;

  // Grid, ticks and titles of the axes.
  std::string axes(const PlotBlock& plot) const;

 private:
  void reserve_y_labels();
  void draw_x_ticks(std::string& svg) const;
  void draw_y_ticks(std::string& svg) const;
  void draw_categories(const PlotBlock& plot, std::string& svg) const;

  PlotSize size_;
  double left_ = 16, right_margin_ = 16, top_ = 14, bottom_margin_ = 26;
  bool bars_ = false, upright_ = true;
  std::size_t categories_ = 0;
  std::optional<AxisScale> x_scale_, y_scale_;  // absent where categories stand
};

}  // namespace crossfade
