// period:FROM..TO, recent:LENGTH and user_recent:LENGTH: by time. A model of what people want now
// is often better without what they wanted years ago.
#include <algorithm>
#include <limits>

#include "crossfade/base/text.h"
#include "crossfade/data/filters/filter_kind.h"
#include "crossfade/data/moments.h"

namespace crossfade {
namespace {

Result<Filter> parse_period(const std::string& argument) {
  const std::size_t dots = argument.find("..");
  if (dots != std::string::npos && argument != "..") {
    const std::string from = argument.substr(0, dots), to = argument.substr(dots + 2);
    const auto first = from.empty() ? std::numeric_limits<std::int64_t>::min() : parse_day(from);
    const auto end = to.empty() ? std::numeric_limits<std::int64_t>::max() : parse_day(to);
    if (first && end && *first < *end)
      return row_filter([first, end, open = to.empty()](const Domain& domain, const FilterOptions&,
                                                        Context& context) -> Result<RowMarks> {
        CROSSFADE_RETURN_IF_ERROR(need_times(domain));
        return mark_rows(domain, context.threads, [&](std::size_t, std::size_t row) {
          return domain.time_ns[row] >= *first && (open || domain.time_ns[row] < *end);
        });
      });
    if (first && end)
      return usage_error("period:" + argument +
                         " ends before it begins; write the earlier day first, as in "
                         "period:2022-01-01..2022-03-01");
  }
  return usage_error(
      "what follows 'period:' is the first day and the day after the last, as in "
      "period:2022-01-01..2022-03-01; one of them may be left out");
}

// The filter that keeps, of each domain, what lies within `length` before latest(domain, user).
template <class Latest>
Filter keep_recent(std::int64_t length, const Latest& latest_of) {
  return row_filter([length, latest_of](const Domain& domain, const FilterOptions&,
                                        Context& context) -> Result<RowMarks> {
    CROSSFADE_RETURN_IF_ERROR(need_times(domain));
    const auto latest = latest_of(domain);
    return mark_rows(domain, context.threads, [&](std::size_t user, std::size_t row) {
      return time_between(domain.time_ns[row], latest(user)) < length;
    });
  });
}

Status not_a_length(const std::string& name) {
  return usage_error("what follows '" + name +
                     ":' is a length of time: a number and s, m, h, d or w (" + name + ":30d)");
}

Result<Filter> parse_recent(const std::string& argument) {
  const auto length = parse_length(argument);
  if (!length) return not_a_length("recent");
  return keep_recent(*length, [](const Domain& domain) {
    const auto last = std::max_element(domain.time_ns.begin(), domain.time_ns.end());
    std::int64_t time = last == domain.time_ns.end() ? 0 : *last;
    if (are_days(domain.time_ns.span())) time = midnight_of(time) + kMostOrder;
    return [time](std::size_t) { return time; };
  });
}

Result<Filter> parse_user_recent(const std::string& argument) {
  const auto length = parse_length(argument);
  if (!length) return not_a_length("user_recent");
  return keep_recent(*length, [](const Domain& domain) {
    return [&domain](std::size_t user) {
      return domain.time_ns[static_cast<std::size_t>(domain.offsets[user + 1]) - 1];
    };
  });
}

}  // namespace

FilterKind period_filter() {
  return {"period", "period:2022-01-01..", "from a day on, or until a day (period:A..B)",
          parse_period};
}

FilterKind recent_filter() {
  return {"recent", "recent:30d", "the last 30 days of each domain", parse_recent};
}

FilterKind user_recent_filter() {
  return {"user_recent", "user_recent:30d", "the last 30 days of each user", parse_user_recent};
}

}  // namespace crossfade
