// unique:first|last and merge:first|last: one interaction per user and item. unique keeps the first
// or the last one as it is; merge also gives it the sum of the weights, so that a track played
// three times becomes one row of weight 3 at the time of the first or the last play.
#include <algorithm>
#include <utility>

#include "crossfade/base/text.h"
#include "crossfade/data/filters/filter_kind.h"
#include "crossfade/data/select_rows.h"

namespace crossfade {
namespace {

struct Pairs {
  RowMarks marks;
  std::vector<float> weights;  // of the kept rows: the sums over their pairs
};

void take_user(const Domain& domain, bool first, std::size_t begin, std::size_t end, Pairs& pairs) {
  std::vector<std::pair<ItemIndex, std::size_t>> by_item;
  for (std::size_t row = begin; row < end; ++row) by_item.emplace_back(domain.item[row], row);
  std::sort(by_item.begin(), by_item.end());
  for (std::size_t from = 0; from < by_item.size();) {
    std::size_t to = from;
    double sum = 0;
    for (; to < by_item.size() && by_item[to].first == by_item[from].first; ++to)
      sum += static_cast<double>(domain.weight[by_item[to].second]);
    const std::size_t kept = by_item[first ? from : to - 1].second;
    pairs.marks[kept] = 1;
    pairs.weights[kept] = static_cast<float>(sum);
    from = to;
  }
}

Pairs take_pairs(const Domain& domain, bool first, ThreadPool& threads) {
  Pairs pairs{RowMarks(domain.item.size()), std::vector<float>(domain.item.size())};
  for_each_history(domain, threads, [&](std::size_t, std::size_t begin, std::size_t end) {
    take_user(domain, first, begin, end, pairs);
  });
  return pairs;
}

Result<Dataset> apply(const Dataset& dataset, bool first, bool sum, Context& context) {
  std::vector<Domain> domains = dataset.domains();
  std::vector<RowMarks> marks;
  for (Domain& domain : domains) {
    CROSSFADE_RETURN_IF_ERROR(context.check_stop());
    Pairs pairs = take_pairs(domain, first, context.threads);
    marks.push_back(std::move(pairs.marks));
    if (sum) domain.weight = std::move(pairs.weights);
  }
  return select_rows(Dataset(dataset.users(), std::move(domains), dataset.user_attributes()), marks,
                     1, context);
}

Result<Filter> parse(const std::string& name, const std::string& argument, bool sum) {
  if (!argument.empty() && argument != "first" && argument != "last")
    return usage_error("what follows '" + name + ":' is first or last: which time stays (" + name +
                       ":first)");
  const bool first = argument != "last";
  return Filter{"", [first, sum](const Dataset& dataset, const FilterOptions&, Context& context) {
                  return apply(dataset, first, sum, context);
                }};
}

Result<Filter> parse_unique(const std::string& argument) {
  return parse("unique", argument, false);
}

Result<Filter> parse_merge(const std::string& argument) {
  return parse("merge", argument, true);
}

}  // namespace

FilterKind unique_filter() {
  return {"unique", "unique:first", "of each user and item the first (or last) interaction",
          parse_unique};
}

FilterKind merge_filter() {
  return {"merge", "merge:last",
          "of each user and item one interaction, with the sum of weights and the last (or first) "
          "time",
          parse_merge};
}

}  // namespace crossfade
