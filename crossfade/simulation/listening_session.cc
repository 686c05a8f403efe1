// Sessions are short (some ten plays, rarely hundreds), so what was played is looked for by a scan.
#include "crossfade/simulation/listening_session.h"

#include <algorithm>
#include <cmath>
#include <span>

#include "crossfade/base/check.h"

namespace crossfade {
namespace {

double expit(double x) {
  return 1 / (1 + std::exp(-x));
}

// numpy.round(x, 2)
double round_to_hundredths(double x) {
  return std::nearbyint(x * 100) / 100;
}

}  // namespace

std::int32_t draw_listener(const HiddenWorld& world, LegacyRng& random) {
  return static_cast<std::int32_t>(
      random.below(static_cast<std::uint32_t>(world.listeners.all.size())));
}

std::int32_t draw_interest(const HiddenWorld& world, std::int32_t listener, LegacyRng& random) {
  const Listener& who = world.listeners.all[static_cast<std::size_t>(listener)];
  const std::span<const std::int32_t> interests = world.listeners.interests_of(who);
  return interests[random.below(static_cast<std::uint32_t>(interests.size()))];
}

Opening draw_first(const HiddenWorld& world, std::int32_t listener, std::int32_t interest,
                   LegacyRng& random) {
  const Listener& who = world.listeners.all[static_cast<std::size_t>(listener)];
  const std::span<const std::int32_t> near = world.neighbours.of(interest);
  const std::size_t count = std::min(near.size(), static_cast<std::size_t>(who.temper.neighbours));
  const std::uint32_t place = random.below(static_cast<std::uint32_t>(count));
  return {listener, interest, static_cast<std::int32_t>(place), near[place]};
}

Opening draw_opening(const HiddenWorld& world, LegacyRng& random) {
  const std::int32_t listener = draw_listener(world, random);
  const std::int32_t interest = draw_interest(world, listener, random);
  return draw_first(world, listener, interest, random);
}

void ListeningSession::begin(const HiddenWorld& world, const Opening& opening) {
  world_ = &world;
  opening_ = opening;
  listener_ = &world.listeners.all[static_cast<std::size_t>(opening.listener)];
  budget_ = listener_->temper.budget;
  share_ = 1;
  reward_ = 0;
  played_.assign(1, opening.first);
  artists_.assign(1, world.tracks.artist_of[static_cast<std::size_t>(opening.first)]);
}

bool ListeningSession::has_played(std::int32_t track) const {
  return std::find(played_.begin(), played_.end(), track) != played_.end();
}

void ListeningSession::hear(std::int32_t track, double affinity, LegacyRng& random,
                            Circumstances now) {
  CROSSFADE_CHECK(!over(), "a session that is over hears nothing more");
  const Temper& temper = listener_->temper;
  const std::int32_t artist = world_->tracks.artist_of[static_cast<std::size_t>(track)];
  share_ = 0;
  if (!has_played(track)) {
    const auto plays = std::count(artists_.begin(), artists_.end(), artist);
    const double liking = expit((affinity - temper.bias) * temper.sharpness + now.shift);
    const double discount = std::pow(temper.gamma, static_cast<double>(plays));
    share_ = round_to_hundredths(liking * discount * now.factor);
  }
  if (random.uniform() > share_) --budget_;
  reward_ += share_;
  played_.push_back(track);
  artists_.push_back(artist);
}

}  // namespace crossfade
