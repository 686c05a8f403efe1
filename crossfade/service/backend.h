// Backend: the recommender as the routes see it.
//
// The routes are tested against a small fake of this interface, without a bundle; the program gives
// them recommender_backend.h, which passes every call on to serving's Recommender. All methods may
// be called from several threads at once.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "crossfade/base/json.h"
#include "crossfade/base/status.h"
#include "crossfade/bundle/catalog.h"
#include "crossfade/serving/request.h"

namespace crossfade {

class Backend {
 public:
  virtual ~Backend() = default;
  // Errors: an unknown domain (usage).
  virtual Result<Slate> recommend(const Request& request) const = 0;
  // The next track after the user's last events; empty if nothing is left to answer.
  virtual Result<Slate> next(const Request& request) const = 0;
  // The user's treatments in the experiments that run.
  virtual std::vector<Treatment> treatments(const ExternalId& user) const = 0;
  virtual Result<Slate> similar(const ExternalId& item, const std::string& domain,
                                std::int64_t k) const = 0;
  // All of `events` or, on error, none; they count in their users' next answers.
  virtual Status observe(std::span<const Event> events) = 0;
  // The catalogue's record; its texts live as long as the backend.
  virtual std::optional<CatalogEntry> track(std::int64_t track) const = 0;
  // Facts for /health/info.
  virtual Json describe() const = 0;
};

}  // namespace crossfade
