// Item by item over its plays and what stands around each; see sequence_pairs.h.
#include "crossfade/models/neighbours/sequence_pairs.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "crossfade/base/at.h"
#include "crossfade/models/neighbours/best_of_row.h"
#include "crossfade/models/neighbours/plays.h"
#include "crossfade/models/neighbours/sums.h"

namespace crossfade {
namespace {

constexpr std::int64_t kItemsPerTask = 64;

class Pairer {
 public:
  Pairer(const Domain& domain, const SequencePairs& pairs, ThreadPool& threads)
      : domain_(domain),
        pairs_(pairs),
        plays_(lay_out_plays(domain, pairs.within_sessions)),
        where_(plays_, domain.items.size(), threads) {}

  std::vector<ScoredItem> row(ItemIndex item, DenseSums& sums) const {
    const std::span<const std::int64_t> places = where_.of(item);
    sums.expect(places.size() * (pairs_.after.size() + pairs_.before.size()));
    for (const std::int64_t place : places) add_around(at(place), sums);
    std::vector<ItemIndex> others;
    std::vector<float> scores;
    sums.take([&](ItemIndex other, float sum) {
      if ((other == item && !pairs_.itself) || !pairs_.targets.has(other)) return;
      others.push_back(other);
      scores.push_back(sum);
    });
    if (pairs_.score) pairs_.score(item, others, scores);
    BestOfRow best(pairs_.neighbours);
    for (std::size_t n = 0; n < others.size(); ++n) best.offer(others[n], scores[n]);
    return best.take();
  }

 private:
  void add_around(std::size_t place, DenseSums& sums) const {
    for (std::size_t d = 1; d <= pairs_.after.size() && plays_.first[place + d] == 0; ++d)
      add(place, place + d, pairs_.after[d - 1], sums);
    for (std::size_t d = 1; d <= pairs_.before.size() && plays_.first[place - d + 1] == 0; ++d)
      add(place, place - d, pairs_.before[d - 1], sums);
  }

  void add(std::size_t from, std::size_t to, float share, DenseSums& sums) const {
    if (pairs_.half_life_s > 0) {
      const auto gap = static_cast<double>(domain_.time_ns[at(plays_.rows[to])] -
                                           domain_.time_ns[at(plays_.rows[from])]);
      share *= static_cast<float>(std::exp2(-std::abs(gap) * 1e-9 / pairs_.half_life_s));
    }
    if (!pairs_.first.empty()) share *= pairs_.first[at(plays_.rows[from])];
    if (!pairs_.second.empty()) share *= pairs_.second[at(plays_.rows[to])];
    sums.add(plays_.items[to], share);
  }

  const Domain& domain_;
  const SequencePairs& pairs_;
  Plays plays_;
  PlacesOfItems where_;
};

}  // namespace

Result<ItemNeighbours> sum_pairs(const Domain& domain, const SequencePairs& pairs,
                                 Context& context) {
  if (pairs.half_life_s > 0 && domain.time_ns.empty() && !domain.item.empty())
    return usage_error("a half life between plays needs times, and domain " + domain.name +
                       " has none; set it to 0 or import the log with its times");
  const std::int64_t num_items = domain.items.size();
  context.progress.begin(pairs.what, num_items, "items");
  const Pairer pairer(domain, pairs, context.threads);
  std::vector<DenseSums> sums(at(context.threads.num_threads()), DenseSums(num_items));
  std::vector<std::vector<ScoredItem>> lists(at(num_items));
  context.threads.parallel_for(
      num_items, kItemsPerTask, [&](std::int64_t begin, std::int64_t end, int worker) {
        if (context.stop.load()) return;
        for (std::int64_t item = begin; item < end; ++item)
          lists[at(item)] = pairer.row(static_cast<ItemIndex>(item), sums[at(worker)]);
        context.progress.advance(end - begin);
      });
  context.progress.end();
  CROSSFADE_RETURN_IF_ERROR(context.check_stop());
  return ItemNeighbours::of(lists);
}

}  // namespace crossfade
