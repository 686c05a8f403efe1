// random:SHARE: every interaction is drawn for itself, so about SHARE of all stay. The cut of old
// papers on ratings; it knows the future, and a user may have nothing left to learn from.
#include "crossfade/base/text.h"
#include "crossfade/data/splits/split_kind.h"

namespace crossfade {
namespace {

// Two draws per row, so that the validation does not change the test.
void draw(UserRows& rows, double share, bool validation) {
  for (std::uint8_t& part : rows.parts) {
    const double test = rows.rng.uniform(), rest = rows.rng.uniform();
    if (test >= share)
      part = kTest;
    else if (validation && rest >= share)
      part = kValidation;
  }
}

Result<SplitRule> parse(const std::string& argument) {
  const auto share = parse_double(argument);
  if (!share || !(*share > 0 && *share < 1))
    return usage_error(
        "what follows 'random:' is the share of all interactions that is not test, between 0 and "
        "1 (random:0.8)");
  return rule_per_user(nullptr, [share](UserRows& rows, const SplitOptions& options) {
    draw(rows, *share, options.validation);
  });
}

}  // namespace

SplitKind random_split() {
  return {"random", "random:0.8", "20% of all interactions, each drawn for itself by the seed",
          parse};
}

}  // namespace crossfade
