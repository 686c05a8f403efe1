// Shows an external id as text, for messages and for text formats.
#include "crossfade/data/ids.h"

#include "crossfade/base/text.h"

namespace crossfade {

std::string to_text(const ExternalId& id) {
  if (const auto* number = std::get_if<std::int64_t>(&id)) return std::to_string(*number);
  return std::get<std::string>(id);
}

std::optional<std::int64_t> as_number(const ExternalId& id) {
  if (const auto* number = std::get_if<std::int64_t>(&id)) return *number;
  const auto& text = std::get<std::string>(id);
  const auto number = parse_int(text);
  return number && std::to_string(*number) == text ? number : std::nullopt;
}

}  // namespace crossfade
