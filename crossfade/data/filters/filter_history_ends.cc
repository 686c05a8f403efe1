// first:N and last:N: only so many interactions of each user, from the one or the other end of the
// history.
#include "crossfade/base/text.h"
#include "crossfade/data/filters/filter_kind.h"

namespace crossfade {
namespace {

Result<Filter> parse(const std::string& name, const std::string& argument, bool first) {
  const auto n = parse_from(argument, 1);
  if (!n)
    return usage_error("what follows '" + name +
                       ":' is how many interactions of each user stay, from 1 on (" + name +
                       ":100)");
  return row_filter(
      [n, first](const Domain& domain, const FilterOptions&, Context& context) -> Result<RowMarks> {
        return mark_rows(domain, context.threads, [&](std::size_t user, std::size_t row) {
          const auto at = static_cast<std::int64_t>(row);
          return first ? at - domain.offsets[user] < *n : domain.offsets[user + 1] - at <= *n;
        });
      });
}

Result<Filter> parse_first(const std::string& argument) {
  return parse("first", argument, true);
}

Result<Filter> parse_last(const std::string& argument) {
  return parse("last", argument, false);
}

}  // namespace

FilterKind first_filter() {
  return {"first", "first:100", "the first 100 interactions of each user", parse_first};
}

FilterKind last_filter() {
  return {"last", "last:100", "the last 100 interactions of each user", parse_last};
}

}  // namespace crossfade
