// FilterKind: what the file of a filter defines and the list in filter.cc names; and the two shapes
// that nearly all filters have.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "crossfade/data/filters/filter.h"
#include "crossfade/data/for_each_history.h"

namespace crossfade {

struct FilterKind {
  std::string name;     // before the colon: "kcore"
  std::string example;  // "kcore:5"
  std::string help;     // half a sentence: what stays
  // From what stands after the colon, "" if there is none. The error says what that may be.
  Result<Filter> (*parse)(const std::string& argument) = nullptr;
};

FilterKind active_users_filter();
FilterKind cap_popular_filter();
FilterKind cap_weight_filter();
FilterKind drop_kinds_filter();
FilterKind first_filter();
FilterKind history_filter();
FilterKind kcore_filter();
FilterKind keep_kinds_filter();
FilterKind last_filter();
FilterKind merge_filter();
FilterKind min_items_filter();
FilterKind min_users_filter();
FilterKind min_weight_filter();
FilterKind period_filter();
FilterKind recent_filter();
FilterKind repeats_filter();
FilterKind sample_users_filter();
FilterKind set_weight_filter();
FilterKind strongest_filter();
FilterKind unique_filter();
FilterKind user_recent_filter();
FilterKind weigh_filter();

// 1 for every row of a domain that stays, 0 for the others.
using RowMarks = std::vector<std::uint8_t>;

// The filter that keeps, of each domain, the rows that `marks` marks.
Filter row_filter(
    std::function<Result<RowMarks>(const Domain&, const FilterOptions&, Context&)> marks);
// The filter that writes the weights of each domain anew; users, items and rows stay.
Filter weight_filter(std::function<Result<std::vector<float>>(const Domain&, Context&)> weights);

// Marks for the rows of which keep(user, row) is true.
template <class Keep>
RowMarks mark_rows(const Domain& domain, ThreadPool& threads, const Keep& keep) {
  RowMarks marks(domain.item.size());
  for_each_history(domain, threads, [&](std::size_t user, std::size_t begin, std::size_t end) {
    for (std::size_t row = begin; row < end; ++row) marks[row] = keep(user, row) ? 1 : 0;
  });
  return marks;
}

// The rows that do not repeat the item of the row before them (filter_repeats.cc).
RowMarks mark_first_of_repeats(const Domain& domain, ThreadPool& threads);

// A whole number from `low` on, or nothing.
std::optional<std::int64_t> parse_from(const std::string& text, std::int64_t low);
// Usage error unless the domain has times, or kinds of events.
Status need_times(const Domain& domain);
Status need_kinds(const Domain& domain);

}  // namespace crossfade
