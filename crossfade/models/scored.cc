// Sorting, padding and reading back, once for all generators; see scored.h.
#include "crossfade/models/scored.h"

#include <algorithm>

namespace crossfade {

void keep_best(std::vector<ScoredItem>& scored, std::int64_t k) {
  const auto kept = std::min(scored.size(), static_cast<std::size_t>(std::max<std::int64_t>(k, 0)));
  std::partial_sort(scored.begin(), scored.begin() + static_cast<std::ptrdiff_t>(kept),
                    scored.end(), better);
  scored.resize(kept);
}

HiddenForModel::HiddenForModel(std::span<const std::uint8_t> hidden, std::int64_t num_items) {
  const auto size = static_cast<std::size_t>(num_items);
  if (hidden.empty() || hidden.size() >= size) {
    span_ = hidden.first(std::min(hidden.size(), size));
    return;
  }
  padded_.assign(hidden.begin(), hidden.end());
  padded_.resize(size, 0);
  span_ = padded_;
}

Result<std::int64_t> learned_items(const Json& metadata) {
  return metadata.int_at(metadata["learned_items"].is_null() ? "num_items" : "learned_items");
}

std::vector<std::string> settings_from_json(const Json& knobs) {
  std::vector<std::string> settings;
  if (const Json::Object* members = knobs.as_object())
    for (const auto& [name, value] : *members)
      settings.push_back(name + "=" + (value.as_string() ? *value.as_string() : to_text(value)));
  return settings;
}

}  // namespace crossfade
