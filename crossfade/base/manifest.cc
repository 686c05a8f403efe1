// The checksum stands first, at a fixed place, so that sealing and checking are one replacement.
#include "crossfade/base/manifest.h"

#include "crossfade/base/hash.h"

namespace crossfade {
namespace {

constexpr std::string_view kChecksumStart = "{\n  \"checksum\": \"";
constexpr std::size_t kChecksumDigits = 64;

// The text with its checksum filled in.
std::string seal(std::string text) {
  text.replace(kChecksumStart.size(), kChecksumDigits, std::string(kChecksumDigits, '0'));
  return text.replace(kChecksumStart.size(), kChecksumDigits, sha256_hex(text));
}

}  // namespace

std::string seal_manifest(const Json& members) {
  Json manifest = Json::object();
  manifest.set("checksum", std::string(kChecksumDigits, '0'));
  for (const auto& [name, value] : *members.as_object()) manifest.set(name, value);
  std::string text = to_pretty_text(manifest);
  CROSSFADE_CHECK(text.starts_with(kChecksumStart), "a manifest's checksum is its first member");
  return seal(std::move(text));
}

bool is_sealed(const std::string& text) {
  return text.starts_with(kChecksumStart) &&
         text.size() > kChecksumStart.size() + kChecksumDigits && text == seal(text);
}

}  // namespace crossfade
