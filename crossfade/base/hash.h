// Hashes: SHA-256 where a file has to be proven whole, a fast 64-bit hash where bytes become a key.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "crossfade/base/status.h"

namespace crossfade {

// SHA-256 (FIPS 180-4) of bytes that come in pieces.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;
  void update(std::string_view bytes);
  // 64 lower-case hexadecimal digits. No update after this.
  std::string finish_hex();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

std::string sha256_hex(std::string_view bytes);
Result<std::string> sha256_hex_of_file(const std::string& path);

// A 64-bit hash of bytes for tables and fingerprints; not for proof against an adversary.
std::uint64_t hash_bytes(std::string_view bytes, std::uint64_t seed = 0);

}  // namespace crossfade
