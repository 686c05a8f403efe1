// Small pieces that generators share when they turn scores into an answer.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "crossfade/base/json.h"
#include "crossfade/retrieval/topk.h"

namespace crossfade {

// Leaves the best k, best first: score descending, then index ascending.
void keep_best(std::vector<ScoredItem>& scored, std::int64_t k);

// RecommendOptions::hidden for a model that may have been trained when the domain had fewer items:
// one entry for each of the model's items, or empty.
class HiddenForModel {
 public:
  HiddenForModel(std::span<const std::uint8_t> hidden, std::int64_t num_items);
  HiddenForModel(const HiddenForModel&) = delete;
  HiddenForModel& operator=(const HiddenForModel&) = delete;
  std::span<const std::uint8_t> span() const { return span_; }

 private:
  std::vector<std::uint8_t> padded_;
  std::span<const std::uint8_t> span_;
};

// Knobs as they stand in a manifest, as settings for apply_settings: {"factors": 64} is
// "factors=64".
std::vector<std::string> settings_from_json(const Json& knobs);

}  // namespace crossfade
