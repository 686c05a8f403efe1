// RicherWorld: what botify's listeners lack, each part behind a knob of its own.
//
// A knob at 0 changes no bit of the exact world: its random numbers come from streams of their own,
// and the draws of listener, interest and first track are the original's unless a knob says
// otherwise. What happens on a day depends on what had happened by the end of the day before, never
// on sessions of the same day, so sessions may be played in any order and at once. The formulas,
// and what each knob is seen to do, stand in docs/simulation.md.
#pragma once

#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "crossfade/base/knobs.h"
#include "crossfade/base/rng.h"
#include "crossfade/simulation/listening_session.h"

namespace crossfade {

struct RicherConfig {
  double drift = 0;
  double boredom = 0, boredom_days = 7;
  double returning = 0;
  double position = 0;
  double context = 0;
  double new_tracks = 0, new_listeners = 0;
  double buyers = 0;

  template <class Visitor>
  void knobs(Visitor& knob) {
    knob("drift", drift, between(0, 1), "chance that an interest moves to a neighbour, each day");
    knob("boredom", boredom, between(0, 1), "share that a track heard a moment ago has lost");
    knob("boredom_days", boredom_days, between(0.01, 10000), "days in which half of it comes back");
    knob("returning", returning, between(0, 100), "how much pleased listeners come more often");
    knob("position", position, between(0, 100), "attention lost as a session goes on");
    knob("context", context, between(0, 100), "how much the time of day chooses the interest");
    knob("new_tracks", new_tracks, between(0, 1), "share of tracks that come out later");
    knob("new_listeners", new_listeners, between(0, 1), "share of listeners that join later");
    knob("buyers", buyers, between(0, 1), "chance that a session leads into the shop");
  }
};

constexpr std::int32_t kTimesOfDay = 4;  // night, morning, day, evening

class RicherWorld {
 public:
  // `world` must outlive this; its neighbours are where interests drift to. `days` are how long the
  // simulation lasts.
  RicherWorld(const HiddenWorld& world, const RicherConfig& config, std::int64_t seed,
              std::int64_t days);

  // How many sessions the day has, where the first has `episodes`: at most a hundred times as many.
  std::int64_t begin_day(std::int64_t day, std::int64_t episodes);
  // How the day's session of that number begins, and at which time of day.
  Opening open(std::int64_t number, LegacyRng& random);
  std::int32_t time_of_day(std::int64_t number) const;
  // Whether the session of that number leads into the shop.
  bool enters_shop(std::int64_t number) const;
  // What the next step of the session is like if it hears this track.
  Circumstances circumstances(const ListeningSession& session, std::int32_t track) const;
  // Remembers a session of the day that has come to its end. Changes nothing before end_day().
  void remember(std::int64_t number, const ListeningSession& session);
  // Takes in what was remembered, in the order of the sessions' numbers.
  void end_day();

  // For tests: the day a track comes out, a listener joins; an interest now; how content he is.
  std::int64_t birth(std::int32_t track) const { return birth_of(track, 1, config_.new_tracks); }
  std::int64_t arrival(std::int32_t listener) const;
  std::int32_t interest(std::int32_t listener, std::int32_t place) const;
  double content(std::int32_t listener) const;

 private:
  struct Memory {
    std::int32_t listener = -1;
    double pleasure = 0;  // mean share of the session
    std::vector<std::int32_t> tracks;
  };

  Rng stream(std::uint64_t purpose, std::int64_t number) const;
  std::int64_t birth_of(std::int32_t number, std::uint64_t purpose, double share) const;
  void drift_interests();
  std::int32_t draw_listener_here(LegacyRng& random) const;
  std::int32_t draw_interest_here(std::int32_t listener, std::int64_t number,
                                  LegacyRng& random) const;
  Opening draw_first_here(std::int32_t listener, std::int32_t interest, LegacyRng& random) const;

  const HiddenWorld& world_;
  RicherConfig config_;
  std::int64_t seed_, days_, day_ = 0;
  std::vector<std::int32_t> interests_;  // as they are today; empty without drift
  std::vector<double> content_;          // by listener; empty without returning
  std::vector<double> ends_;             // of the chances to come, added up
  std::vector<Memory> memories_;         // of today, by session; empty where nothing remembers
  // By listener and track: the day it was heard last.
  std::unordered_map<std::uint64_t, std::int64_t> heard_;
};

}  // namespace crossfade
