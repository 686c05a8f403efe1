// One part after the other, each on all threads.
#include "crossfade/data/exploration/explore.h"

#include <algorithm>

namespace crossfade {
namespace {

void name_items(const Domain& domain, DomainExploration& found) {
  for (const char* attribute : {"name", "title"})
    if (const ItemAttribute* names = domain.about.find(attribute))
      found.has_names |= std::holds_alternative<TextAttribute>(names->values);
  for (const ItemCount& count : found.popularity.top) {
    NamedItem& item = found.top_items.emplace_back();
    item.id = domain.items.id_text(count.item);
    if (has_name(domain, count.item)) item.name = item_name(domain, count.item);
    item.events = count.events;
    item.users = count.users;
  }
  if (!found.has_names) return;
  for (std::size_t item = 0; item < found.popularity.events_of_item.size(); ++item)
    if (found.popularity.events_of_item[item] > 0)
      found.items_unnamed += has_name(domain, static_cast<ItemIndex>(item)) ? 0 : 1;
}

DomainSummary summary_of(const Domain& domain, const DomainExploration& found) {
  DomainSummary summary;
  summary.name = domain.name;
  summary.items = domain.items.size();
  summary.active_items = found.popularity.items.size;
  summary.active_users = found.histories.users.size;
  summary.interactions = domain.num_interactions();
  summary.longest_history = found.histories.users.greatest;
  summary.mean_history = found.histories.users.mean();
  if (summary.active_items > 0)
    summary.density = summary.mean_history / static_cast<double>(summary.active_items);
  summary.has_times = !domain.time_ns.empty();
  bool first = true;
  for (std::size_t user = 0; summary.has_times && user + 1 < domain.offsets.size(); ++user) {
    const auto begin = static_cast<std::size_t>(domain.offsets[user]);
    const auto end = static_cast<std::size_t>(domain.offsets[user + 1]);
    if (begin == end) continue;
    const std::int64_t from = domain.time_ns[begin], to = domain.time_ns[end - 1];
    summary.first_ns = first ? from : std::min(summary.first_ns, from);
    summary.last_ns = first ? to : std::max(summary.last_ns, to);
    first = false;
  }
  return summary;
}

bool is_active(const Domain& domain, std::size_t user) {
  return domain.offsets[user + 1] > domain.offsets[user];
}

DomainOverlap overlap_of(const Domain& a, const Domain& b) {
  DomainOverlap overlap{a.name, b.name};
  for (std::size_t user = 0; user + 1 < a.offsets.size(); ++user) {
    overlap.users_of_a += is_active(a, user) ? 1 : 0;
    overlap.users_of_b += is_active(b, user) ? 1 : 0;
    overlap.users_of_both += is_active(a, user) && is_active(b, user) ? 1 : 0;
  }
  return overlap;
}

}  // namespace

Result<Exploration> explore(const Dataset& dataset, const ExploreOptions& options,
                            Context& context) {
  Exploration exploration;
  exploration.users = dataset.num_users();
  exploration.about_users = explore_users(dataset, static_cast<std::size_t>(options.top));
  const std::vector<Domain>& domains = dataset.domains();
  ThreadPool& threads = context.threads;
  for (const Domain& domain : domains) {
    context.progress.begin("exploring " + domain.name, 5, "parts");
    DomainExploration& found = exploration.domains.emplace_back();
    const auto done = [&] {
      context.progress.advance(1);
      return context.check_stop();
    };
    found.time = explore_time(domain, threads);
    CROSSFADE_RETURN_IF_ERROR(done());
    found.histories = explore_histories(domain, options.session_gap_ns, threads);
    CROSSFADE_RETURN_IF_ERROR(done());
    found.popularity = explore_popularity(domain, options.top, threads);
    CROSSFADE_RETURN_IF_ERROR(done());
    found.values = explore_values(domain, threads);
    CROSSFADE_RETURN_IF_ERROR(done());
    found.labels = explore_labels(domain, found.popularity.events_of_item, options.top, threads);
    CROSSFADE_RETURN_IF_ERROR(done());
    found.numbers = explore_numbers(domain.about);
    name_items(domain, found);
    found.summary = summary_of(domain, found);
    context.progress.end();
  }
  for (std::size_t a = 0; a < domains.size(); ++a)
    for (std::size_t b = a + 1; b < domains.size(); ++b)
      exploration.overlaps.push_back(overlap_of(domains[a], domains[b]));
  for (std::size_t user = 0; user < static_cast<std::size_t>(exploration.users); ++user)
    exploration.users_in_all_domains +=
        std::all_of(domains.begin(), domains.end(),
                    [&](const Domain& domain) { return is_active(domain, user); })
            ? 1
            : 0;
  return exploration;
}

}  // namespace crossfade
