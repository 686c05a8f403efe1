// kcore:N[,M][,repeats]: the largest part of the data in which every user has at least N
// interactions and every item at least M (N if not given).
//
// Found by peeling, as cores of graphs are (Batagelj and Zaversnik, An O(m) Algorithm for Cores
// Decomposition of Networks, 2003): whoever has too few goes, which takes one from the counts of
// those on the other side, who may then go too. Each row is looked at twice at most. The result
// does not depend on the order.
//
// With `repeats`, consecutive repeats (filter_repeats.cc) are dropped too: removing an item can
// bring two plays of another together, so both are applied in turn until nothing changes, as in
// Gusak et al., Time to Split, RecSys 2025.
#include <algorithm>
#include <utility>

#include "crossfade/base/text.h"
#include "crossfade/data/filters/filter_kind.h"
#include "crossfade/data/select_rows.h"
#include "crossfade/data/stable_scatter.h"

namespace crossfade {
namespace {

struct Bounds {
  std::int64_t user = 0, item = 0;
  bool repeats = false;
};

// One side of the graph: who is gone, how much the others have left, who waits to be taken out.
struct Side {
  std::vector<std::int64_t> degree;
  std::vector<std::uint8_t> gone;
  std::vector<std::int32_t> waiting;
  std::int64_t least = 0;

  Side(std::span<const std::int64_t> offsets, std::int64_t least_count) : least(least_count) {
    degree.resize(offsets.size() - 1);
    gone.assign(degree.size(), 0);
    for (std::size_t i = 0; i < degree.size(); ++i) {
      degree[i] = offsets[i + 1] - offsets[i];
      if (degree[i] < least) drop(static_cast<std::int32_t>(i));
    }
  }
  void drop(std::int32_t index) {
    gone[static_cast<std::size_t>(index)] = 1;
    waiting.push_back(index);
  }
  void take_one(std::int32_t index) {
    const auto at = static_cast<std::size_t>(index);
    if (!gone[at] && --degree[at] < least) drop(index);
  }
  std::size_t next() {
    const std::int32_t index = waiting.back();
    waiting.pop_back();
    return static_cast<std::size_t>(index);
  }
};

// For every row of a domain, its user; in parallel.
std::vector<UserIndex> users_of_rows(const Domain& domain, ThreadPool& threads) {
  std::vector<UserIndex> users(domain.item.size());
  for_each_history(domain, threads, [&](std::size_t user, std::size_t begin, std::size_t end) {
    for (std::size_t row = begin; row < end; ++row) users[row] = static_cast<UserIndex>(user);
  });
  return users;
}

RowMarks peel(const Domain& domain, const Bounds& bounds, ThreadPool& threads) {
  if (domain.item.empty()) return {};
  const StableScatter by_item(domain.item, domain.items.size(), threads);
  const std::vector<UserIndex> takers = by_item.sort<UserIndex>(users_of_rows(domain, threads));
  Side users(domain.offsets, bounds.user), items(by_item.offsets(), bounds.item);
  while (!users.waiting.empty() || !items.waiting.empty()) {
    if (!users.waiting.empty()) {
      const std::size_t user = users.next();
      for (auto row = domain.offsets[user]; row < domain.offsets[user + 1]; ++row)
        items.take_one(domain.item[static_cast<std::size_t>(row)]);
    } else {
      const std::size_t item = items.next();
      for (auto at = by_item.offsets()[item]; at < by_item.offsets()[item + 1]; ++at)
        users.take_one(takers[static_cast<std::size_t>(at)]);
    }
  }
  return mark_rows(domain, threads, [&](std::size_t user, std::size_t row) {
    return !users.gone[user] && !items.gone[static_cast<std::size_t>(domain.item[row])];
  });
}

Dataset core_of(const Dataset& dataset, const Bounds& bounds, Context& context) {
  std::vector<RowMarks> marks;
  for (const Domain& domain : dataset.domains())
    marks.push_back(peel(domain, bounds, context.threads));
  return select_rows(dataset, marks, 1, context);
}

Dataset without_repeats(const Dataset& dataset, Context& context) {
  std::vector<RowMarks> marks;
  for (const Domain& domain : dataset.domains())
    marks.push_back(mark_first_of_repeats(domain, context.threads));
  return select_rows(dataset, marks, 1, context);
}

std::int64_t count_rows(const Dataset& dataset) {
  std::int64_t rows = 0;
  for (const Domain& domain : dataset.domains()) rows += domain.num_interactions();
  return rows;
}

Result<Dataset> apply(const Dataset& dataset, const Bounds& bounds, Context& context) {
  CROSSFADE_RETURN_IF_ERROR(context.check_stop());
  if (!bounds.repeats) return core_of(dataset, bounds, context);
  Dataset left = without_repeats(dataset, context);
  for (;;) {
    CROSSFADE_RETURN_IF_ERROR(context.check_stop());
    Dataset core = core_of(left, bounds, context);
    left = without_repeats(core, context);
    if (count_rows(left) == count_rows(core)) return left;
  }
}

Result<Filter> parse(const std::string& argument) {
  std::vector<std::string> parts = split(argument, ',');
  Bounds bounds;
  if (parts.size() > 1 && parts.back() == "repeats") {
    bounds.repeats = true;
    parts.pop_back();
  }
  const auto user = parse_from(parts[0], 1);
  const auto item = parts.size() == 2 ? parse_from(parts[1], 1) : user;
  if (!user || !item || parts.size() > 2)
    return usage_error(
        "what follows 'kcore:' is how many interactions every user and every item has in the end "
        "(kcore:5), or one number for users and one for items (kcore:5,10); ',repeats' behind it "
        "drops consecutive repeats too");
  bounds.user = *user;
  bounds.item = *item;
  return Filter{"", [bounds](const Dataset& dataset, const FilterOptions&, Context& context) {
                  return apply(dataset, bounds, context);
                }};
}

}  // namespace

FilterKind kcore_filter() {
  return {"kcore", "kcore:5",
          "the 5-core: users and items with 5 each, until stable (users,items: kcore:5,10; "
          "kcore:5,repeats also drops consecutive repeats)",
          parse};
}

}  // namespace crossfade
