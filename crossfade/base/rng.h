// Rng: random numbers that depend on a seed and a stream number and on nothing else.
//
// Parallel work gives every unit (a user, a row, a block) its own stream, so the same seed makes
// the same numbers for any number of threads. The generator is SplitMix64 (Steele, Lea, Flood: Fast
// Splittable Pseudorandom Number Generators, OOPSLA 2014): a counter with step gamma, hashed; the
// stream is hashed into the counter's start.
#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>

namespace crossfade {

// The finaliser of SplitMix64: a bijection of 64 bits in which every input bit moves every output.
constexpr std::uint64_t mix64(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ULL;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBULL;
  return x ^ (x >> 31);
}

class Rng {
 public:
  explicit Rng(std::uint64_t seed, std::uint64_t stream = 0)
      : state_(mix64(seed + kGamma) ^ mix64(mix64(stream + kGamma) + kGamma)) {}

  std::uint64_t next() { return mix64(state_ += kGamma); }

  // Uniform in [0, 1), 53 bits.
  double uniform() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

  // Uniform in [0, n), n >= 1, without bias (Lemire, ACM TOMACS 2019).
  std::uint64_t below(std::uint64_t n) {
    unsigned __int128 product = static_cast<unsigned __int128>(next()) * n;
    if (static_cast<std::uint64_t>(product) < n) {
      const std::uint64_t threshold = -n % n;
      while (static_cast<std::uint64_t>(product) < threshold)
        product = static_cast<unsigned __int128>(next()) * n;
    }
    return static_cast<std::uint64_t>(product >> 64);
  }

  // Standard normal (Box and Muller 1958); the second value of the pair is not kept, so that the
  // number of draws per call is constant.
  double normal() {
    const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform()));
    return radius * std::cos(2.0 * std::numbers::pi * uniform());
  }

 private:
  static constexpr std::uint64_t kGamma = 0x9E3779B97F4A7C15ULL;
  std::uint64_t state_;
};

}  // namespace crossfade
