// One pass over the lists.
#include "crossfade/cli/most_recommended.h"

#include <algorithm>
#include <numeric>
#include <string>
#include <vector>

#include "crossfade/data/exploration/explore_labels.h"

namespace crossfade {

TableBlock most_recommended(const Candidates& candidates, const Domain& domain, std::size_t top) {
  std::vector<std::int64_t> lists(static_cast<std::size_t>(domain.items.size()));
  for (const ItemIndex item : candidates.items) ++lists[static_cast<std::size_t>(item)];
  std::int64_t filled = 0;
  for (std::int64_t l = 0; l < candidates.num_lists(); ++l) filled += !candidates.list(l).empty();
  std::vector<ItemIndex> order(lists.size());
  std::iota(order.begin(), order.end(), 0);
  top = std::min(top, order.size());
  const auto more = [&](ItemIndex a, ItemIndex b) {
    const std::int64_t of_a = lists[static_cast<std::size_t>(a)];
    const std::int64_t of_b = lists[static_cast<std::size_t>(b)];
    return of_a != of_b ? of_a > of_b : a < b;
  };
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(top), order.end(),
                    more);
  TableBlock table({"item", "name", "in lists", "share of lists"}, "What stands in most lists.");
  for (std::size_t i = 0; i < top; ++i) {
    const std::int64_t in = lists[static_cast<std::size_t>(order[i])];
    if (in == 0) break;
    table.add_row({Cell::text(domain.items.id_text(order[i])),
                   has_name(domain, order[i]) ? Cell::text(item_name(domain, order[i])) : Cell(),
                   Cell::count(in),
                   Cell::percent(static_cast<double>(in) / static_cast<double>(filled))});
  }
  return table;
}

}  // namespace crossfade
