// last:N and last:LENGTH: each user's last interactions are test; the protocol of most papers on
// sequences.
#include <algorithm>

#include "crossfade/base/text.h"
#include "crossfade/data/moments.h"
#include "crossfade/data/splits/split_kind.h"

namespace crossfade {
namespace {

// Test is what `tail(rows, end)` cuts off the history's end, validation what it cuts off the rest;
// a cut that leaves nothing is not made.
template <class Tail>
void cut(UserRows& rows, bool validation, const Tail& tail) {
  const std::size_t size = rows.parts.size();
  const std::size_t test = tail(rows, size);
  if (test == 0) return;
  std::fill(rows.parts.begin() + static_cast<std::ptrdiff_t>(test), rows.parts.end(), kTest);
  const std::size_t begin = validation ? tail(rows, test) : 0;
  if (begin == 0) return;
  std::fill(rows.parts.begin() + static_cast<std::ptrdiff_t>(begin),
            rows.parts.begin() + static_cast<std::ptrdiff_t>(test), kValidation);
}

Status say_if_no_times(const Domain& domain, Context& context) {
  if (domain.time_ns.empty() && domain.num_interactions() > 0)
    context.progress.say("domain '" + domain.name +
                         "' has no times: the last interactions of a user are those that stand "
                         "last in the log");
  return ok_status();
}

SplitRule last_of_number(std::size_t n) {
  return rule_per_user(say_if_no_times, [n](UserRows& rows, const SplitOptions& options) {
    cut(rows, options.validation,
        [n](const UserRows&, std::size_t end) { return end > n ? end - n : 0; });
  });
}

SplitRule last_of_time(std::int64_t length) {
  const auto check = [](const Domain& domain, Context&) {
    return need_times_to_split(domain, "use last:1");
  };
  return rule_per_user(check, [length](UserRows& rows, const SplitOptions& options) {
    cut(rows, options.validation, [length](const UserRows& all, std::size_t end) {
      const std::int64_t* times = all.domain.time_ns.data() + all.begin;
      std::size_t begin = end;
      while (begin > 0 && time_between(times[begin - 1], times[end - 1]) < length) --begin;
      return begin;
    });
  });
}

Result<SplitRule> parse(const std::string& argument) {
  if (const auto length = parse_length(argument)) return last_of_time(*length);
  const auto n = parse_int(argument);
  if (!n || *n < 1 || *n > 1'000'000)
    return usage_error(
        "what follows 'last:' is how many interactions per user are test, from 1 to "
        "1,000,000 (last:1), or the length of time that is (last:7d)");
  return last_of_number(static_cast<std::size_t>(*n));
}

}  // namespace

SplitKind last_split() {
  return {"last", "last:1",
          "the last interaction of every user in every domain, or their last days (last:7d)",
          parse};
}

}  // namespace crossfade
