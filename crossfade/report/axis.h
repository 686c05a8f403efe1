// AxisScale: where a value stands on an axis, and which values get a tick.
//
// Ticks are at round numbers: 1, 2 or 5 times a power of ten (linear), powers of ten (logarithmic),
// steps of the calendar in UTC (time). Labels are short: 20k, 1.5M, 12 Mar.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "crossfade/report/document.h"

namespace crossfade {

struct Tick {
  double value = 0;
  std::string label;
};

class AxisScale {
 public:
  using Kind = PlotBlock::Axis;
  // Holds low to high; a linear axis is widened to round numbers, a logarithmic one to powers of
  // ten unless it spans less than one. If the ends are equal, not finite, or (logarithmic) not
  // positive, an axis around them is made up.
  AxisScale(Kind kind, double low, double high);

  Kind kind() const { return kind_; }
  double low() const { return low_; }
  double high() const { return high_; }
  // 0 at the low end, 1 at the high one; beyond them outside [0, 1].
  double position(double value) const;
  // False for NaN, infinities, and what a logarithmic axis has no place for.
  bool shows(double value) const;
  // About `wanted` of them, rising.
  std::vector<Tick> ticks(int wanted) const;

 private:
  void fit_linear();
  void fit_log();
  std::vector<Tick> linear_ticks(int wanted) const;
  std::vector<Tick> log_ticks(int wanted) const;
  std::vector<Tick> time_ticks(int wanted) const;

  Kind kind_;
  double low_, high_;
};

// The least and the greatest of the values that an axis of this kind can show; {NaN, NaN} if none.
struct Extent {
  double low, high;
  void cover(PlotBlock::Axis kind, std::span<const double> values);
};
Extent empty_extent();

// A value in words: "1,234", "0.04567", "2023-01-15" (time).
std::string value_text(PlotBlock::Axis kind, double value);

}  // namespace crossfade
