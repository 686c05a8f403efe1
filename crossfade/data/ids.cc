// Shows an external id as text, for messages and for text formats.
#include "crossfade/data/ids.h"

namespace crossfade {

std::string to_text(const ExternalId& id) {
  if (const auto* number = std::get_if<std::int64_t>(&id)) return std::to_string(*number);
  return std::get<std::string>(id);
}

}  // namespace crossfade
