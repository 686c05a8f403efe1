// Each part is skipped when its knob is 0.
#include "crossfade/simulation/richer_world.h"

#include <algorithm>
#include <cmath>

namespace crossfade {
namespace {

// Purposes of streams.
constexpr std::uint64_t kTracks = 1, kListeners = 2, kDrift = 3, kTime = 4, kInterestTime = 5,
                        kShop = 6;
constexpr double kContent = 0.3;     // at the start: the mean share of a session
constexpr double kLearning = 0.3;    // how much the last session moves it
constexpr double kMostGrowth = 100;  // a day has at most so many times the first day's sessions

std::uint64_t key_of(std::int32_t listener, std::int32_t track) {
  return static_cast<std::uint64_t>(static_cast<std::uint32_t>(listener)) << 32 |
         static_cast<std::uint32_t>(track);
}

}  // namespace

RicherWorld::RicherWorld(const HiddenWorld& world, const RicherConfig& config, std::int64_t seed,
                         std::int64_t days)
    : world_(world), config_(config), seed_(seed), days_(days) {
  if (config.drift > 0) interests_ = world.listeners.interests;
  if (config.returning > 0) content_.assign(world.listeners.all.size(), kContent);
}

Rng RicherWorld::stream(std::uint64_t purpose, std::int64_t number) const {
  return Rng(mix64(static_cast<std::uint64_t>(seed_) ^ mix64(0x51C4E000 + purpose)),
             static_cast<std::uint64_t>(number));
}

// Day 0 for most; a share of them come on one of the later days, all alike.
std::int64_t RicherWorld::birth_of(std::int32_t number, std::uint64_t purpose, double share) const {
  if (share == 0 || days_ < 2) return 0;
  Rng rng = stream(purpose, number);
  if (rng.uniform() >= share) return 0;
  return 1 + static_cast<std::int64_t>(rng.below(static_cast<std::uint64_t>(days_ - 1)));
}

std::int64_t RicherWorld::arrival(std::int32_t listener) const {
  // Somebody has to be there on the first day.
  return listener == 0 ? 0 : birth_of(listener, kListeners, config_.new_listeners);
}

std::int32_t RicherWorld::interest(std::int32_t listener, std::int32_t place) const {
  const Listener& who = world_.listeners.all[static_cast<std::size_t>(listener)];
  const auto at = static_cast<std::size_t>(who.first_interest + place);
  return interests_.empty() ? world_.listeners.interests[at] : interests_[at];
}

double RicherWorld::content(std::int32_t listener) const {
  return content_.empty() ? kContent : content_[static_cast<std::size_t>(listener)];
}

void RicherWorld::drift_interests() {
  for (std::size_t at = 0; at < interests_.size(); ++at) {
    // One number per interest and day, whatever is drawn for the others.
    Rng rng = stream(kDrift, day_ * static_cast<std::int64_t>(interests_.size()) +
                                 static_cast<std::int64_t>(at));
    if (rng.uniform() >= config_.drift) continue;
    const auto near = world_.neighbours.of(interests_[at]);
    interests_[at] = near[rng.below(near.size())];
  }
}

std::int64_t RicherWorld::begin_day(std::int64_t day, std::int64_t episodes) {
  day_ = day;
  if (day > 0 && config_.drift > 0) drift_interests();
  std::int64_t sessions = episodes;
  if (config_.returning > 0) {
    double sum = 0, there = 0;
    ends_.clear();
    for (std::size_t listener = 0; listener < content_.size(); ++listener) {
      const bool here = arrival(static_cast<std::int32_t>(listener)) <= day;
      there += here;
      sum += here ? std::exp(config_.returning * (content_[listener] - kContent)) : 0;
      ends_.push_back(sum);
    }
    const double growth = std::min(sum / there, kMostGrowth);
    sessions = std::max<std::int64_t>(1, std::llround(static_cast<double>(episodes) * growth));
  }
  if (config_.boredom > 0 || config_.returning > 0)
    memories_.assign(static_cast<std::size_t>(sessions), {});
  return sessions;
}

std::int32_t RicherWorld::draw_listener_here(LegacyRng& random) const {
  if (config_.returning > 0) {
    const auto place =
        std::upper_bound(ends_.begin(), ends_.end() - 1, random.uniform() * ends_.back());
    return static_cast<std::int32_t>(place - ends_.begin());
  }
  std::int32_t listener = draw_listener(world_, random);
  while (arrival(listener) > day_) listener = draw_listener(world_, random);
  return listener;
}

std::int32_t RicherWorld::draw_interest_here(std::int32_t listener, std::int64_t number,
                                             LegacyRng& random) const {
  const Listener& who = world_.listeners.all[static_cast<std::size_t>(listener)];
  const auto count = static_cast<std::uint32_t>(who.num_interests);
  if (config_.context == 0)
    return interest(listener, static_cast<std::int32_t>(random.below(count)));
  // Every interest has its time of day, in which it weighs e^context as much.
  const std::int32_t now = time_of_day(number);
  const auto weight = [&](std::uint32_t place) {
    Rng rng = stream(kInterestTime, who.first_interest + place);
    return static_cast<std::int32_t>(rng.below(kTimesOfDay)) == now ? std::exp(config_.context)
                                                                    : 1.0;
  };
  double sum = 0;
  for (std::uint32_t place = 0; place < count; ++place) sum += weight(place);
  double left = random.uniform() * sum;
  std::uint32_t place = 0;
  while (place + 1 < count && (left -= weight(place)) >= 0) ++place;
  return interest(listener, static_cast<std::int32_t>(place));
}

Opening RicherWorld::draw_first_here(std::int32_t listener, std::int32_t interest,
                                     LegacyRng& random) const {
  if (config_.new_tracks == 0) return draw_first(world_, listener, interest, random);
  const Temper& temper = world_.listeners.all[static_cast<std::size_t>(listener)].temper;
  const auto near = world_.neighbours.of(interest);
  std::vector<std::int32_t> out;  // places of what has come out by today
  for (std::size_t place = 0;
       place < std::min(near.size(), static_cast<std::size_t>(temper.neighbours)); ++place)
    if (birth(near[place]) <= day_) out.push_back(static_cast<std::int32_t>(place));
  if (out.empty()) return {listener, interest, 0, near[0]};  // a preview
  const std::int32_t place = out[random.below(static_cast<std::uint32_t>(out.size()))];
  return {listener, interest, place, near[static_cast<std::size_t>(place)]};
}

Opening RicherWorld::open(std::int64_t number, LegacyRng& random) {
  const std::int32_t listener = draw_listener_here(random);
  return draw_first_here(listener, draw_interest_here(listener, number, random), random);
}

std::int32_t RicherWorld::time_of_day(std::int64_t number) const {
  if (config_.context == 0) return 0;
  return static_cast<std::int32_t>(stream(kTime, day_ << 32 | number).below(kTimesOfDay));
}

bool RicherWorld::enters_shop(std::int64_t number) const {
  return config_.buyers > 0 && stream(kShop, day_ << 32 | number).uniform() < config_.buyers;
}

Circumstances RicherWorld::circumstances(const ListeningSession& session,
                                         std::int32_t track) const {
  Circumstances now;
  if (config_.position > 0)
    now.shift = -config_.position * std::log1p(static_cast<double>(session.steps()));
  if (config_.boredom > 0) {
    const auto found = heard_.find(key_of(session.opening().listener, track));
    if (found != heard_.end())
      now.factor = 1 - config_.boredom * std::exp2(-static_cast<double>(day_ - found->second) /
                                                   config_.boredom_days);
  }
  if (config_.new_tracks > 0 && birth(track) > day_) now.factor = 0;
  return now;
}

void RicherWorld::remember(std::int64_t number, const ListeningSession& session) {
  if (memories_.empty()) return;
  Memory& memory = memories_[static_cast<std::size_t>(number)];
  memory.listener = session.opening().listener;
  if (session.steps() > 0)
    memory.pleasure = session.reward() / static_cast<double>(session.steps());
  if (config_.boredom > 0) memory.tracks = session.played();
}

void RicherWorld::end_day() {
  for (const Memory& memory : memories_) {
    if (memory.listener < 0) continue;
    for (const std::int32_t track : memory.tracks) heard_[key_of(memory.listener, track)] = day_;
    if (content_.empty()) continue;
    double& content = content_[static_cast<std::size_t>(memory.listener)];
    content += kLearning * (memory.pleasure - content);
  }
}

}  // namespace crossfade
