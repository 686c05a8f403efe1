// Users are cut into as many blocks as there are threads; integer sums do not depend on the cut.
#include "crossfade/evaluation/train_counts.h"

#include <algorithm>
#include <cmath>

namespace crossfade {

std::int64_t TrainCounts::num_items() const {
  return std::count_if(users_of_item.begin(), users_of_item.end(),
                       [](std::int64_t users) { return users > 0; });
}

SelfInformation::SelfInformation(const TrainCounts& train) : bits_(train.users_of_item.size() + 1) {
  if (train.num_users == 0) return;
  for (std::size_t i = 0; i < bits_.size(); ++i) {
    const std::int64_t users =
        train.is_cold(static_cast<ItemIndex>(i)) ? 1 : train.users_of_item[i];
    bits_[i] = -std::log2(static_cast<double>(users) / static_cast<double>(train.num_users));
  }
}

double SelfInformation::sum_bits(std::span<const ItemIndex> items) const {
  double sum = 0;
  for (const ItemIndex item : items) sum += bits(item);
  return sum;
}

TrainCounts count_train(const Domain& domain, ThreadPool& threads) {
  const auto num_items = static_cast<std::size_t>(domain.items.size());
  const auto num_users = static_cast<std::int64_t>(domain.offsets.size()) - 1;
  TrainCounts total;
  total.users_of_item.assign(num_items, 0);
  const std::int64_t grain = std::max<std::int64_t>(1, num_users / threads.num_threads() + 1);
  const auto count_block = [&](std::int64_t begin, std::int64_t end) {
    TrainCounts counts;
    counts.users_of_item.assign(num_items, 0);
    std::vector<UserIndex> last_user(num_items, kUnknown);
    for (std::int64_t u = begin; u < end; ++u) {
      const auto at = static_cast<std::size_t>(u);
      counts.num_users += domain.offsets[at] < domain.offsets[at + 1] ? 1 : 0;
      for (std::int64_t row = domain.offsets[at]; row < domain.offsets[at + 1]; ++row) {
        const auto item = static_cast<std::size_t>(domain.item[static_cast<std::size_t>(row)]);
        if (last_user[item] == u) continue;
        last_user[item] = static_cast<UserIndex>(u);
        ++counts.users_of_item[item];
      }
    }
    return counts;
  };
  return threads.map_reduce(num_users, grain, std::move(total), count_block,
                            [](TrainCounts& sum, const TrainCounts& part) {
                              sum.num_users += part.num_users;
                              for (std::size_t i = 0; i < part.users_of_item.size(); ++i)
                                sum.users_of_item[i] += part.users_of_item[i];
                            });
}

}  // namespace crossfade
