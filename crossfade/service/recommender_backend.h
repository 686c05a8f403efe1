// RecommenderBackend: the Backend that serves, a thin shell around serving's Recommender.
#pragma once

#include "crossfade/service/backend.h"
#include "crossfade/serving/recommender.h"

namespace crossfade {

class RecommenderBackend final : public Backend {
 public:
  // `recommender` must outlive this object.
  explicit RecommenderBackend(Recommender& recommender) : recommender_(recommender) {}

  Result<Slate> recommend(const Request& request) const override {
    return recommender_.recommend(request);
  }
  Result<Slate> next(const Request& request) const override { return recommender_.next(request); }
  std::vector<Treatment> treatments(const ExternalId& user) const override {
    return recommender_.treatments(user);
  }
  Result<Slate> similar(const ExternalId& item, const std::string& domain,
                        std::int64_t k) const override {
    return recommender_.similar(item, domain, k);
  }
  Status observe(std::span<const Event> events) override { return recommender_.observe(events); }
  std::optional<CatalogEntry> track(std::int64_t track) const override {
    return recommender_.track(track);
  }
  Json describe() const override { return recommender_.describe(); }

 private:
  Recommender& recommender_;
};

}  // namespace crossfade
