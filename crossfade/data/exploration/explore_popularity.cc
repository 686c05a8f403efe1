// One mark per item and thread tells whether the current user had it: a row costs one access.
#include "crossfade/data/exploration/explore_popularity.h"

#include <algorithm>
#include <functional>

namespace crossfade {
namespace {

struct Mark {
  std::int64_t events = 0;
  std::int32_t users = 0;
  UserIndex last_user = kUnknown;
};

struct alignas(64) Tally {
  std::vector<Mark> marks;
  std::int64_t pairs = 0, in_a_row = 0;
};

void tally_user(const Domain& domain, UserIndex user, Tally& tally) {
  const auto begin = static_cast<std::size_t>(domain.offsets[static_cast<std::size_t>(user)]);
  const auto end = static_cast<std::size_t>(domain.offsets[static_cast<std::size_t>(user) + 1]);
  for (std::size_t row = begin; row < end; ++row) {
    const ItemIndex item = domain.item[row];
    Mark& mark = tally.marks[static_cast<std::size_t>(item)];
    ++mark.events;
    if (row > begin && item == domain.item[row - 1]) ++tally.in_a_row;
    if (mark.last_user == user) continue;
    mark.last_user = user;
    ++mark.users;
    ++tally.pairs;
  }
}

std::vector<ItemCount> most_taken(std::vector<ItemCount> items, std::int64_t top) {
  const auto wanted = items.begin() + std::min<std::int64_t>(top, std::ssize(items));
  std::partial_sort(items.begin(), wanted, items.end(), [](const auto& a, const auto& b) {
    return a.events != b.events ? a.events > b.events : a.item < b.item;
  });
  items.erase(wanted, items.end());
  std::erase_if(items, [](const ItemCount& item) { return item.events == 0; });
  return items;
}

// Shares of the most taken and the Gini coefficient, from counts in falling order: with counts x_1
// >= .. >= x_n the coefficient is (n + 1 - 2 * sum_i i * x_i / sum x) / n, turned to rising order.
void measure_concentration(PopularityExploration& found) {
  std::vector<std::int64_t> falling;
  for (const std::int64_t events : found.events_of_item)
    if (events > 0) falling.push_back(events);
  if (falling.empty()) return;
  std::sort(falling.begin(), falling.end(), std::greater<>());
  const auto size = std::ssize(falling);
  const auto all = static_cast<double>(found.items.total);
  const std::int64_t first = std::max<std::int64_t>(1, size / 100);
  const std::int64_t tenth = std::max<std::int64_t>(1, size / 10);
  std::int64_t sum = 0;
  double weighted = 0;
  for (std::int64_t i = 0; i < size; ++i) {
    const std::int64_t events = falling[static_cast<std::size_t>(i)];
    if (2 * sum < found.items.total) found.items_of_half = i + 1;
    sum += events;
    weighted += static_cast<double>(i + 1) * static_cast<double>(events);
    if (i + 1 == first) found.top_1_percent = static_cast<double>(sum) / all;
    if (i + 1 == tenth) found.top_10_percent = static_cast<double>(sum) / all;
  }
  const auto n = static_cast<double>(size);
  found.gini = (n + 1 - 2 * weighted / all) / n;
}

}  // namespace

PopularityExploration explore_popularity(const Domain& domain, std::int64_t top,
                                         ThreadPool& threads) {
  const auto num_items = static_cast<std::size_t>(domain.items.size());
  std::vector<Tally> tallies(static_cast<std::size_t>(threads.num_threads()));
  for (Tally& tally : tallies) tally.marks.resize(num_items);
  threads.parallel_for(static_cast<std::int64_t>(domain.offsets.size()) - 1, 512,
                       [&](std::int64_t begin, std::int64_t end, int worker) {
                         Tally& tally = tallies[static_cast<std::size_t>(worker)];
                         for (std::int64_t user = begin; user < end; ++user)
                           tally_user(domain, static_cast<UserIndex>(user), tally);
                       });
  PopularityExploration found;
  std::vector<ItemCount> items(num_items);
  found.events_of_item.resize(num_items);
  for (std::size_t i = 0; i < num_items; ++i) {
    items[i].item = static_cast<ItemIndex>(i);
    for (const Tally& tally : tallies) {
      items[i].events += tally.marks[i].events;
      items[i].users += tally.marks[i].users;
    }
    found.events_of_item[i] = items[i].events;
  }
  for (const Tally& tally : tallies) {
    found.pairs += tally.pairs;
    found.repeats_in_a_row += tally.in_a_row;
  }
  found.repeats = domain.num_interactions() - found.pairs;
  found.items = distribution_of(found.events_of_item);
  found.top = most_taken(std::move(items), top);
  measure_concentration(found);
  return found;
}

}  // namespace crossfade
