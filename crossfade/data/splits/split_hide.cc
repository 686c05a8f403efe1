// hide:SHARE: each user's last interactions, in proportion to the length of the history, so that
// exactly SHARE of a domain's interactions (rounded) are hidden. This is how a challenge hides a
// part of a known data set: everybody is asked about, and the size of the test is given.
#include <algorithm>
#include <cmath>
#include <utility>

#include "crossfade/base/text.h"
#include "crossfade/data/splits/split_kind.h"

namespace crossfade {
namespace {

// How many of each user's `sizes` are hidden: the whole part of his share, and for the users with
// the largest rest one more until the total is right. One always stays.
std::vector<std::int64_t> hidden_of_users(const std::vector<std::int64_t>& sizes, double share) {
  std::vector<std::int64_t> hidden(sizes.size());
  std::vector<std::pair<double, std::size_t>> rests;
  std::int64_t all = 0, total = 0;
  for (std::size_t user = 0; user < sizes.size(); ++user) {
    const double wanted = share * static_cast<double>(sizes[user]);
    hidden[user] =
        std::min(static_cast<std::int64_t>(wanted), std::max<std::int64_t>(sizes[user] - 1, 0));
    if (hidden[user] < sizes[user] - 1)
      rests.emplace_back(static_cast<double>(hidden[user]) - wanted, user);
    all += sizes[user];
    total += hidden[user];
  }
  const std::int64_t missing =
      static_cast<std::int64_t>(std::llround(share * static_cast<double>(all))) - total;
  const std::size_t more =
      std::min(rests.size(), static_cast<std::size_t>(std::max<std::int64_t>(missing, 0)));
  std::nth_element(rests.begin(), rests.begin() + static_cast<std::ptrdiff_t>(more), rests.end());
  for (std::size_t i = 0; i < more; ++i) ++hidden[rests[i].second];
  return hidden;
}

// Marks the last of each user's first sizes[user] rows, and takes them off the sizes.
void hide(const Domain& domain, double share, Part part, std::vector<std::int64_t>& sizes,
          std::vector<std::uint8_t>& parts) {
  const std::vector<std::int64_t> hidden = hidden_of_users(sizes, share);
  for (std::size_t user = 0; user < sizes.size(); ++user) {
    const auto end = parts.begin() + domain.offsets[user] + sizes[user];
    std::fill(end - hidden[user], end, part);
    sizes[user] -= hidden[user];
  }
}

Result<SplitRule> parse(const std::string& argument) {
  const auto share = parse_double(argument);
  if (!share || !(*share > 0 && *share < 1))
    return usage_error(
        "what follows 'hide:' is the share of all interactions that is test, between 0 and 1 "
        "(hide:0.106)");
  return SplitRule{"",
                   [share](const Dataset& dataset, const SplitOptions& options,
                           Context& context) -> Result<RowParts> {
                     RowParts parts;
                     for (const Domain& domain : dataset.domains()) {
                       CROSSFADE_RETURN_IF_ERROR(context.check_stop());
                       std::vector<std::int64_t> sizes;
                       for (std::size_t u = 0; u + 1 < domain.offsets.size(); ++u)
                         sizes.push_back(domain.offsets[u + 1] - domain.offsets[u]);
                       auto& rows = parts.emplace_back(domain.item.size(), std::uint8_t{kTrain});
                       hide(domain, *share, kTest, sizes, rows);
                       if (options.validation) hide(domain, *share, kValidation, sizes, rows);
                     }
                     return parts;
                   }};
}

}  // namespace

SplitKind hide_split() {
  return {"hide", "hide:0.106", "10.6% of all interactions: every user's last ones, in proportion",
          parse};
}

}  // namespace crossfade
