// cap_popular:Q: no item has more interactions than the item at the quantile Q of popularity; of
// those that have more, a seeded draw stays. It takes the loudest voices down without taking them
// out (RePlay's QuantileItemsFilter has the same purpose, and another draw).
#include <algorithm>
#include <cmath>
#include <utility>

#include "crossfade/base/rng.h"
#include "crossfade/base/text.h"
#include "crossfade/data/filters/filter_kind.h"

namespace crossfade {
namespace {

// The count at rank floor(q * (n - 1)) among the n items that have interactions.
std::int64_t quantile_of(const std::vector<std::int64_t>& counts, double q) {
  std::vector<std::int64_t> used;
  std::copy_if(counts.begin(), counts.end(), std::back_inserter(used),
               [](std::int64_t count) { return count > 0; });
  if (used.empty()) return 0;
  const auto at =
      used.begin() + static_cast<std::ptrdiff_t>(q * static_cast<double>(used.size() - 1) + 1e-9);
  std::nth_element(used.begin(), at, used.end());
  return *at;
}

RowMarks draw(const Domain& domain, double q, std::uint64_t seed, ThreadPool& threads) {
  const std::vector<std::int64_t> counts = count_items(domain, threads);
  const std::int64_t most = quantile_of(counts, q);
  std::vector<std::size_t> place(counts.size());  // of a popular item, counted from 1
  std::vector<std::vector<std::pair<std::uint64_t, std::size_t>>> rows;
  for (std::size_t item = 0; item < counts.size(); ++item)
    if (counts[item] > most) {
      place[item] = rows.size() + 1;
      rows.emplace_back().reserve(static_cast<std::size_t>(counts[item]));
    }
  RowMarks marks(domain.item.size(), 1);
  for (std::size_t row = 0; row < domain.item.size(); ++row)
    if (const std::size_t at = place[static_cast<std::size_t>(domain.item[row])]; at > 0)
      rows[at - 1].emplace_back(Rng(seed, row).next(), row);
  threads.parallel_for(static_cast<std::int64_t>(rows.size()), 1,
                       [&](std::int64_t item, std::int64_t, int) {
                         auto& drawn = rows[static_cast<std::size_t>(item)];
                         const auto rest = drawn.begin() + most;
                         std::nth_element(drawn.begin(), rest, drawn.end());
                         for (auto row = rest; row != drawn.end(); ++row) marks[row->second] = 0;
                       });
  return marks;
}

Result<Filter> parse(const std::string& argument) {
  const auto q = parse_double(argument);
  if (!q || !(*q > 0 && *q < 1))
    return usage_error(
        "what follows 'cap_popular:' is a quantile of the items' popularity, between 0 and 1 "
        "(cap_popular:0.99)");
  return row_filter([q](const Domain& domain, const FilterOptions& options,
                        Context& context) -> Result<RowMarks> {
    return draw(domain, *q, options.seed, context.threads);
  });
}

}  // namespace

FilterKind cap_popular_filter() {
  return {"cap_popular", "cap_popular:0.99",
          "of the 1% most popular items only as much as the next one has, drawn by the seed",
          parse};
}

}  // namespace crossfade
