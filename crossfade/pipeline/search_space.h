// SearchSpace: where tuning looks, made of the ranges that stand at a model's knobs.
//
// Inside, every number lies in [0, 1] on its own scale (linear or logarithmic), and a choice is its
// index; outside are settings as `train --set` takes them. Numbers are rounded to three digits, so
// that what was tried is what stands in the table.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "crossfade/base/knobs.h"

namespace crossfade {

// One entry per dimension.
using SearchPoint = std::vector<double>;

struct SearchDimension {
  KnobInfo knob;
  bool is_choice() const { return !options.empty(); }
  std::vector<std::string> options;  // of a choice, or of yes and no

  // What the settings ("factors=64") say of this knob, else its default.
  std::string text_in(const std::vector<std::string>& settings) const;
};

// The knob that costs time in proportion: a try may be judged with less of it first.
struct EffortKnob {
  std::string name;
  double low = 1, top = 1;
};

// Knobs with other ranges than their own: "kind_1=0.1..30", on a logarithmic scale where the range
// lies above 0. Errors (usage): no such knob, one that is no number, a range that makes no sense or
// goes beyond what the knob may be.
Result<std::vector<KnobInfo>> with_ranges(const std::string& owner, std::vector<KnobInfo> knobs,
                                          const std::vector<std::string>& ranges);

class SearchSpace {
 public:
  // Knobs named in `fixed` ("factors=64") are not searched. Errors (usage): an unknown or wrong
  // setting; nothing is left to search.
  static Result<SearchSpace> make(const std::string& owner, const std::vector<KnobInfo>& knobs,
                                  const std::vector<std::string>& fixed);

  const std::vector<SearchDimension>& dimensions() const { return dimensions_; }
  const std::optional<EffortKnob>& effort() const { return effort_; }

  // "factors=64", one per dimension; without the fixed ones.
  std::vector<std::string> settings(const SearchPoint& point) const;
  // The place of settings that this space made, or of the defaults for none; numbers outside the
  // searched range are drawn to its end.
  SearchPoint point(const std::vector<std::string>& settings) const;

 private:
  std::vector<SearchDimension> dimensions_;
  std::optional<EffortKnob> effort_;
};

}  // namespace crossfade
