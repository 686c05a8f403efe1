// Recommender: the service without its sockets. The HTTP face, the command line, tests and the
// simulator all call this one object.
//
// The answer for a user: with a live history, the model folds stored and live history in; else the
// personal list of the bundle; else the model's answer for the stored history; then the popular
// items fill what is missing. Filters come last on every path: no answer ever holds a seen (unless
// asked), hidden, excluded or repeated item.
//
// A bundle with flows (flow_plan.h) answers next() by the flow of the user's treatment. What is
// drawn depends on the seed, the user and how many events he has had, and on nothing else: the same
// log gives the same answers, also after a restart.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "crossfade/bundle/bundle.h"
#include "crossfade/events/event_log.h"
#include "crossfade/serving/request.h"

namespace crossfade {

// An event that weighs less than `skip_below` is a skip: seen, but not liked (weight 0 in the live
// history; the log keeps what was reported). As a share of what was played, 0.1 of three minutes.
struct LiveOptions {
  double skip_below = 0.1;
  std::int64_t seed = 0;    // of the draws of flows
  bool log_answers = true;  // beside the events, where there is a file
};

// All members may be called from several threads at once.
class Recommender {
 public:
  // Takes the bundle and an open event log (EventLog::open, or without_file()) and replays its
  // events; recovery() says what was found. The bundle's flows have to be good: create() says if
  // they are not.
  Recommender(Bundle bundle, EventLog events, LiveOptions options = {});
  // Errors (data invalid): flows that this engine cannot serve.
  static Result<Recommender> create(Bundle bundle, EventLog events, LiveOptions options = {});
  ~Recommender();
  Recommender(Recommender&&) noexcept;

  // Errors: an unknown domain (usage, names those there are). Unknown users get popular items.
  Result<Slate> recommend(const Request& request) const;
  // What to play after the last event: at most k items, best first. With a catalogue only its
  // tracks are answered. Seen items and the user's live events are left out while others are left;
  // then only the live events are; then what was just played; a track that is alone is played
  // again. So the answer is empty only if everything is hidden or excluded. A flow with `repeats`
  // leaves out hidden and excluded items only.
  Result<Slate> next(const Request& request) const;
  // The user's treatment in every experiment that has one for him.
  std::vector<Treatment> treatments(const ExternalId& user) const;
  // Appends to the event log; the events count in their users' next answers. Errors: check_event(),
  // an unknown domain (usage), a log that cannot be written; none of the events counts then.
  Status observe(std::span<const Event> events);
  Status observe(const Event& event) { return observe(std::span(&event, 1)); }
  // At most k items like `item`; an unknown item has none. Errors: an unknown domain (usage).
  Result<Slate> similar(const ExternalId& item, const std::string& domain, std::int64_t k) const;
  // The catalogue's record of a track; its texts live as long as this object.
  std::optional<CatalogEntry> track(std::int64_t track) const;
  // Facts for health and logs: bundle fingerprint, users, items, models, events.
  Json describe() const;
  const EventLog::Recovery& recovery() const;
  // Waits until all acknowledged events are on the disk: for a graceful stop.
  Status sync();

 private:
  struct State;
  explicit Recommender(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace crossfade
