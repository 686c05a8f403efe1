// Simulation: listeners meet a recommender, day after day.
//
// A day is a number of sessions. `listeners` of them are open at once, each with random numbers of
// its own: listener l of L plays the sessions l, l + L, l + 2L, ... of a day. With one listener the
// draws are the original's, one stream seeded with the seed; listener l > 0 has a stream seeded by
// a hash of (seed, l). So what each listener draws and in which order does not depend on the others
// nor on who answers first, and for a recommender whose answer depends on nothing but the question
// the sessions are the same in every run. One that remembers its users sees the questions of a day
// in an order that is fixed for doors inside this process and one thread, and that depends on the
// network elsewhere.
//
// Beside the exact world stands a richer one (richer_world.h), and a shop that listeners visit
// (shop.h); neither changes a bit where it is not asked for.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "crossfade/base/clock.h"
#include "crossfade/base/context.h"
#include "crossfade/simulation/door.h"
#include "crossfade/simulation/listening_session.h"
#include "crossfade/simulation/played_log.h"
#include "crossfade/simulation/richer_world.h"
#include "crossfade/simulation/shop.h"

namespace crossfade {

struct SimulationOptions {
  std::int64_t episodes = 100;  // sessions of a day (of the first, where contentment counts)
  std::int64_t days = 1;
  std::int64_t listeners = 1;     // at once
  std::int64_t max_steps = 0;     // a session that goes on longer is given up; 0: no limit
  std::int64_t seed = 42;         // 0 to 2^32 - 1, as numpy takes it
  std::int64_t first_stream = 0;  // where the numbers of the listeners' streams begin
  std::int64_t start_ms = 0;      // when the first day begins; since 1970, UTC
  PlayedLog* log = nullptr;       // may be null
  RicherConfig richer = {};       // the exact world, unless something is set
  // Where richer.buyers go; a shop has a door, which is asked with the same listeners' numbers.
  const Shop* shop = nullptr;
  Door* shop_door = nullptr;
  PlayedLog* shop_log = nullptr;  // may be null
};

// One session as it came out.
struct SessionRecord {
  std::int64_t user = 0;
  Opening opening;
  std::int64_t steps = 0;
  double reward = 0;  // sum of the shares, without the first track
  Loss loss = Loss::kNone;
};

// Mean and standard error (that of a sample's mean, with n - 1 in the variance, as pandas has it;
// NaN for fewer than two).
struct DayMean {
  double mean = 0, error = 0;
};

struct DayResult {
  std::int64_t sessions = 0;                      // lost ones among them
  DayMean reward, steps;                          // of the sessions that were not lost
  std::array<std::int64_t, kNumLosses> losses{};  // by Loss
};

struct SimulationResult {
  std::vector<DayResult> days = {};
  std::vector<DayResult> shop_days = {};  // visits of the shop; empty without one
  std::int64_t requests = 0;              // questions that were answered
  // Not all sessions were played: so many in a row were lost that the recommender must be gone.
  bool given_up = false;
};

// Takes the sessions of a day, in the order of their numbers.
using DaySink = std::function<Status(std::int64_t day, std::span<const SessionRecord> sessions)>;

// Plays all days. `sink` may be null. Errors: usage (an option out of its range), interrupted, the
// door's and the log's and the sink's.
Result<SimulationResult> simulate(const HiddenWorld& world, Door& door,
                                  const SimulationOptions& options, const DaySink& sink,
                                  Context& context);

}  // namespace crossfade
