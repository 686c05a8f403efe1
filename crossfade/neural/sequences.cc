// Cuts histories into windows and questions; see sequences.h.
#include "crossfade/neural/sequences.h"

#include <algorithm>
#include <string>
#include <utility>

#include "crossfade/base/rng.h"
#include "crossfade/data/history.h"

namespace crossfade {
namespace {

constexpr std::uint64_t kSampleStream = 0x5A3B1E;  // of the users that are judged

// The rows of positive weight, user by user.
struct Rows {
  std::vector<ItemIndex> items;
  std::vector<std::int64_t> times;   // empty if not asked for
  std::vector<std::uint8_t> begins;  // 1: the row begins a session; empty if not asked for
  std::vector<std::int64_t> offsets = {0};

  // The first place of the session that has `place`, of the user who begins at `first`.
  std::int64_t session_of(std::int64_t place, std::int64_t first) const {
    while (place > first && begins[static_cast<std::size_t>(place)] == 0) --place;
    return place;
  }
};

Rows rows_that_count(const Domain& domain, bool with_times, const SequenceConfig& network) {
  Rows rows;
  rows.items.reserve(domain.item.size());
  for (std::size_t user = 0; user + 1 < domain.offsets.size(); ++user) {
    const History history = domain.history(static_cast<UserIndex>(user));
    bool begins = true;  // since the last row that counted
    for (std::size_t row = 0; row < history.size(); ++row) {
      begins =
          begins || (network.by_session() && ends_session(history, row - 1, network.gap_minutes));
      if (!(history.weights[row] > 0)) continue;
      rows.items.push_back(history.items[row]);
      if (with_times) rows.times.push_back(history.time_ns[row]);
      if (network.by_session()) rows.begins.push_back(begins);
      begins = false;
    }
    rows.offsets.push_back(static_cast<std::int64_t>(rows.items.size()));
  }
  return rows;
}

// The time such that `share` of the rows come at it or later.
std::int64_t time_of_cut(std::vector<std::int64_t> times, double share) {
  const auto last = static_cast<std::ptrdiff_t>(times.size()) - 1;
  const auto place = static_cast<std::ptrdiff_t>((1 - share) * static_cast<double>(times.size()));
  const auto at = times.begin() + std::min(place, last);
  std::nth_element(times.begin(), at, times.end());
  return *at;
}

// Where what a user may be learned from ends: with validation by time at the date, else nowhere.
std::int64_t end_before(const Rows& rows, std::int64_t time_cut, Window all) {
  if (rows.times.empty()) return all.end;
  const auto* times = rows.times.data();
  return std::lower_bound(times + all.begin, times + all.end, time_cut) - times;
}

// Whether a user's last item can be asked for: nothing behind `end` is learned from, or there is
// enough left without it.
bool can_be_asked(const std::string& validation, Window all, std::int64_t end) {
  if (validation == "last") return all.size() >= 3;
  return validation == "time" && end < all.end && all.size() >= 2;
}

// Of a user's history, or of a session.
void add_windows(Window part, const SequenceTrainingConfig& config, std::int64_t longest,
                 std::vector<Window>& windows) {
  for (std::int64_t end = part.end; end > part.begin; end -= longest) {
    const std::int64_t begin = std::max(part.begin, end - longest);
    if (end - begin < std::max<std::int64_t>(2, config.min_length)) return;
    windows.push_back({begin, end});
    if (config.windows == "last") return;
  }
}

void add_sessions(Window part, const Rows& rows, const SequenceTrainingConfig& config,
                  std::int64_t longest, std::vector<Window>& windows) {
  for (std::int64_t begin = part.begin, end = begin; begin < part.end; begin = end) {
    ++end;
    while (end < part.end && rows.begins[static_cast<std::size_t>(end)] == 0) ++end;
    add_windows({begin, end}, config, longest, windows);
  }
}

// `count` of them in their order, each as likely as any other.
void sample(std::vector<HeldOut>& held, std::int64_t count, std::uint64_t seed) {
  if (count == 0 || static_cast<std::int64_t>(held.size()) <= count) return;
  Rng rng(seed, kSampleStream);
  std::size_t kept = 0;
  auto wanted = static_cast<std::uint64_t>(count);
  for (std::size_t i = 0; i < held.size() && wanted > 0; ++i) {
    if (rng.below(held.size() - i) >= wanted) continue;
    held[kept++] = held[i];
    --wanted;
  }
  held.resize(kept);
}

}  // namespace

Result<TrainingSequences> make_sequences(const Domain& domain, const SequenceTraining& settings,
                                         std::int64_t longest, std::uint64_t seed) {
  const SequenceTrainingConfig& config = settings.training;
  const bool by_session = settings.network.by_session();
  const bool by_time = config.validation == "time";
  if (by_time && domain.time_ns.empty())
    return data_invalid("domain " + domain.name +
                        " has no times, so validation cannot be cut at a date; take "
                        "validation=last or validation=none");
  if (by_session && domain.session.empty() && domain.time_ns.empty())
    return data_invalid("domain " + domain.name +
                        " has neither sessions nor times, so no session can be read; take "
                        "reads=history");
  Rows rows = rows_that_count(domain, by_time, settings.network);
  if (rows.items.empty())
    return data_invalid("domain " + domain.name +
                        " has no interaction of positive weight, so there are no sequences to "
                        "learn from");
  const std::int64_t time_cut = by_time ? time_of_cut(rows.times, config.validation_share) : 0;
  TrainingSequences made;
  std::vector<Window> parts;  // each user's, as far as he may be learned from
  for (std::size_t user = 0; user + 1 < rows.offsets.size(); ++user) {
    const Window all{rows.offsets[user], rows.offsets[user + 1]};
    parts.push_back({all.begin, end_before(rows, time_cut, all)});
    if (!can_be_asked(config.validation, all, parts.back().end)) continue;
    const std::int64_t last = all.end - 1;
    const std::int64_t begin = by_session ? rows.session_of(last, all.begin) : all.begin;
    if (begin == last) continue;  // nothing of its session is known
    made.held_out.push_back({{begin, last}, all.begin, rows.items[static_cast<std::size_t>(last)]});
  }
  sample(made.held_out, config.validation_users, seed);
  std::size_t asked = 0;
  for (std::size_t user = 0; user < parts.size(); ++user) {
    const Window all{rows.offsets[user], rows.offsets[user + 1]};
    if (all.size() == 0) continue;
    std::int64_t end = parts[user].end;
    if (asked < made.held_out.size() && made.held_out[asked].first == all.begin) {
      ++asked;
      end = std::min(end, all.end - 1);  // what is asked for is not learned from
    }
    const std::size_t before = made.windows.size();
    by_session ? add_sessions({all.begin, end}, rows, config, longest, made.windows)
               : add_windows({all.begin, end}, config, longest, made.windows);
    made.users_learned += made.windows.size() > before ? 1 : 0;
    made.too_short += made.windows.size() > before ? 0 : 1;
  }
  made.items = std::move(rows.items);
  if (made.windows.empty() && by_session)
    return data_invalid("no session of domain " + domain.name + " has at least " +
                        std::to_string(std::max<std::int64_t>(2, config.min_length)) +
                        " items to learn from; take reads=history, or a longer gap_minutes where "
                        "sessions are told by pauses");
  if (made.windows.empty())
    return data_invalid("no user of domain " + domain.name + " has a history of at least " +
                        std::to_string(std::max<std::int64_t>(2, config.min_length)) +
                        " items to learn from" +
                        (config.validation == "none"
                             ? "; set min_length lower, or bring a longer log"
                             : " besides what validation holds back; set min_length lower, or "
                               "validation=none"));
  if (config.validation != "none" && made.held_out.empty())
    return data_invalid("no user of domain " + domain.name +
                        " is left to validate by; set validation=none to train all epochs");
  return made;
}

}  // namespace crossfade
