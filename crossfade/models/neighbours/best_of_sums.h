// From sums per item to an answer: what every model does at the end that scores few of all items.
#pragma once

#include <algorithm>
#include <vector>

#include "crossfade/models/model.h"
#include "crossfade/models/neighbours/best_of_row.h"
#include "crossfade/models/neighbours/sums.h"
#include "crossfade/models/scored.h"

namespace crossfade {

// The k best of positive sums, without what is hidden and (unless asked for) what was met; all sums
// are zero then. Sums are of items below `num_items`.
template <class Sums>
std::vector<ScoredItem> best_of_sums(const History& history, std::int64_t num_items,
                                     const RecommendOptions& options, Sums& sums) {
  if (!options.keep_seen)
    for (const ItemIndex item : history.items)
      if (item >= 0 && item < num_items) sums.drop(item);
  BestOfRow best(std::min(options.k, num_items));
  sums.take([&](ItemIndex item, float score) {
    const auto at = static_cast<std::size_t>(item);
    if (best.would_keep(score) && !(at < options.hidden.size() && options.hidden[at] != 0))
      best.keep(item, score);
  });
  return options.k < 1 ? std::vector<ScoredItem>() : best.take();
}

// A batch answered by sums over the items, of which every thread has one set.
template <class Answer>
Result<Candidates> answer_each_by_sums(const Model& model, std::span<const UserView> views,
                                       std::size_t domain_index, Context& context,
                                       const Answer& answer) {
  std::vector<DenseSums> sums(static_cast<std::size_t>(context.threads.num_threads()),
                              DenseSums(model.num_items()));
  return answer_each(views, model.name(), context, [&](const UserView& view, int worker) {
    return answer(history_of(view, domain_index), sums[static_cast<std::size_t>(worker)]);
  });
}

}  // namespace crossfade
