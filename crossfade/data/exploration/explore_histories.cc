// Gaps are counted in bins that grow by a twentieth: quantiles without a sort of all gaps.
#include "crossfade/data/exploration/explore_histories.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "crossfade/data/moments.h"

namespace crossfade {
namespace {

constexpr std::int64_t kSecondNs = 1'000'000'000;
constexpr std::size_t kSessionLengths = 4096;  // longer sessions are few, and listed

// Sixteen equal steps between a power of two and the next: at most 1/16 = 6% wide.
constexpr std::size_t kSteps = 16, kFineBins = 48 * kSteps;

std::size_t fine_bin(std::uint64_t seconds) {
  if (seconds < kSteps) return static_cast<std::size_t>(seconds);
  const int power = std::bit_width(seconds) - 5;  // so that seconds >> power lies in [16, 32)
  const auto bin =
      static_cast<std::size_t>(power) * kSteps + static_cast<std::size_t>(seconds >> power);
  return std::min(bin, kFineBins - 1);
}

// The middle of a bin.
std::int64_t seconds_of(std::size_t bin) {
  if (bin < 2 * kSteps) return static_cast<std::int64_t>(bin);
  const std::size_t power = bin / kSteps - 1;
  const std::uint64_t first = static_cast<std::uint64_t>(kSteps + bin % kSteps) << power;
  return static_cast<std::int64_t>(first + (std::uint64_t{1} << power) / 2);
}

struct alignas(64) Tally {
  std::array<std::int64_t, kGapBins.size()> gaps{};
  std::array<std::int64_t, kFineBins> fine{};
  // Of gaps of a second and more. Seconds and what is left of them apart, so that no sum overflows.
  std::int64_t seconds = 0, rest_ns = 0;
  std::int64_t least = std::numeric_limits<std::int64_t>::max(), greatest = 0;
  std::int64_t duplicates = 0;
  std::vector<std::int64_t> session_lengths = std::vector<std::int64_t>(kSessionLengths + 1);
  std::vector<std::int64_t> long_sessions;
  std::vector<ItemIndex> moment;  // scratch: the items of one moment
};

void count_gap(std::int64_t gap_ns, Tally& tally) {
  // Rounded up: "to 1 s" holds what is at most a second.
  const std::int64_t seconds = gap_ns / kSecondNs + (gap_ns % kSecondNs > 0 ? 1 : 0);
  std::size_t bin = 0;
  while (kGapBins[bin].to_seconds < seconds) ++bin;
  ++tally.gaps[bin];
  const std::int64_t whole = gap_ns / kSecondNs;
  ++tally.fine[fine_bin(static_cast<std::uint64_t>(whole))];
  if (whole == 0) return;
  tally.seconds += whole;
  tally.rest_ns += gap_ns % kSecondNs;
  tally.least = std::min(tally.least, whole);
  tally.greatest = std::max(tally.greatest, whole);
}

void count_session(std::size_t events, Tally& tally) {
  if (events <= kSessionLengths)
    ++tally.session_lengths[events];
  else
    tally.long_sessions.push_back(static_cast<std::int64_t>(events));
}

// Items that come again among rows [begin, end), which have one user and one time.
std::int64_t repeats_at_once(const Domain& domain, std::size_t begin, std::size_t end,
                             std::vector<ItemIndex>& scratch) {
  if (end - begin < 2) return 0;
  if (end - begin == 2) return domain.item[begin] == domain.item[begin + 1] ? 1 : 0;
  const auto items = domain.item.span().subspan(begin, end - begin);
  scratch.assign(items.begin(), items.end());
  std::sort(scratch.begin(), scratch.end());
  return scratch.end() - std::unique(scratch.begin(), scratch.end());
}

class Histories {
 public:
  Histories(const Domain& domain, std::int64_t session_gap_ns)
      : domain_(domain),
        session_gap_ns_(session_gap_ns),
        given_(!domain.session.empty()),
        timed_(!domain.time_ns.empty()),
        days_(are_days(domain.time_ns.span())) {}

  bool sessions_are_given() const { return given_; }
  bool has_sessions() const { return given_ || timed_; }

  // Sessions of this user.
  std::int64_t add(std::size_t begin, std::size_t end, Tally& tally) const {
    if (begin == end || !has_sessions()) return 0;
    std::int64_t sessions = 0;
    std::size_t session = begin, moment = begin;
    for (std::size_t row = begin + 1; row < end; ++row) {
      std::int64_t gap = 0;
      if (timed_) {
        gap = time_between(domain_.time_ns[row - 1], domain_.time_ns[row]);
        count_gap(days_ ? midnight_of(gap + kMostOrder) : gap, tally);
        if (gap > 0) {
          tally.duplicates += repeats_at_once(domain_, moment, row, tally.moment);
          moment = row;
        }
      }
      const bool ends =
          given_ ? domain_.session[row] != domain_.session[row - 1] : gap > session_gap_ns_;
      if (!ends) continue;
      count_session(row - session, tally);
      ++sessions;
      session = row;
    }
    if (timed_) tally.duplicates += repeats_at_once(domain_, moment, end, tally.moment);
    count_session(end - session, tally);
    return sessions + 1;
  }

 private:
  const Domain& domain_;
  std::int64_t session_gap_ns_;
  bool given_, timed_;
  bool days_;  // times are days: less than a second between two is an order
};

// 12,345 -> 12,000.
std::int64_t two_digits(std::int64_t value) {
  std::int64_t unit = 1;
  while (value / unit >= 100) unit *= 10;
  return (value + unit / 2) / unit * unit;
}

void add(const Tally& from, Tally& to) {
  for (std::size_t bin = 0; bin < kGapBins.size(); ++bin) to.gaps[bin] += from.gaps[bin];
  for (std::size_t bin = 0; bin < kFineBins; ++bin) to.fine[bin] += from.fine[bin];
  for (std::size_t length = 0; length <= kSessionLengths; ++length)
    to.session_lengths[length] += from.session_lengths[length];
  to.long_sessions.insert(to.long_sessions.end(), from.long_sessions.begin(),
                          from.long_sessions.end());
  to.seconds += from.seconds;
  to.rest_ns += from.rest_ns;
  to.least = std::min(to.least, from.least);
  to.greatest = std::max(to.greatest, from.greatest);
  to.duplicates += from.duplicates;
}

Distribution gap_quantiles(const Tally& tally) {
  std::vector<std::int64_t> values, counts;
  for (std::size_t bin = 1; bin < kFineBins; ++bin) {
    if (tally.fine[bin] == 0) continue;
    values.push_back(seconds_of(bin));
    counts.push_back(tally.fine[bin]);
  }
  Distribution gaps = distribution_of_values(values, counts);
  if (gaps.size == 0) return gaps;
  gaps.total = tally.seconds + tally.rest_ns / kSecondNs;
  gaps.least = tally.least;
  gaps.greatest = tally.greatest;
  for (std::int64_t* quantile : {&gaps.q25, &gaps.median, &gaps.q75, &gaps.q90, &gaps.q99})
    *quantile = std::clamp(two_digits(*quantile), gaps.least, gaps.greatest);
  return gaps;
}

Distribution session_lengths(Tally& tally) {
  std::vector<std::int64_t> values, counts;
  for (std::size_t length = 1; length <= kSessionLengths; ++length) {
    if (tally.session_lengths[length] == 0) continue;
    values.push_back(static_cast<std::int64_t>(length));
    counts.push_back(tally.session_lengths[length]);
  }
  std::sort(tally.long_sessions.begin(), tally.long_sessions.end());
  for (const std::int64_t length : tally.long_sessions) {
    if (values.empty() || values.back() != length) {
      values.push_back(length);
      counts.push_back(0);
    }
    ++counts.back();
  }
  return distribution_of_values(values, counts);
}

}  // namespace

HistoryExploration explore_histories(const Domain& domain, std::int64_t session_gap_ns,
                                     ThreadPool& threads) {
  const Histories histories(domain, session_gap_ns);
  const std::size_t num_users = domain.offsets.size() - 1;
  std::vector<std::int64_t> lengths(num_users), sessions(num_users);
  std::vector<Tally> tallies(static_cast<std::size_t>(threads.num_threads()));
  threads.parallel_for(
      static_cast<std::int64_t>(num_users), 512,
      [&](std::int64_t first, std::int64_t last, int worker) {
        for (auto u = static_cast<std::size_t>(first); u < static_cast<std::size_t>(last); ++u) {
          const auto begin = static_cast<std::size_t>(domain.offsets[u]);
          const auto end = static_cast<std::size_t>(domain.offsets[u + 1]);
          lengths[u] = static_cast<std::int64_t>(end - begin);
          sessions[u] = histories.add(begin, end, tallies[static_cast<std::size_t>(worker)]);
        }
      });
  HistoryExploration found;
  Tally total;
  for (const Tally& tally : tallies) add(tally, total);
  found.gaps = total.gaps;
  found.gaps_under_second = total.fine[0] - total.gaps[0];
  found.duplicates = total.duplicates;
  found.users = distribution_of(lengths);
  found.gap_seconds = gap_quantiles(total);
  found.sessions_are_given = histories.sessions_are_given();
  found.session_gap_ns = session_gap_ns;
  found.sessions = session_lengths(total);
  found.user_sessions = distribution_of(sessions);
  return found;
}

}  // namespace crossfade
