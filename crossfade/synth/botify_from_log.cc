// One pass over the histories.
#include "crossfade/synth/botify_from_log.h"

#include <algorithm>
#include <numeric>
#include <string>

namespace crossfade {

Result<BotifyCut> cut_for_botify(const Domain& domain, std::int64_t tracks,
                                 std::int64_t least_items) {
  std::vector<std::int64_t> counts(static_cast<std::size_t>(domain.items.size()));
  std::vector<ItemIndex> taken;
  for (std::size_t user = 0; user + 1 < domain.offsets.size(); ++user) {
    taken.assign(domain.item.begin() + domain.offsets[user],
                 domain.item.begin() + domain.offsets[user + 1]);
    std::sort(taken.begin(), taken.end());
    taken.erase(std::unique(taken.begin(), taken.end()), taken.end());
    if (static_cast<std::int64_t>(taken.size()) < least_items) continue;
    for (const ItemIndex item : taken) ++counts[static_cast<std::size_t>(item)];
  }
  BotifyCut cut;
  cut.items.resize(counts.size());
  std::iota(cut.items.begin(), cut.items.end(), 0);
  std::erase_if(cut.items,
                [&](ItemIndex item) { return counts[static_cast<std::size_t>(item)] == 0; });
  if (cut.items.empty())
    return data_invalid("no user of " + domain.name + " took " + std::to_string(least_items) +
                        " different items; a world needs some who did (set least_items lower)");
  std::stable_sort(cut.items.begin(), cut.items.end(), [&](ItemIndex a, ItemIndex b) {
    return counts[static_cast<std::size_t>(a)] > counts[static_cast<std::size_t>(b)];
  });
  cut.items.resize(std::min(cut.items.size(), static_cast<std::size_t>(tracks)));
  double sum = 0;
  for (const ItemIndex item : cut.items)
    sum += static_cast<double>(counts[static_cast<std::size_t>(item)]);
  for (const ItemIndex item : cut.items)
    cut.popularity.push_back(static_cast<double>(counts[static_cast<std::size_t>(item)]) / sum);
  return cut;
}

}  // namespace crossfade
