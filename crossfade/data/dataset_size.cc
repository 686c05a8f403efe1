// Counts per thread, added up: whole numbers, so the order does not matter.
#include "crossfade/data/dataset_size.h"

#include <algorithm>

namespace crossfade {

std::vector<UserIndex> active_users(const Dataset& dataset) {
  std::vector<UserIndex> users;
  for (UserIndex user = 0; user < dataset.num_users(); ++user)
    if (std::any_of(dataset.domains().begin(), dataset.domains().end(),
                    [&](const Domain& domain) { return !domain.history(user).empty(); }))
      users.push_back(user);
  return users;
}

std::vector<std::int64_t> count_items(const Domain& domain, ThreadPool& threads) {
  const auto items = static_cast<std::size_t>(domain.items.size());
  std::vector<std::vector<std::int64_t>> parts(static_cast<std::size_t>(threads.num_threads()));
  threads.parallel_for(
      domain.num_interactions(), 1 << 18, [&](std::int64_t begin, std::int64_t end, int worker) {
        auto& counts = parts[static_cast<std::size_t>(worker)];
        counts.resize(items);
        for (auto row = static_cast<std::size_t>(begin); row < static_cast<std::size_t>(end); ++row)
          ++counts[static_cast<std::size_t>(domain.item[row])];
      });
  std::vector<std::int64_t> counts(items);
  for (const auto& part : parts)
    for (std::size_t item = 0; item < part.size(); ++item) counts[item] += part[item];
  return counts;
}

DatasetSize measure(const Dataset& dataset, ThreadPool& threads) {
  DatasetSize size;
  for (const Domain& domain : dataset.domains()) {
    size.rows += domain.num_interactions();
    const std::vector<std::int64_t> counts = count_items(domain, threads);
    size.items += static_cast<std::int64_t>(counts.size()) -
                  std::count(counts.begin(), counts.end(), std::int64_t{0});
  }
  for (std::size_t user = 0; user < static_cast<std::size_t>(dataset.num_users()); ++user)
    size.users += std::any_of(
        dataset.domains().begin(), dataset.domains().end(),
        [&](const Domain& domain) { return domain.offsets[user] < domain.offsets[user + 1]; });
  return size;
}

Json to_json(const DatasetSize& size) {
  return Json::object().set("rows", size.rows).set("users", size.users).set("items", size.items);
}

}  // namespace crossfade
