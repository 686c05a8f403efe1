// history:LOW-HIGH: users whose history is no shorter and no longer. Very long ones are often
// machines, not people.
#include <limits>

#include "crossfade/base/text.h"
#include "crossfade/data/filters/filter_kind.h"

namespace crossfade {
namespace {

Result<Filter> parse(const std::string& argument) {
  const std::vector<std::string> ends = split(argument, '-');
  if (ends.size() == 2 && !(ends[0].empty() && ends[1].empty())) {
    const auto low = ends[0].empty() ? 0 : parse_from(ends[0], 0);
    const auto high =
        ends[1].empty() ? std::numeric_limits<std::int64_t>::max() : parse_from(ends[1], 1);
    if (low && high && *low <= *high)
      return row_filter([low, high](const Domain& domain, const FilterOptions&,
                                    Context& context) -> Result<RowMarks> {
        return mark_rows(domain, context.threads, [&](std::size_t user, std::size_t) {
          const std::int64_t size = domain.offsets[user + 1] - domain.offsets[user];
          return size >= *low && size <= *high;
        });
      });
  }
  return usage_error(
      "what follows 'history:' is the shortest and the longest history that stays (history:5-500; "
      "one of them may be left out, as in history:-500)");
}

}  // namespace

FilterKind history_filter() {
  return {"history", "history:5-500", "users with 5 to 500 interactions", parse};
}

}  // namespace crossfade
