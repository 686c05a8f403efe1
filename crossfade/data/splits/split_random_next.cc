// random_next:N: each user's history is cut at a random place, and the next N interactions are
// test, as in RePlay's RandomNextNSplitter. So a test asks for what comes in the middle of a
// history as often as at its end; what comes after is dropped, because it is the future.
#include <algorithm>

#include "crossfade/base/text.h"
#include "crossfade/data/splits/split_kind.h"

namespace crossfade {
namespace {

// Cuts the first `end` rows somewhere, at least one before and one behind the cut.
std::size_t random_cut(UserRows& rows, std::size_t end) {
  return 1 + static_cast<std::size_t>(rows.rng.below(end - 1));
}

void cut_user(UserRows& rows, std::size_t n, bool validation) {
  const auto fill = [&](std::size_t begin, std::size_t end, Part part) {
    std::fill(rows.parts.begin() + static_cast<std::ptrdiff_t>(begin),
              rows.parts.begin() + static_cast<std::ptrdiff_t>(end), part);
  };
  const std::size_t size = rows.parts.size();
  if (size < 2) return;
  const std::size_t test = random_cut(rows, size), test_end = std::min(test + n, size);
  fill(test, test_end, kTest);
  fill(test_end, size, kDropped);
  if (!validation || test < 2) return;
  const std::size_t begin = random_cut(rows, test), end = std::min(begin + n, test);
  fill(begin, end, kValidation);
  fill(end, test, kFoldIn);  // the validation's future, and the test's past
}

Result<SplitRule> parse(const std::string& argument) {
  const auto n = parse_int(argument);
  if (!n || *n < 1 || *n > 1'000'000)
    return usage_error(
        "what follows 'random_next:' is how many interactions after a random place are test, from "
        "1 to 1,000,000 (random_next:1)");
  return rule_per_user(nullptr, [n](UserRows& rows, const SplitOptions& options) {
    cut_user(rows, static_cast<std::size_t>(*n), options.validation);
  });
}

}  // namespace

SplitKind random_next_split() {
  return {"random_next", "random_next:1",
          "the next interaction after a random place in every user's history", parse};
}

}  // namespace crossfade
