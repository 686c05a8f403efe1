// Small pieces that generators share when they turn scores into an answer.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "crossfade/base/json.h"
#include "crossfade/data/history.h"
#include "crossfade/retrieval/topk.h"

namespace crossfade {

// The order of every answer: score descending, then index ascending. An object, which sorting
// inlines, where a function would be called through a pointer.
inline constexpr auto better = [](const ScoredItem& a, const ScoredItem& b) {
  return a.score != b.score ? a.score > b.score : a.item < b.item;
};
// Leaves the best k, best first.
void keep_best(std::vector<ScoredItem>& scored, std::int64_t k);

// The user's history in the model's domain; empty where the view has none.
inline History history_of(const UserView& view, std::size_t domain_index) {
  return domain_index < view.by_domain.size() ? view.by_domain[domain_index] : History{};
}

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

// Of a model's manifest: the items that its generator learned, those of all domains where it
// learned from several. Errors (data invalid): not told.
Result<std::int64_t> learned_items(const Json& metadata);

// Knobs as they stand in a manifest, as settings for apply_settings: {"factors": 64} is
// "factors=64".
std::vector<std::string> settings_from_json(const Json& knobs);

}  // namespace crossfade
