// time:SHARE and time:DATE: everything from one moment on is test. The only split without leakage
// from the future (Ji, Sun, Zhang, Li: A Critical Study on Data Leakage in Recommender System
// Offline Evaluation, TOIS 2023).
#include <algorithm>
#include <chrono>
#include <limits>
#include <optional>

#include "crossfade/base/text.h"
#include "crossfade/data/split_kind.h"

namespace crossfade {
namespace {

// Moments at which validation and test begin.
struct Cuts {
  std::int64_t validation_ns = 0, test_ns = 0;
};

Status check_times(const Dataset& dataset) {
  for (const Domain& domain : dataset.domains())
    if (domain.time_ns.empty() && domain.num_interactions() > 0)
      return usage_error("domain '" + domain.name +
                         "' has no times, so it cannot be split by time; use last:1 or ratio:0.8");
  return ok_status();
}

// All times before `end`, in no order.
std::vector<std::int64_t> times_before(const Dataset& dataset, std::int64_t end) {
  std::vector<std::int64_t> times;
  for (const Domain& domain : dataset.domains())
    std::copy_if(domain.time_ns.begin(), domain.time_ns.end(), std::back_inserter(times),
                 [&](std::int64_t time) { return time < end; });
  return times;
}

// The smallest time with at least floor(share * n) others before it or beside it.
std::int64_t quantile(std::vector<std::int64_t> times, double share) {
  if (times.empty()) return std::numeric_limits<std::int64_t>::min();
  const auto rank = std::min(
      static_cast<std::size_t>(share * static_cast<double>(times.size()) + 1e-9), times.size() - 1);
  const auto at = times.begin() + static_cast<std::ptrdiff_t>(rank);
  std::nth_element(times.begin(), at, times.end());
  return *at;
}

Cuts cuts_by_share(const Dataset& dataset, double share) {
  Cuts cuts;
  std::vector<std::int64_t> all;
  for (const Domain& domain : dataset.domains())
    all.insert(all.end(), domain.time_ns.begin(), domain.time_ns.end());
  cuts.test_ns = quantile(std::move(all), share);
  cuts.validation_ns = quantile(times_before(dataset, cuts.test_ns), share);
  return cuts;
}

// Validation lasts as long as the test, from `start` to the last interaction.
Cuts cuts_by_date(const Dataset& dataset, std::int64_t start_ns) {
  std::int64_t last_ns = start_ns;
  for (const Domain& domain : dataset.domains())
    for (const std::int64_t time : domain.time_ns) last_ns = std::max(last_ns, time);
  std::int64_t length_ns = 0, validation_ns = 0;
  if (__builtin_sub_overflow(last_ns, start_ns, &length_ns) ||
      __builtin_sub_overflow(start_ns, length_ns, &validation_ns) ||
      __builtin_sub_overflow(validation_ns, 1, &validation_ns))
    validation_ns = std::numeric_limits<std::int64_t>::min();
  return {validation_ns, start_ns};
}

RowParts assign(const Dataset& dataset, const Cuts& cuts, bool validation) {
  RowParts parts;
  for (const Domain& domain : dataset.domains()) {
    auto& rows = parts.emplace_back();
    rows.reserve(domain.time_ns.size());
    for (const std::int64_t time : domain.time_ns) {
      const bool early = time < cuts.validation_ns || (!validation && time < cuts.test_ns);
      rows.push_back(early ? kTrain : time < cuts.test_ns ? kValidation : kTest);
    }
  }
  return parts;
}

// "2022-12-01" as nanoseconds since 1970, if it is a day of the calendar.
std::optional<std::int64_t> parse_date(const std::string& text) {
  const auto fields = split(text, '-');
  if (text.size() != 10 || fields.size() != 3 || fields[0].size() != 4 || fields[1].size() != 2)
    return std::nullopt;
  const auto year = parse_int(fields[0]), month = parse_int(fields[1]), day = parse_int(fields[2]);
  if (!year || !month || !day || *year < 1900 || *year > 2200 || *month < 1 || *day < 1)
    return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(*year)),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  return std::chrono::nanoseconds(std::chrono::sys_days(date).time_since_epoch()).count();
}

template <class CutsOf>
SplitRule rule_of(const CutsOf& cuts_of) {
  return {"",
          [cuts_of](const Dataset& dataset, const SplitOptions& options,
                    Context& context) -> Result<RowParts> {
            CROSSFADE_RETURN_IF_ERROR(check_times(dataset));
            CROSSFADE_RETURN_IF_ERROR(context.check_stop());
            return assign(dataset, cuts_of(dataset), options.validation);
          }};
}

Result<SplitRule> parse(const std::string& argument) {
  if (const auto start_ns = parse_date(argument))
    return rule_of([start_ns](const Dataset& d) { return cuts_by_date(d, *start_ns); });
  const auto share = parse_double(argument);
  if (!share || !(*share > 0 && *share < 1))
    return usage_error(
        "what follows 'time:' is the share before the test, between 0 and 1 (time:0.9), or the "
        "first day of the test, from 1900 to 2200 (time:2022-12-01)");
  return rule_of([share](const Dataset& d) { return cuts_by_share(d, *share); });
}

}  // namespace

SplitKind time_split() {
  return {"time", "time:0.9",
          "the latest 10% of all interactions, or from a day on (time:2022-12-01)", parse};
}

}  // namespace crossfade
