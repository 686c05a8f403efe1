// One pass over the rows, and a counting sort by item; see plays.h.
#include "crossfade/models/neighbours/plays.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "crossfade/data/stable_scatter.h"

namespace crossfade {

Plays lay_out_plays(const Domain& domain, bool within_sessions) {
  Plays plays;
  for (std::size_t user = 0; user + 1 < domain.offsets.size(); ++user) {
    bool begins = true;
    std::int64_t session = 0;
    for (auto row = at(domain.offsets[user]); row < at(domain.offsets[user + 1]); ++row) {
      if (!(domain.weight[row] > 0)) continue;
      if (within_sessions && !domain.session.empty()) {
        begins = begins || domain.session[row] != session;
        session = domain.session[row];
      }
      plays.items.push_back(domain.item[row]);
      plays.first.push_back(std::exchange(begins, false) ? 1 : 0);
      plays.rows.push_back(static_cast<std::int64_t>(row));
    }
  }
  plays.first.push_back(1);
  return plays;
}

Status check_plays(const std::string& generator, const Domain& domain) {
  if (std::any_of(domain.weight.begin(), domain.weight.end(), [](float w) { return w > 0; }))
    return ok_status();
  return data_invalid("domain " + domain.name + " has no interaction of positive weight, so " +
                      generator + " has no sequences");
}

PlacesOfItems::PlacesOfItems(const Plays& plays, std::int64_t num_items, ThreadPool& threads) {
  const StableScatter by_item(plays.items, num_items, threads);
  offsets_ = by_item.offsets();
  std::vector<std::int64_t> places(plays.items.size());
  std::iota(places.begin(), places.end(), 0);
  places_ = by_item.sort<std::int64_t>(places);
}

}  // namespace crossfade
