// Hashes against published vectors (FIPS 180-4 examples) and for their spread.
#include "crossfade/base/hash.h"

#include <gtest/gtest.h>

#include <set>

namespace crossfade {
namespace {

TEST(Sha256, PublishedVectors) {
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(Sha256, PiecesEqualTheWhole) {
  Sha256 sha;
  sha.update("a");
  sha.update("bc");
  EXPECT_EQ(sha.finish_hex(), sha256_hex("abc"));
}

TEST(Sha256, MissingFileIsAnError) {
  EXPECT_FALSE(sha256_hex_of_file("/nonexistent/file").ok());
}

TEST(HashBytes, LengthAndSeedMatter) {
  std::set<std::uint64_t> seen;
  for (int length = 0; length < 64; ++length) seen.insert(hash_bytes(std::string(length, 'a')));
  EXPECT_EQ(seen.size(), 64u);
  EXPECT_NE(hash_bytes("abc", 1), hash_bytes("abc", 2));
}

}  // namespace
}  // namespace crossfade
