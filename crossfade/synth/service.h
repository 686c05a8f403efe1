// Service: one domain of a world: who uses it how much, when, and what they choose.
//
// A user's events are cut into sessions; each session has a mood, which is one of the lists of the
// user's taste. An event follows up the one before (a click, then the cart), or is a replay of the
// user's own past, or a discovery from the mood's list or from the whole taste. README.md has the
// formulas. Immutable, so any number of threads may ask.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "crossfade/base/thread_pool.h"
#include "crossfade/synth/catalogue.h"
#include "crossfade/synth/listening.h"
#include "crossfade/synth/rhythm.h"
#include "crossfade/synth/streams.h"
#include "crossfade/synth/taste.h"

namespace crossfade {

struct ServiceShape {
  std::string log;          // the name of the domain, "zvuk"
  int number = 1;           // of its random streams: 1 to 7, another for each service of a world
  std::int64_t events = 0;  // in all
  CatalogueShape catalogue;
  TasteShape taste;

  double activity_sigma = 1.2;  // of the logarithm of a user's events per day, cut at 3 sigma
  double arrivals = 0.3;        // share of users who come at some time after the first day
  double repeat = 0;            // chance that an event replays what came before the session
  double recency = 2;           // the latest share x of the past has mass x^(1/recency)
  double follow = 0;  // chance that an event is about the item of the one before in the session
  double session_events = 9;  // mean, and sigma of the logarithm of a lognormal distribution
  double session_sigma = 1.1;
  double coherence = 0.5;  // chance that a discovery follows the session's mood
  bool once = false;       // nobody meets an item twice; repeat and follow must then be 0
  bool plays = false;      // events last as `listening` says
  ListeningShape listening;
  // Between two events of a session that do not last, uniform. Sessions lie at least half an hour
  // apart.
  std::int64_t shortest_gap_ms = 30000, longest_gap_ms = 270000;
  std::int64_t tick_ms = 1;  // times are multiples of it
};

// A run of events without a pause: the user's events begin to end - 1.
struct SessionPlan {
  std::int64_t begin = 0, end = 0;
  std::int64_t start_ms = 0;  // of the first event, or later if the session before took longer
  std::int32_t mood = 0;      // list of the catalogue
  double share = 0;           // of the world's activity that is over at start_ms
};

// What an event in a shop is. One about the item of the event before is the next of these.
enum class EventKind : std::uint8_t { kClick = 0, kCart = 1, kPurchase = 2 };

// Where a user's events are written, row by row.
struct EventRows {
  std::span<std::int32_t> items;     // indices
  std::span<std::int64_t> time_ms;   // since 1970
  std::span<std::int32_t> sessions;  // place of the session's first event among the user's events
  std::span<EventKind> kinds;        // empty: not wanted
  std::span<float> played_s;         // empty: not wanted; only of services with plays
};

class Service {
 public:
  // `members[u]` is 1 if user u uses the service. Users' events sum to shape.events, and each
  // member has one at least if there are enough; of services where nobody meets an item twice, a
  // user gets at most half of the items and the sum may be less.
  Service(ServiceShape shape, Rhythm rhythm, std::uint64_t seed,
          const std::vector<std::uint8_t>& members, ThreadPool& threads);

  const ServiceShape& shape() const { return shape_; }
  const Catalogue& catalogue() const { return catalogue_; }
  const Listening& listening() const { return listening_; }  // of services with plays
  const Rhythm& rhythm() const { return rhythm_; }
  std::int64_t num_users() const { return static_cast<std::int64_t>(offsets_.size()) - 1; }
  // User u's events are rows first_row(u) to first_row(u + 1) of the log in order of users.
  std::int64_t first_row(std::int64_t user) const {
    return offsets_[static_cast<std::size_t>(user)];
  }
  std::int64_t num_events(std::int64_t user) const { return first_row(user + 1) - first_row(user); }
  std::int64_t num_rows() const { return offsets_.back(); }

  Taste taste(std::int64_t user) const;
  // The user's sessions, oldest first, into `sessions`, which is emptied first.
  void plan_sessions(std::int64_t user, const Taste& taste,
                     std::vector<SessionPlan>& sessions) const;

  // The stream of one purpose of one user.
  Rng stream(std::int64_t user, Purpose purpose) const {
    return user_stream(seed_, user, shape_.number, purpose);
  }

  // Scratch of one thread.
  struct Scratch {
    std::vector<SessionPlan> sessions;
    std::vector<std::uint8_t> met;  // by item, all 0 between users; only where `once`
  };
  static constexpr std::int64_t kAlways = std::numeric_limits<std::int64_t>::max();
  // The user's events into rows of size num_events(user); returns how many there are that belong to
  // sessions which start before `until_ms`. Times rise or stay, and rise where tick_ms is below
  // shortest_gap_ms.
  std::int64_t play(std::int64_t user, const EventRows& rows, Scratch& scratch,
                    std::int64_t until_ms = kAlways) const;

  // The chance that a replay goes to each of `past` events, the newest at the end: element i is
  // the mass of event i.
  void replay_masses(std::int64_t past, std::vector<double>& masses) const;

 private:
  struct Choice {
    std::int32_t item;
    bool replay = false, follows = false;
  };
  double arrival(Rng& activity) const;
  Choice choose(const SessionPlan& session, const Taste& taste, std::span<const std::int32_t> past,
                Rng& rng) const;
  std::int32_t discover(const SessionPlan& session, const Taste& taste, Rng& rng) const;
  std::int32_t discover_unmet(const SessionPlan& session, const Taste& taste,
                              std::vector<std::uint8_t>& met, Rng& rng) const;

  ServiceShape shape_;
  Rhythm rhythm_;
  std::uint64_t seed_;
  std::vector<double> taste_shares_;
  Catalogue catalogue_;
  Listening listening_;
  std::vector<std::int64_t> offsets_;
};

}  // namespace crossfade
