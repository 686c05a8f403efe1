// Shares the events out among users, then plays each user's sessions.
#include "crossfade/synth/service.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace crossfade {
namespace {

constexpr std::int64_t kUserGrain = 256;
constexpr std::int64_t kPauseMs = 31 * 60 * 1000;  // a gap of 30 minutes tells sessions apart
constexpr double kActivityCut = 3;
constexpr double kLongestSession = 2000;  // events
constexpr int kTries = 64;  // to meet something new, before the next unmet item is taken

// Shares whose running sum is rounded: they sum to `total` exactly, and none exceeds `limit`. Every
// positive weight gets one first, as long as there is one for each.
std::vector<std::int64_t> share_out(const std::vector<double>& weights, std::int64_t total,
                                    std::int64_t limit) {
  double sum = 0;
  std::int64_t takers = 0;
  for (const double weight : weights) {
    sum += weight;
    takers += weight > 0;
  }
  const std::int64_t least = takers <= total ? 1 : 0;
  const auto rest = static_cast<double>(total - least * takers);
  std::vector<std::int64_t> offsets{0};
  offsets.reserve(weights.size() + 1);
  double reached = 0;
  std::int64_t given = 0;
  for (const double weight : weights) {
    reached += weight;
    const auto target =
        static_cast<std::int64_t>(std::floor(sum > 0 ? reached / sum * rest + 0.5 : 0));
    const std::int64_t share = target - given + (weight > 0 ? least : 0);
    offsets.push_back(offsets.back() + std::min(share, limit));
    given = target;
  }
  return offsets;
}

}  // namespace

Service::Service(ServiceShape shape, Rhythm rhythm, std::uint64_t seed,
                 const std::vector<std::uint8_t>& members, ThreadPool& threads)
    : shape_(std::move(shape)),
      rhythm_(std::move(rhythm)),
      seed_(seed),
      taste_shares_(crossfade::taste_shares(shape_.catalogue.tastes)),
      catalogue_(shape_.catalogue, seed, shape_.number, threads) {
  std::vector<double> weights(members.size(), 0);
  threads.parallel_for(static_cast<std::int64_t>(members.size()), kUserGrain,
                       [&](std::int64_t begin, std::int64_t end, int) {
                         for (std::int64_t user = begin; user < end; ++user) {
                           if (!members[static_cast<std::size_t>(user)]) continue;
                           Rng rng = stream(user, Purpose::kActivity);
                           const double left = 1 - arrival(rng);
                           const double z = std::clamp(rng.normal(), -kActivityCut, kActivityCut);
                           weights[static_cast<std::size_t>(user)] =
                               left * std::exp(shape_.activity_sigma * z);
                         }
                       });
  if (shape_.plays)
    listening_ = Listening(shape_.listening, catalogue_.num_items(),
                           mix64(seed + static_cast<std::uint64_t>(shape_.number)), threads);
  const std::int64_t limit = shape_.once ? catalogue_.num_items() / 2 : shape_.events;
  offsets_ = share_out(weights, shape_.events, limit);
}

Taste Service::taste(std::int64_t user) const {
  return Taste(shape_.taste, catalogue_, taste_shares_, seed_, user, shape_.number);
}

// The share of the world's activity that is over when the user comes.
double Service::arrival(Rng& activity) const {
  const bool late = activity.uniform() < shape_.arrivals;
  const double when = activity.uniform();
  return late ? when : 0;
}

void Service::plan_sessions(std::int64_t user, const Taste& taste,
                            std::vector<SessionPlan>& sessions) const {
  sessions.clear();
  Rng rng = stream(user, Purpose::kSessions);
  const std::int64_t events = num_events(user);
  // The whole part of a lognormal number, from 1; its mean is about half an event below the
  // number's.
  const double sigma = shape_.session_sigma;
  const double median = (shape_.session_events + 0.5) * std::exp(-sigma * sigma / 2);
  for (std::int64_t begin = 0; begin < events;) {
    const double size = std::clamp(median * std::exp(sigma * rng.normal()), 1.0, kLongestSession);
    const std::int64_t end = std::min(begin + static_cast<std::int64_t>(size), events);
    sessions.push_back({begin, end, 0, 0, 0});
    begin = end;
  }
  // Starts are uniform shares of the activity after the arrival, drawn in order: of m uniform
  // points that are left, the smallest lies at 1 - u^(1/m).
  Rng activity = stream(user, Purpose::kActivity);
  double reached = arrival(activity);
  for (std::size_t s = 0; s < sessions.size(); ++s) {
    const auto left = static_cast<double>(sessions.size() - s);
    reached += (1 - reached) * (1 - std::pow(1 - rng.uniform(), 1 / left));
    sessions[s].share = reached;
    sessions[s].start_ms = rhythm_.time_ms(reached);
    sessions[s].mood = taste.draw(reached, rng);
  }
}

std::int64_t Service::play(std::int64_t user, const EventRows& rows, Scratch& scratch,
                           std::int64_t until_ms) const {
  const Taste own = taste(user);
  plan_sessions(user, own, scratch.sessions);
  if (shape_.once) scratch.met.resize(static_cast<std::size_t>(catalogue_.num_items()), 0);
  Rng rng = stream(user, Purpose::kEvents), heard = stream(user, Purpose::kListening);
  const auto gaps = static_cast<std::uint64_t>(shape_.longest_gap_ms - shape_.shortest_gap_ms + 1);
  std::int64_t clock_ms = 0, played = 0;
  for (const SessionPlan& session : scratch.sessions) {
    clock_ms = std::max(session.start_ms, clock_ms + kPauseMs);
    if (clock_ms >= until_ms) break;
    const double impatience =
        shape_.plays ? listening_.draw_impatience(session.end - session.begin, heard) : 0;
    int step = 0;  // of EventKind
    for (; played < session.end; ++played) {
      const auto e = static_cast<std::size_t>(played);
      const auto past = rows.items.first(e);
      const Choice choice = shape_.once ? Choice{discover_unmet(session, own, scratch.met, rng)}
                                        : choose(session, own, past, rng);
      step = choice.follows ? (step + 1) % 3 : 0;
      rows.items[e] = choice.item;
      rows.time_ms[e] = clock_ms - clock_ms % shape_.tick_ms;
      rows.sessions[e] = static_cast<std::int32_t>(session.begin);
      if (!rows.kinds.empty()) rows.kinds[e] = static_cast<EventKind>(step);
      if (!shape_.plays) {
        clock_ms += shape_.shortest_gap_ms + static_cast<std::int64_t>(rng.below(gaps));
        continue;
      }
      const float seconds = listening_.draw_played_s(choice.item, choice.replay, impatience, heard);
      if (!rows.played_s.empty()) rows.played_s[e] = seconds;
      clock_ms += std::min(
          static_cast<std::int64_t>(1000 * seconds) + 1000 + listening_.draw_pause_ms(heard),
          Listening::kLongestGapMs);
    }
  }
  if (shape_.once)
    for (const std::int32_t item : rows.items.first(static_cast<std::size_t>(played)))
      scratch.met[static_cast<std::size_t>(item)] = 0;
  return played;
}

Service::Choice Service::choose(const SessionPlan& session, const Taste& taste,
                                std::span<const std::int32_t> past, Rng& rng) const {
  const bool goes_on = std::ssize(past) > session.begin;
  if (goes_on && shape_.follow > 0 && rng.uniform() < shape_.follow)
    return {past.back(), false, true};
  const auto before = past.first(static_cast<std::size_t>(session.begin));
  if (!before.empty() && rng.uniform() < shape_.repeat) {
    const auto size = static_cast<double>(before.size());
    const double u = rng.uniform();
    const double share = shape_.recency == 2 ? u * u : std::pow(u, shape_.recency);
    const auto age = static_cast<std::size_t>(size * share);
    return {before[before.size() - 1 - std::min(age, before.size() - 1)], true};
  }
  return {discover(session, taste, rng)};
}

std::int32_t Service::discover(const SessionPlan& session, const Taste& taste, Rng& rng) const {
  const bool in_mood = rng.uniform() < shape_.coherence;
  const std::int32_t list = in_mood ? session.mood : taste.draw(session.share, rng);
  return catalogue_.draw(list, epoch_at(session.share), rng);
}

std::int32_t Service::discover_unmet(const SessionPlan& session, const Taste& taste,
                                     std::vector<std::uint8_t>& met, Rng& rng) const {
  std::int32_t item = 0;
  for (int tries = 0; tries < kTries; ++tries) {
    item = discover(session, taste, rng);
    if (std::exchange(met[static_cast<std::size_t>(item)], 1) == 0) return item;
  }
  // A user has at most half of the items, and at least as many are born, so an unmet one is near.
  const int epoch = epoch_at(session.share);
  do {
    item = item + 1 < catalogue_.num_items() ? item + 1 : 0;
  } while (catalogue_.birth(item) > epoch || met[static_cast<std::size_t>(item)] != 0);
  met[static_cast<std::size_t>(item)] = 1;
  return item;
}

void Service::replay_masses(std::int64_t past, std::vector<double>& masses) const {
  masses.resize(static_cast<std::size_t>(past));
  const auto size = static_cast<double>(past);
  for (std::int64_t age = 0; age < past; ++age) {
    const auto at = static_cast<double>(age);
    masses[static_cast<std::size_t>(past - 1 - age)] =
        std::pow((at + 1) / size, 1 / shape_.recency) - std::pow(at / size, 1 / shape_.recency);
  }
}

}  // namespace crossfade
