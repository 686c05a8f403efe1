// Recommender: the service without its sockets. The HTTP face, the command line, tests and (later)
// the simulator all call this one object.
//
// The answer for a user: with a live history, ALS folds history and live events in; else the
// personal list of the bundle; else the model's answer for the stored history; then the popular
// items fill what is missing. Filters come last on every path: no answer ever holds a seen (unless
// asked), hidden, excluded or repeated item.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "crossfade/base/clock.h"
#include "crossfade/bundle/bundle.h"
#include "crossfade/events/event_log.h"
#include "crossfade/serving/request.h"

namespace crossfade {

// A track of the catalogue as botify's protocol shows it.
struct CatalogEntry {
  ExternalId item;
  std::string artist, title;
  std::vector<ExternalId> recommendations;
};

class Recommender {
 public:
  // Takes the bundle and an open event log, whose events are already replayed into it.
  Recommender(Bundle bundle, EventLog events);
  ~Recommender();
  Recommender(Recommender&&) noexcept;

  // Errors: an unknown domain (usage). Unknown users get the popular items. Thread-safe.
  Result<Slate> recommend(const Request& request) const;
  // The next track after what was just played: the best allowed item, or nothing if none is left.
  // Items played in this user's last events are not repeated while others are left.
  Result<std::vector<SlateItem>> next(const Request& request) const;
  // Appends to the event log, then counts in that user's next answer. Thread-safe.
  Status observe(const Event& event);
  // Items like `item`; an unknown item is an empty list.
  Result<Slate> similar(const ExternalId& item, const std::string& domain, std::int64_t k) const;
  // The catalogue's record, or nullptr.
  const CatalogEntry* track(std::int64_t track) const;
  // Facts for health and logs: bundle fingerprint, users, items, events replayed.
  Json describe() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace crossfade
