// SHA-256 is OpenSSL's, which uses the processor's own instructions; the 64-bit hash reads eight
// bytes at a time through the finaliser of SplitMix64 (base/rng.h).
#include "crossfade/base/hash.h"

#include <openssl/evp.h>

#include <cstring>

#include "crossfade/base/mapped_file.h"
#include "crossfade/base/rng.h"

namespace crossfade {

struct Sha256::State {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  ~State() { EVP_MD_CTX_free(context); }
};

Sha256::Sha256() : state_(new State) {
  CROSSFADE_CHECK(EVP_DigestInit_ex(state_->context, EVP_sha256(), nullptr) == 1,
                  "OpenSSL has no SHA-256");
}
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

void Sha256::update(std::string_view bytes) {
  EVP_DigestUpdate(state_->context, bytes.data(), bytes.size());
}

std::string Sha256::finish_hex() {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  EVP_DigestFinal_ex(state_->context, digest, &size);
  std::string hex;
  for (unsigned int i = 0; i < size; ++i) {
    hex += "0123456789abcdef"[digest[i] >> 4];
    hex += "0123456789abcdef"[digest[i] & 15];
  }
  return hex;
}

std::string sha256_hex(std::string_view bytes) {
  Sha256 sha;
  sha.update(bytes);
  return sha.finish_hex();
}

Result<std::string> sha256_hex_of_file(const std::string& path) {
  CROSSFADE_ASSIGN_OR_RETURN(const MappedFile file, MappedFile::open(path));
  return sha256_hex(file.bytes());
}

std::uint64_t hash_bytes(std::string_view bytes, std::uint64_t seed) {
  std::uint64_t hash = mix64(seed ^ (bytes.size() * 0x9E3779B97F4A7C15ULL));
  while (bytes.size() >= 8) {
    std::uint64_t word;
    std::memcpy(&word, bytes.data(), 8);
    hash = mix64(hash ^ word) + 0x9E3779B97F4A7C15ULL;
    bytes.remove_prefix(8);
  }
  std::uint64_t tail = 0;
  if (!bytes.empty()) std::memcpy(&tail, bytes.data(), bytes.size());
  return mix64(hash ^ tail);
}

}  // namespace crossfade
