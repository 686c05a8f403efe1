// fold:I/K: cross-validation. Each user's interactions are dealt to K folds in a seeded order; with
// the same seed, the K splits together test every interaction once.
#include <numeric>
#include <utility>

#include "crossfade/base/text.h"
#include "crossfade/data/splits/split_kind.h"

namespace crossfade {
namespace {

void deal(UserRows& rows, std::size_t fold, std::size_t folds, bool validation) {
  std::vector<std::size_t> places(rows.parts.size());
  std::iota(places.begin(), places.end(), std::size_t{0});
  for (std::size_t i = places.size(); i > 1; --i)
    std::swap(places[i - 1], places[rows.rng.below(i)]);
  // Histories whose size is no multiple of K begin at different folds, so that folds are as large.
  const std::size_t first = rows.rng.below(folds);
  for (std::size_t i = 0; i < places.size(); ++i) {
    const std::size_t dealt = (first + i) % folds;
    if (dealt == fold) rows.parts[places[i]] = kTest;
    if (validation && dealt == (fold + 1) % folds) rows.parts[places[i]] = kValidation;
  }
}

Result<SplitRule> parse(const std::string& argument) {
  const std::size_t slash = argument.find('/');
  const auto fold = parse_int(argument.substr(0, slash));
  const auto folds =
      slash == std::string::npos ? std::nullopt : parse_int(argument.substr(slash + 1));
  if (!fold || !folds || *folds < 2 || *folds > 1000 || *fold < 1 || *fold > *folds)
    return usage_error(
        "what follows 'fold:' is which of how many folds is test, as in fold:1/5 to fold:5/5");
  return rule_per_user(nullptr, [fold, folds](UserRows& rows, const SplitOptions& options) {
    deal(rows, static_cast<std::size_t>(*fold - 1), static_cast<std::size_t>(*folds),
         options.validation && *folds > 2);
  });
}

}  // namespace

SplitKind fold_split() {
  return {"fold", "fold:1/5", "one of five folds of every user's interactions", parse};
}

}  // namespace crossfade
