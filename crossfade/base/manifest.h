// The manifest of a folder: JSON that guards itself, so that a flipped bit in it is found before
// anything that it says is believed. Stores, models and bundles seal theirs here.
#pragma once

#include <string>

#include "crossfade/base/json.h"
#include "crossfade/base/status.h"

namespace crossfade {

// The text of a manifest: {"checksum": .., then the members in their order}. The checksum is the
// SHA-256 of the text itself, taken with its digits as zeros. Equal members give equal bytes.
std::string seal_manifest(const Json& members);

// Whether the text has a checksum where seal_manifest() puts it, and it is the text's.
bool is_sealed(const std::string& text);

}  // namespace crossfade
