// min_users:N and min_items:N: one pass of minimum counts. Which of the two comes first changes the
// result, so the order is the user's; filter_kcore.cc repeats them until nothing changes.
#include "crossfade/base/text.h"
#include "crossfade/data/filters/filter_kind.h"

namespace crossfade {
namespace {

Result<Filter> parse_users(const std::string& argument) {
  const auto n = parse_from(argument, 1);
  if (!n)
    return usage_error(
        "what follows 'min_users:' is how many interactions a user needs to stay, from 1 on "
        "(min_users:5)");
  return row_filter(
      [n](const Domain& domain, const FilterOptions&, Context& context) -> Result<RowMarks> {
        return mark_rows(domain, context.threads, [&](std::size_t user, std::size_t) {
          return domain.offsets[user + 1] - domain.offsets[user] >= *n;
        });
      });
}

Result<Filter> parse_items(const std::string& argument) {
  const auto n = parse_from(argument, 1);
  if (!n)
    return usage_error(
        "what follows 'min_items:' is how many interactions an item needs to stay, from 1 on "
        "(min_items:5)");
  return row_filter(
      [n](const Domain& domain, const FilterOptions&, Context& context) -> Result<RowMarks> {
        const std::vector<std::int64_t> counts = count_items(domain, context.threads);
        return mark_rows(domain, context.threads, [&](std::size_t, std::size_t row) {
          return counts[static_cast<std::size_t>(domain.item[row])] >= *n;
        });
      });
}

}  // namespace

FilterKind min_users_filter() {
  return {"min_users", "min_users:5", "users with at least 5 interactions", parse_users};
}

FilterKind min_items_filter() {
  return {"min_items", "min_items:5", "items with at least 5 interactions", parse_items};
}

}  // namespace crossfade
