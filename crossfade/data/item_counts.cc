// Items are cut into blocks; a first pass counts the pairs of each item, so that the second knows
// where each block writes.
#include "crossfade/data/item_counts.h"

#include <limits>
#include <utility>

#include "crossfade/data/stable_scatter.h"

namespace crossfade {
namespace {

constexpr std::int64_t kItemsPerBlock = 256;

std::size_t at(std::int64_t index) {
  return static_cast<std::size_t>(index);
}

// Calls visit(user, count) for each user of an item.
template <class Visit>
void for_each_user(const ItemMajor& rows, std::int64_t item, const Visit& visit) {
  const UserIndex* row = rows.users.data() + rows.offsets[at(item)];
  const UserIndex* end = rows.users.data() + rows.offsets[at(item) + 1];
  while (row != end) {
    const UserIndex* first = row;
    while (row != end && *row == *first) ++row;
    visit(*first, row - first);
  }
}

std::int64_t distinct_users(const ItemMajor& rows, std::int64_t item) {
  const UserIndex* row = rows.users.data() + rows.offsets[at(item)];
  const UserIndex* end = rows.users.data() + rows.offsets[at(item) + 1];
  if (row == end) return 0;
  std::int64_t users = 1;
  for (++row; row != end; ++row) users += row[0] != row[-1];
  return users;
}

}  // namespace

ItemMajor item_major(const Domain& domain, std::int64_t num_items, ThreadPool& threads) {
  if (!domain.item_offsets.empty()) return {domain.item_offsets, domain.item_user};
  std::vector<UserIndex> users(domain.item.size());
  threads.parallel_for(
      std::ssize(domain.offsets) - 1, 4096, [&](std::int64_t begin, std::int64_t end, int) {
        for (std::int64_t user = begin; user < end; ++user)
          std::fill(users.begin() + domain.offsets[at(user)],
                    users.begin() + domain.offsets[at(user) + 1], static_cast<UserIndex>(user));
      });
  const StableScatter by_item(domain.item, num_items, threads);
  return {by_item.offsets(), by_item.sort<UserIndex>(users)};
}

ItemCounts count_plays(const Domain& domain, ThreadPool& threads) {
  const ItemMajor rows = item_major(domain, domain.items.size(), threads);
  const std::int64_t items = domain.items.size();
  ItemCounts counts;
  counts.plays.resize(at(items));
  counts.users.resize(at(items));
  threads.parallel_for(items, kItemsPerBlock, [&](std::int64_t begin, std::int64_t end, int) {
    for (std::int64_t item = begin; item < end; ++item) {
      counts.plays[at(item)] = rows.offsets[at(item) + 1] - rows.offsets[at(item)];
      counts.users[at(item)] = distinct_users(rows, item);
    }
  });
  return counts;
}

PairCounts count_pairs(const Domain& domain, ThreadPool& threads) {
  const ItemMajor rows = item_major(domain, domain.items.size(), threads);
  const std::int64_t items = domain.items.size();
  PairCounts pairs;
  pairs.offsets.assign(at(items) + 1, 0);
  threads.parallel_for(items, kItemsPerBlock, [&](std::int64_t begin, std::int64_t end, int) {
    for (std::int64_t item = begin; item < end; ++item)
      pairs.offsets[at(item) + 1] = distinct_users(rows, item);
  });
  for (std::size_t item = 1; item < pairs.offsets.size(); ++item)
    pairs.offsets[item] += pairs.offsets[item - 1];
  pairs.users.resize(at(pairs.offsets.back()));
  pairs.counts.resize(pairs.users.size());
  threads.parallel_for(items, kItemsPerBlock, [&](std::int64_t begin, std::int64_t end, int) {
    std::size_t place = at(pairs.offsets[at(begin)]);
    for (std::int64_t item = begin; item < end; ++item)
      for_each_user(rows, item, [&](UserIndex user, std::int64_t count) {
        pairs.users[place] = user;
        pairs.counts[place++] = static_cast<std::int32_t>(
            std::min<std::int64_t>(count, std::numeric_limits<std::int32_t>::max()));
      });
  });
  return pairs;
}

}  // namespace crossfade
