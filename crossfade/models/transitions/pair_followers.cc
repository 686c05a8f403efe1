// Looking a pair up, and what columns that are read have to fulfil; see pair_followers.h.
#include "crossfade/models/transitions/pair_followers.h"

#include <algorithm>
#include <cmath>

namespace crossfade {
namespace {

// Offsets that begin at 0, never fall and end at `size`.
bool rise_to(const Array<std::int64_t>& offsets, std::size_t size) {
  return !offsets.empty() && offsets[0] == 0 && std::is_sorted(offsets.begin(), offsets.end()) &&
         offsets[offsets.size() - 1] == static_cast<std::int64_t>(size);
}

bool below(const Array<ItemIndex>& items, std::int64_t num_items) {
  return std::all_of(items.begin(), items.end(),
                     [&](ItemIndex item) { return item >= 0 && item < num_items; });
}

}  // namespace

PairFollowers::Row PairFollowers::find(ItemIndex first, ItemIndex second) const {
  if (second < 0 || at(second) + 1 >= pair_offsets.size()) return {};
  const auto begin = firsts.begin() + pair_offsets[at(second)];
  const auto end = firsts.begin() + pair_offsets[at(second) + 1];
  const auto found = std::lower_bound(begin, end, first);
  if (found == end || *found != first) return {};
  const auto pair = static_cast<std::size_t>(found - firsts.begin());
  const std::size_t from = at(offsets[pair]), count = at(offsets[pair + 1]) - from;
  return {items.span().subspan(from, count), scores.span().subspan(from, count)};
}

Status PairFollowers::check(std::int64_t num_items) const {
  const auto refuse = [](const char* what) {
    return data_invalid(std::string("the pairs of this model ") + what + "; train it again");
  };
  if (pair_offsets.size() != at(num_items) + 1 || !rise_to(pair_offsets, firsts.size()) ||
      offsets.size() != firsts.size() + 1 || !rise_to(offsets, items.size()) ||
      items.size() != scores.size())
    return refuse("do not fit their offsets");
  if (!below(firsts, num_items) || !below(items, num_items))
    return refuse("name items that it has not");
  for (std::size_t item = 0; item < at(num_items); ++item)
    if (!std::is_sorted(firsts.begin() + pair_offsets[item],
                        firsts.begin() + pair_offsets[item + 1],
                        [](ItemIndex a, ItemIndex b) { return a <= b; }))
      return refuse("are not in order");
  if (!std::all_of(scores.begin(), scores.end(), [](float s) { return std::isfinite(s) && s > 0; }))
    return refuse("have scores that are no positive numbers");
  return ok_status();
}

}  // namespace crossfade
