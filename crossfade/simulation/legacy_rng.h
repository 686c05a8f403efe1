// LegacyRng: the random numbers of numpy's legacy global generator (numpy.random.seed and its
// functions), bit for bit.
//
// The generator is the Mersenne Twister MT19937 (Matsumoto, Nishimura, ACM TOMACS 1998), seeded by
// its init_genrand. randint takes 32-bit words under the smallest mask that covers the range until
// one falls into it, and takes none for a range of one; random_sample joins 27 and 26 bits of two
// words. One listener after another draws from one such stream, so a seed names the same listeners
// and first tracks as in the original simulator.
#pragma once

#include <bit>
#include <cstdint>
#include <random>

namespace crossfade {

class LegacyRng {
 public:
  // numpy.random.seed(seed)
  explicit LegacyRng(std::uint32_t seed) : words_(seed) {}

  std::uint32_t next() { return static_cast<std::uint32_t>(words_()); }

  // numpy.random.randint(n), and the place that numpy.random.choice takes in a list of n; n >= 1.
  std::uint32_t below(std::uint32_t n) {
    if (n == 1) return 0;
    const std::uint32_t mask = ~std::uint32_t{0} >> std::countl_zero(n - 1);
    for (;;)
      if (const std::uint32_t word = next() & mask; word < n) return word;
  }

  // numpy.random.random_sample(): uniform in [0, 1), 53 bits.
  double uniform() {
    const double high = next() >> 5, low = next() >> 6;  // in this order
    return (high * 67108864.0 + low) / 9007199254740992.0;
  }

 private:
  std::mt19937 words_;
};

}  // namespace crossfade
