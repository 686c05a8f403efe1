// Sessions to pairs; see contextual_pairs.h.
#include "crossfade/neural/contextual_pairs.h"

#include "crossfade/base/rng.h"

namespace crossfade {
namespace {

constexpr std::uint64_t kSplitStream = 0x811010;

}  // namespace

Result<ContextualPairs> make_pairs(const Domain& domain, std::uint64_t seed) {
  if (domain.session.empty())
    return data_invalid("domain " + domain.name +
                        " has no sessions, and contextual learns from what a session started with; "
                        "import a log that has them (`--schema botify`, or --session)");
  ContextualPairs pairs;
  Rng rng(seed, kSplitStream);
  for (std::size_t user = 0; user + 1 < domain.offsets.size(); ++user) {
    const auto begin = static_cast<std::size_t>(domain.offsets[user]),
               end = static_cast<std::size_t>(domain.offsets[user + 1]);
    std::size_t first = begin;
    for (std::size_t row = begin; row < end; ++row) {
      if (domain.session[row] != domain.session[first]) first = row;
      if (row == first) continue;
      const ContextualPair pair{static_cast<UserIndex>(user), domain.item[first], domain.item[row],
                                domain.weight[row]};
      const std::uint64_t part = rng.below(10);
      (part == 0 ? pairs.test : part == 1 ? pairs.validation : pairs.train).push_back(pair);
    }
  }
  const std::size_t all = pairs.train.size() + pairs.validation.size() + pairs.test.size();
  if (all == 0)
    return data_invalid("no session of domain " + domain.name +
                        " has a second item, so contextual has nothing to learn from");
  if (pairs.train.empty() || pairs.validation.empty() || pairs.test.empty())
    return data_invalid("domain " + domain.name + " has " + std::to_string(all) +
                        " pairs of a session's first and a later item: too few to learn from some "
                        "and judge by others");
  return pairs;
}

void centre(ContextualPairs& pairs, double mean) {
  for (auto* part : {&pairs.train, &pairs.validation, &pairs.test})
    for (ContextualPair& pair : *part) pair.rate -= static_cast<float>(mean);
}

double mean_rate(std::span<const ContextualPair> pairs) {
  double sum = 0;
  for (const ContextualPair& pair : pairs) sum += pair.rate;
  return sum / static_cast<double>(pairs.size());
}

double mean_square_error(std::span<const ContextualPair> pairs, double guess) {
  double sum = 0;
  for (const ContextualPair& pair : pairs) sum += (pair.rate - guess) * (pair.rate - guess);
  return sum / static_cast<double>(pairs.size());
}

}  // namespace crossfade
