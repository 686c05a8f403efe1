// Manifests: equal members give equal text, and no flipped bit passes.
#include "crossfade/base/manifest.h"

#include <gtest/gtest.h>

namespace crossfade {
namespace {

TEST(Manifest, SealsItsOwnText) {
  const Json members = Json::object().set("kind", "lamp").set("watts", 40);
  const std::string text = seal_manifest(members);
  EXPECT_TRUE(is_sealed(text));
  EXPECT_EQ(seal_manifest(members), text);
  EXPECT_EQ(*(*parse_json(text))["watts"].as_int(), 40);
}

TEST(Manifest, EveryFlippedBitIsFound) {
  const std::string text = seal_manifest(Json::object().set("kind", "lamp"));
  for (std::size_t at = 0; at < text.size(); ++at) {
    std::string damaged = text;
    damaged[at] ^= 1;
    EXPECT_FALSE(is_sealed(damaged)) << at;
    EXPECT_FALSE(is_sealed(text.substr(0, at))) << at;
  }
}

}  // namespace
}  // namespace crossfade
