// Counts a dataset in one pass.
#include "crossfade/data/summary.h"

#include <algorithm>

namespace crossfade {
namespace {

DomainSummary summarize_domain(const Domain& domain) {
  DomainSummary summary;
  summary.name = domain.name;
  summary.items = domain.items.size();
  summary.interactions = domain.num_interactions();
  for (std::size_t user = 0; user + 1 < domain.offsets.size(); ++user) {
    const std::int64_t size = domain.offsets[user + 1] - domain.offsets[user];
    summary.active_users += size > 0 ? 1 : 0;
    summary.longest_history = std::max(summary.longest_history, size);
  }
  std::vector<std::uint8_t> active(static_cast<std::size_t>(domain.items.size()), 0);
  for (const ItemIndex item : domain.item) active[static_cast<std::size_t>(item)] = 1;
  summary.active_items = std::count(active.begin(), active.end(), std::uint8_t{1});
  if (summary.interactions > 0) {
    const auto interactions = static_cast<double>(summary.interactions);
    summary.mean_history = interactions / static_cast<double>(summary.active_users);
    summary.density = summary.mean_history / static_cast<double>(summary.active_items);
  }
  summary.has_times = !domain.time_ns.empty();
  if (summary.has_times) {
    const auto [first, last] = std::minmax_element(domain.time_ns.begin(), domain.time_ns.end());
    summary.first_ns = *first;
    summary.last_ns = *last;
  }
  return summary;
}

}  // namespace

DatasetSummary summarize(const Dataset& dataset) {
  DatasetSummary summary;
  summary.users = dataset.num_users();
  for (const Domain& domain : dataset.domains())
    summary.domains.push_back(summarize_domain(domain));
  for (UserIndex user = 0; user < dataset.num_users(); ++user)
    summary.users_in_all_domains +=
        std::all_of(dataset.domains().begin(), dataset.domains().end(),
                    [&](const Domain& domain) { return !domain.history(user).empty(); });
  return summary;
}

}  // namespace crossfade
