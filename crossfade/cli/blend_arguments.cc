// Options become knobs of the blend, so that their ranges are written once.
#include "crossfade/cli/blend_arguments.h"

#include "crossfade/base/text.h"

namespace crossfade {

void BlendArguments::declare(Arguments& arguments, const std::string& what) {
  arguments.option("--by", by, "reciprocal_rank, scores, quota or interleave");
  arguments.option("--weight", weights,
                   "of a " + what + ", once for each in their order; all 1 if not given");
  arguments.option("--depth", depth, "items that each " + what + " gives, if --k is not more");
  arguments.option("--rank-constant", rank_constant,
                   "of reciprocal_rank: weight / (constant + place) is added up");
}

Result<BlendConfig> BlendArguments::config() const {
  BlendConfig config;
  CROSSFADE_RETURN_IF_ERROR(apply_settings(
      config, "blend",
      {"by=" + by, "depth=" + std::to_string(depth), "rank_constant=" + rank_constant}));
  return config;
}

Result<std::vector<double>> BlendArguments::weights_of(std::size_t lists) const {
  if (weights.empty()) return std::vector<double>(lists, 1.0);
  if (weights.size() != lists)
    return usage_error("--weight is given " + std::to_string(weights.size()) + " times for " +
                       std::to_string(lists) + " lists; give it once for each, in their order");
  std::vector<double> numbers;
  for (const std::string& text : weights) {
    const auto number = parse_double(text);
    if (!number) return usage_error("--weight is a number; '" + text + "' is not");
    numbers.push_back(*number);
  }
  return numbers;
}

}  // namespace crossfade
