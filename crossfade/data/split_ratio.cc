// ratio:SHARE: a seeded draw from each user's interactions, for logs whose order means nothing.
// Every user of every domain has a stream of random numbers of his own.
#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "crossfade/base/rng.h"
#include "crossfade/base/text.h"
#include "crossfade/data/split_kind.h"

namespace crossfade {
namespace {

// How many of `size` are held out; one always stays. The small term keeps 0.2 * 5 at 1.
std::size_t held_out(std::size_t size, double share) {
  if (size == 0) return 0;
  const auto held =
      static_cast<std::size_t>(std::floor(static_cast<double>(size) * (1 - share) + 1e-9));
  return std::min(held, size - 1);
}

// Draws the test and then the validation by the first steps of a Fisher-Yates shuffle.
void assign_user(std::span<std::uint8_t> parts, double share, bool validation, Rng rng,
                 std::vector<std::size_t>& places) {
  const std::size_t size = parts.size();
  const std::size_t test = held_out(size, share);
  const std::size_t drawn = test + (validation ? held_out(size - test, share) : 0);
  places.resize(size);
  std::iota(places.begin(), places.end(), std::size_t{0});
  for (std::size_t i = 0; i < drawn; ++i) {
    std::swap(places[i], places[i + rng.below(size - i)]);
    parts[places[i]] = i < test ? kTest : kValidation;
  }
}

RowParts assign(const Dataset& dataset, double share, const SplitOptions& options,
                ThreadPool& threads) {
  RowParts parts;
  std::vector<std::vector<std::size_t>> scratch(static_cast<std::size_t>(threads.num_threads()));
  for (const Domain& domain : dataset.domains()) {
    const std::uint64_t seed = options.seed + mix64(parts.size());
    auto& rows = parts.emplace_back(domain.item.size(), std::uint8_t{kTrain});
    threads.parallel_for(
        dataset.num_users(), 1024, [&](std::int64_t begin, std::int64_t end, int worker) {
          for (auto user = static_cast<std::size_t>(begin); user < static_cast<std::size_t>(end);
               ++user) {
            const auto first = static_cast<std::size_t>(domain.offsets[user]);
            const auto size = static_cast<std::size_t>(domain.offsets[user + 1]) - first;
            assign_user(std::span(rows).subspan(first, size), share, options.validation,
                        Rng(seed, user), scratch[static_cast<std::size_t>(worker)]);
          }
        });
  }
  return parts;
}

Result<SplitRule> parse(const std::string& argument) {
  const auto share = parse_double(argument);
  if (!share || !(*share > 0 && *share < 1))
    return usage_error(
        "what follows 'ratio:' is the share of each user's interactions that is "
        "not test, between 0 and 1 (ratio:0.8)");
  return SplitRule{"",
                   [share](const Dataset& dataset, const SplitOptions& options,
                           Context& context) -> Result<RowParts> {
                     CROSSFADE_RETURN_IF_ERROR(context.check_stop());
                     return assign(dataset, *share, options, context.threads);
                   }};
}

}  // namespace

SplitKind ratio_split() {
  return {"ratio", "ratio:0.8",
          "20% of every user's interactions in every domain, drawn by the seed", parse};
}

}  // namespace crossfade
