// min_weight:X, cap_weight:X, set_weight:X and weigh:KIND=X: by the weight of an interaction, be it
// a rating, the length of a play or a number of plays; and weights written anew, before merge sums
// them.
#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "crossfade/base/text.h"
#include "crossfade/data/filters/filter_kind.h"

namespace crossfade {
namespace {

// A finite number that is not negative, or nothing.
std::optional<float> parse_weight(const std::string& text) {
  const auto number = parse_double(text);
  if (!number || !(*number >= 0) || !std::isfinite(static_cast<float>(*number)))
    return std::nullopt;
  return static_cast<float>(*number);
}

Result<Filter> parse_min(const std::string& argument) {
  const auto least = parse_weight(argument);
  if (!least)
    return usage_error(
        "what follows 'min_weight:' is the least weight that stays, 0 or more (min_weight:4)");
  return row_filter([least](const Domain& domain, const FilterOptions&,
                            Context& context) -> Result<RowMarks> {
    return mark_rows(domain, context.threads,
                     [&](std::size_t, std::size_t row) { return domain.weight[row] >= *least; });
  });
}

Result<Filter> parse_set(const std::string& argument) {
  const auto weight = parse_weight(argument);
  if (!weight)
    return usage_error(
        "what follows 'set_weight:' is the weight that every interaction gets (set_weight:1)");
  return weight_filter([weight](const Domain& domain, Context&) -> Result<std::vector<float>> {
    return std::vector<float>(domain.weight.size(), *weight);
  });
}

using WeightOfKind = std::array<std::optional<float>, 256>;

Result<std::vector<float>> weights_by_kind(const Domain& domain, const WeightOfKind& of_kind) {
  CROSSFADE_RETURN_IF_ERROR(need_kinds(domain));
  std::vector<float> weights(domain.weight.begin(), domain.weight.end());
  for (std::size_t row = 0; row < weights.size(); ++row)
    weights[row] = of_kind[domain.kind[row]].value_or(weights[row]);
  return weights;
}

// "0=1,2=5", or nothing.
std::optional<WeightOfKind> parse_weights_of_kinds(const std::string& argument) {
  WeightOfKind of_kind;
  for (const std::string& part : split(argument, ',')) {
    const std::vector<std::string> sides = split(part, '=');
    if (sides.size() != 2) return std::nullopt;
    const auto kind = parse_from(sides[0], 0);
    const auto weight = parse_weight(sides[1]);
    if (!kind || *kind > 255 || !weight) return std::nullopt;
    of_kind[static_cast<std::size_t>(*kind)] = weight;
  }
  return of_kind;
}

Result<Filter> parse_weigh(const std::string& argument) {
  const auto of_kind = parse_weights_of_kinds(argument);
  if (!of_kind)
    return usage_error(
        "what follows 'weigh:' is a weight per kind of event, separated by commas, as in "
        "weigh:0=1,2=5; other kinds keep their weights");
  return weight_filter(
      [of_kind](const Domain& domain, Context&) { return weights_by_kind(domain, *of_kind); });
}

Result<Filter> parse_cap(const std::string& argument) {
  const auto most = parse_weight(argument);
  const auto of_kind = parse_weights_of_kinds(argument);
  if (!most && !of_kind)
    return usage_error(
        "what follows 'cap_weight:' is the largest weight, to which larger ones are set "
        "(cap_weight:9), or one per kind of event (cap_weight:0=1,2=5)");
  return weight_filter(
      [most, of_kind](const Domain& domain, Context&) -> Result<std::vector<float>> {
        if (!most) CROSSFADE_RETURN_IF_ERROR(need_kinds(domain));
        std::vector<float> weights(domain.weight.begin(), domain.weight.end());
        for (std::size_t row = 0; row < weights.size(); ++row) {
          const auto cap = most ? most : (*of_kind)[domain.kind[row]];
          weights[row] = std::min(weights[row], cap.value_or(weights[row]));
        }
        return weights;
      });
}

}  // namespace

FilterKind min_weight_filter() {
  return {"min_weight", "min_weight:4",
          "interactions of weight 4 or more: good ratings, long plays", parse_min};
}

FilterKind cap_weight_filter() {
  return {"cap_weight", "cap_weight:9", "all; weights above 9 become 9", parse_cap};
}

FilterKind set_weight_filter() {
  return {"set_weight", "set_weight:1", "all; every weight becomes 1", parse_set};
}

FilterKind weigh_filter() {
  return {"weigh", "weigh:0=1,2=5", "all; weights are set by the kind of event", parse_weigh};
}

}  // namespace crossfade
