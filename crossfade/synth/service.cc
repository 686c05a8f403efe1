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
constexpr int kTries = 64;  // to meet something new, before the next unmet item is taken

// Shares whose running sum is rounded: they sum to `total` exactly, and none exceeds `limit`.
std::vector<std::int64_t> share_out(const std::vector<double>& weights, std::int64_t total,
                                    std::int64_t limit) {
  double sum = 0;
  for (const double weight : weights) sum += weight;
  std::vector<std::int64_t> offsets{0};
  offsets.reserve(weights.size() + 1);
  double reached = 0;
  std::int64_t given = 0;
  for (const double weight : weights) {
    reached += weight;
    const auto target = static_cast<std::int64_t>(
        std::floor(sum > 0 ? reached / sum * static_cast<double>(total) + 0.5 : 0));
    offsets.push_back(offsets.back() + std::min(target - given, limit));
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
  // Geometric from 1 by inversion; a mean of 1 makes every session one event.
  const double log_stay = std::log(1 - 1 / shape_.session_events);
  for (std::int64_t begin = 0; begin < events;) {
    const double more = std::floor(std::log(1 - rng.uniform()) / log_stay);
    const std::int64_t size =
        1 + static_cast<std::int64_t>(std::min(more, static_cast<double>(events)));
    const std::int64_t end = std::min(begin + size, events);
    sessions.push_back({begin, end, 0, taste.draw(rng)});
    begin = end;
  }
  // Starts are uniform shares of the activity after the arrival, drawn in order: of m uniform
  // points that are left, the smallest lies at 1 - u^(1/m).
  Rng activity = stream(user, Purpose::kActivity);
  double reached = arrival(activity);
  for (std::size_t s = 0; s < sessions.size(); ++s) {
    const auto left = static_cast<double>(sessions.size() - s);
    reached += (1 - reached) * (1 - std::pow(1 - rng.uniform(), 1 / left));
    sessions[s].start_ms = rhythm_.time_ms(reached);
  }
}

void Service::play(std::int64_t user, std::span<std::int32_t> items,
                   std::span<std::int64_t> time_ms, Scratch& scratch) const {
  const Taste own = taste(user);
  plan_sessions(user, own, scratch.sessions);
  if (shape_.once) scratch.met.resize(static_cast<std::size_t>(catalogue_.num_items()), 0);
  Rng rng = stream(user, Purpose::kEvents);
  const auto gaps = static_cast<std::uint64_t>(shape_.longest_gap_ms - shape_.shortest_gap_ms + 1);
  std::int64_t clock_ms = 0;
  for (const SessionPlan& session : scratch.sessions) {
    clock_ms = std::max(session.start_ms, clock_ms + kPauseMs);
    for (auto e = static_cast<std::size_t>(session.begin);
         e < static_cast<std::size_t>(session.end); ++e) {
      items[e] = shape_.once ? choose_unmet(session, own, scratch.met, rng)
                             : choose(session, own, items.first(e), rng);
      time_ms[e] = clock_ms - clock_ms % shape_.tick_ms;
      clock_ms += shape_.shortest_gap_ms + static_cast<std::int64_t>(rng.below(gaps));
    }
  }
  if (shape_.once)
    for (const std::int32_t item : items) scratch.met[static_cast<std::size_t>(item)] = 0;
}

std::int32_t Service::choose(const SessionPlan& session, const Taste& taste,
                             std::span<const std::int32_t> past, Rng& rng) const {
  if (!past.empty() && rng.uniform() < shape_.repeat) {
    const auto size = static_cast<double>(past.size());
    const auto age = static_cast<std::size_t>(size * std::pow(rng.uniform(), shape_.recency));
    return past[past.size() - 1 - std::min(age, past.size() - 1)];
  }
  const bool in_mood = rng.uniform() < shape_.coherence;
  const std::int32_t list = in_mood ? session.mood : taste.draw(rng);
  return catalogue_.lists().draw(list, rng);
}

std::int32_t Service::choose_unmet(const SessionPlan& session, const Taste& taste,
                                   std::vector<std::uint8_t>& met, Rng& rng) const {
  std::int32_t item = 0;
  for (int tries = 0; tries < kTries; ++tries) {
    item = choose(session, taste, {}, rng);
    if (std::exchange(met[static_cast<std::size_t>(item)], 1) == 0) return item;
  }
  // A user has at most half of the items, so an unmet one is near.
  do {
    item = item + 1 < catalogue_.num_items() ? item + 1 : 0;
  } while (std::exchange(met[static_cast<std::size_t>(item)], 1) != 0);
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
