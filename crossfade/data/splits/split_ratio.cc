// ratio:SHARE: a seeded draw from each user's interactions, for logs whose order means nothing; or
// (ratio:SHARE,late) each user's latest ones, as in RePlay's RatioSplitter.
#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "crossfade/base/text.h"
#include "crossfade/data/splits/split_kind.h"

namespace crossfade {
namespace {

// Puts rows in the order in which they are held out: the latest first, or by the first steps of a
// Fisher-Yates shuffle, of which `drawn` are needed.
std::vector<std::size_t> order(UserRows& rows, bool late, std::size_t drawn) {
  std::vector<std::size_t> places(rows.parts.size());
  std::iota(places.begin(), places.end(), std::size_t{0});
  if (late)
    std::reverse(places.begin(), places.end());
  else
    for (std::size_t i = 0; i < drawn; ++i)
      std::swap(places[i], places[i + rows.rng.below(places.size() - i)]);
  return places;
}

Result<SplitRule> parse(const std::string& argument) {
  const std::size_t comma = argument.find(',');
  const auto share = parse_double(argument.substr(0, comma));
  const bool late = comma != std::string::npos;
  if (!share || !(*share > 0 && *share < 1) || (late && argument.substr(comma) != ",late"))
    return usage_error(
        "what follows 'ratio:' is the share of each user's interactions that is "
        "not test, between 0 and 1 (ratio:0.8); with ',late' the latest are test instead of a "
        "draw (ratio:0.8,late)");
  return rule_per_user(nullptr, [share, late](UserRows& rows, const SplitOptions& options) {
    const std::size_t test = held_out(rows.parts.size(), *share);
    const std::size_t validation =
        options.validation ? held_out(rows.parts.size() - test, *share) : 0;
    const std::vector<std::size_t> places = order(rows, late, test + validation);
    for (std::size_t i = 0; i < test + validation; ++i)
      rows.parts[places[i]] = i < test ? kTest : kValidation;
  });
}

}  // namespace

std::size_t held_out(std::size_t size, double share) {
  if (size == 0) return 0;
  const auto held =
      static_cast<std::size_t>(std::floor(static_cast<double>(size) * (1 - share) + 1e-9));
  return std::min(held, size - 1);
}

SplitKind ratio_split() {
  return {"ratio", "ratio:0.8",
          "20% of every user's interactions in every domain, drawn by the seed, or the latest "
          "(ratio:0.8,late)",
          parse};
}

}  // namespace crossfade
