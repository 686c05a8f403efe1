// FakeBackend: a recommender for the tests of the routes, without a bundle. Answers the track 7,
// knows the catalogue of tests/service/catalog.jsonl, and remembers what it was told.
#pragma once

#include <mutex>
#include <string>
#include <vector>

#include "crossfade/base/file.h"
#include "crossfade/base/text.h"
#include "crossfade/service/backend.h"

namespace crossfade {

class FakeBackend final : public Backend {
 public:
  // `catalog` is a file of JSON lines, or "" for none.
  explicit FakeBackend(const std::string& catalog = "") {
    if (catalog.empty()) return;
    for (const std::string& line : split(read_file(catalog).value(), '\n')) {
      if (line.empty()) continue;
      const Json json = parse_json(line).value();
      Track track{json.string_at("artist").value(), json.string_at("title").value(), {}};
      if (const auto* list = json["recommendations"].as_array())
        for (const Json& item : *list) track.recommendations.push_back(*item.as_int());
      tracks_.push_back(std::move(track));
    }
  }

  Result<Slate> recommend(const Request& request) const override {
    if (!request.domain.empty() && request.domain != "zvuk")
      return unknown_name("domain", request.domain, {"zvuk"});
    last_request = request;
    Slate slate;
    for (std::int64_t i = 0; i < std::min<std::int64_t>(request.k, 3); ++i)
      slate.items.push_back({ExternalId(i + 1), 1.0 / static_cast<double>(i + 1), "popular"});
    return slate;
  }
  Result<Slate> next(const Request& request) const override {
    last_request = request;
    Slate slate;
    if (next_item) slate.items.push_back({*next_item, 1.0, "als", 0.25});
    slate.treatments = treatments(request.user);
    return slate;
  }
  std::vector<Treatment> treatments(const ExternalId&) const override { return {{"AA", "T1"}}; }
  Result<Slate> similar(const ExternalId& item, const std::string& domain,
                        std::int64_t k) const override {
    (void)domain;
    Slate slate;
    if (k > 0) slate.items.push_back({item, 0.5, "als"});
    return slate;
  }
  Status observe(std::span<const Event> events) override {
    const std::lock_guard lock(mutex_);
    if (!observe_status.ok()) return observe_status;
    observed.insert(observed.end(), events.begin(), events.end());
    return ok_status();
  }
  std::optional<CatalogEntry> track(std::int64_t track) const override {
    if (track < 0 || track >= static_cast<std::int64_t>(tracks_.size())) return std::nullopt;
    const Track& found = tracks_[static_cast<std::size_t>(track)];
    return CatalogEntry{track, found.artist, found.title, found.recommendations};
  }
  Json describe() const override { return Json::object().set("users", 3); }

  std::optional<ExternalId> next_item = ExternalId(std::int64_t{7});
  Status observe_status;
  std::vector<Event> observed;
  mutable Request last_request;  // tests that look at it ask from one thread

 private:
  struct Track {
    std::string artist, title;
    std::vector<std::int64_t> recommendations;
  };
  std::vector<Track> tracks_;
  std::mutex mutex_;
};

}  // namespace crossfade
