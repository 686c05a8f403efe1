// time:SHARE, time:DATE and time:LENGTH: everything from one moment on is test. The only split
// without leakage from the future (Ji, Sun, Zhang, Li: A Critical Study on Data Leakage in
// Recommender System Offline Evaluation, TOIS 2023).
#include <algorithm>
#include <limits>
#include <optional>

#include "crossfade/base/text.h"
#include "crossfade/data/moments.h"
#include "crossfade/data/splits/split_kind.h"

namespace crossfade {
namespace {

// Moments at which validation and test begin.
struct Cuts {
  std::int64_t validation_ns = 0, test_ns = 0;
};

Status check_times(const Dataset& dataset) {
  for (const Domain& domain : dataset.domains())
    CROSSFADE_RETURN_IF_ERROR(need_times_to_split(domain, "use last:1 or ratio:0.8"));
  return ok_status();
}

bool has_days(const Dataset& dataset) {
  return std::all_of(dataset.domains().begin(), dataset.domains().end(),
                     [](const Domain& domain) { return are_days(domain.time_ns.span()); });
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

// Validation begins at the quantile of what lies before the test, or at that of the whole. Where
// times are days, no cut parts one.
Cuts cuts_by_share(const Dataset& dataset, std::optional<double> validation, double share) {
  Cuts cuts;
  std::vector<std::int64_t> all;
  for (const Domain& domain : dataset.domains())
    all.insert(all.end(), domain.time_ns.begin(), domain.time_ns.end());
  const bool days = has_days(dataset);
  const auto whole = [&](std::int64_t cut) { return days && cut > 0 ? midnight_of(cut) : cut; };
  if (validation) cuts.validation_ns = whole(quantile(all, *validation));
  cuts.test_ns = whole(quantile(std::move(all), share));
  if (!validation) cuts.validation_ns = whole(quantile(times_before(dataset, cuts.test_ns), share));
  return cuts;
}

// Where times are days, the last one as an order within it could be.
std::int64_t last_time(const Dataset& dataset) {
  auto last_ns = std::numeric_limits<std::int64_t>::min();
  for (const Domain& domain : dataset.domains())
    for (const std::int64_t time : domain.time_ns) last_ns = std::max(last_ns, time);
  return has_days(dataset) ? midnight_of(last_ns) + kMostOrder : last_ns;
}

// a - b - 1, or the smallest number if that does not fit.
std::int64_t just_before(std::int64_t a, std::int64_t b) {
  std::int64_t difference = 0;
  if (__builtin_sub_overflow(a, b, &difference) ||
      __builtin_sub_overflow(difference, 1, &difference))
    return std::numeric_limits<std::int64_t>::min();
  return difference;
}

// Validation lasts as long as the test, from `start` to the last interaction.
Cuts cuts_by_date(const Dataset& dataset, std::int64_t start_ns) {
  const std::int64_t last_ns = std::max(start_ns, last_time(dataset));
  return {just_before(start_ns, time_between(start_ns, last_ns)), start_ns};
}

// Test and validation are stretches of `length`, the first of which ends with the last interaction.
Cuts cuts_by_length(const Dataset& dataset, std::int64_t length) {
  const std::int64_t start_ns = just_before(last_time(dataset), length - 2);
  return {just_before(start_ns, length - 1), start_ns};
}

RowParts assign(const Dataset& dataset, const Cuts& cuts, bool validation, ThreadPool& threads) {
  RowParts parts;
  for (const Domain& domain : dataset.domains()) {
    auto& rows = parts.emplace_back(domain.time_ns.size());
    threads.parallel_for(
        domain.num_interactions(), 1 << 18, [&](std::int64_t begin, std::int64_t end, int) {
          for (auto row = static_cast<std::size_t>(begin); row < static_cast<std::size_t>(end);
               ++row) {
            const std::int64_t time = domain.time_ns[row];
            const bool early = time < cuts.validation_ns || (!validation && time < cuts.test_ns);
            rows[row] = early ? kTrain : time < cuts.test_ns ? kValidation : kTest;
          }
        });
  }
  return parts;
}

template <class CutsOf>
SplitRule rule_of(const CutsOf& cuts_of) {
  return {"",
          [cuts_of](const Dataset& dataset, const SplitOptions& options,
                    Context& context) -> Result<RowParts> {
            CROSSFADE_RETURN_IF_ERROR(check_times(dataset));
            CROSSFADE_RETURN_IF_ERROR(context.check_stop());
            return assign(dataset, cuts_of(dataset), options.validation, context.threads);
          }};
}

Result<SplitRule> parse(const std::string& argument) {
  if (const auto start_ns = parse_day(argument))
    return rule_of([start_ns](const Dataset& d) { return cuts_by_date(d, *start_ns); });
  if (const auto length = parse_length(argument))
    return rule_of([length](const Dataset& d) { return cuts_by_length(d, *length); });
  const std::size_t comma = argument.find(',');
  const auto share = parse_double(argument.substr(comma == std::string::npos ? 0 : comma + 1));
  const auto first = parse_double(argument.substr(0, comma));
  if (!share || !first || !(*first > 0 && *first <= *share && *share < 1) ||
      (comma != std::string::npos && *first == *share))
    return usage_error(
        "what follows 'time:' is the share before the test, between 0 and 1 (time:0.9), those "
        "before validation and test (time:0.8,0.9), the first day of the test, from 1900 to 2200 "
        "(time:2022-12-01), or how long the test is (time:7d)");
  const auto validation = comma == std::string::npos ? std::nullopt : first;
  return rule_of(
      [validation, share](const Dataset& d) { return cuts_by_share(d, validation, *share); });
}

}  // namespace

SplitKind time_split() {
  return {"time", "time:0.9",
          "the latest 10% of all interactions, from a day on (time:2022-12-01), or the last days "
          "(time:7d)",
          parse};
}

}  // namespace crossfade
