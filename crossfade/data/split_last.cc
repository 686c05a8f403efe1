// last:N: each user's last interactions are test; the protocol of most papers on sequences.
#include <algorithm>

#include "crossfade/base/text.h"
#include "crossfade/data/split_kind.h"

namespace crossfade {
namespace {

std::vector<std::uint8_t> assign(const Domain& domain, std::int64_t n, bool validation) {
  std::vector<std::uint8_t> parts(domain.item.size(), kTrain);
  for (std::size_t user = 0; user + 1 < domain.offsets.size(); ++user) {
    const std::int64_t begin = domain.offsets[user], end = domain.offsets[user + 1];
    const std::int64_t size = end - begin;
    if (size <= n) continue;
    std::fill(parts.begin() + (end - n), parts.begin() + end, kTest);
    if (validation && size - n > n)
      std::fill(parts.begin() + (end - n - n), parts.begin() + (end - n), kValidation);
  }
  return parts;
}

Result<SplitRule> parse(const std::string& argument) {
  const auto n = parse_int(argument);
  if (!n || *n < 1 || *n > 1'000'000)
    return usage_error(
        "what follows 'last:' is how many interactions per user are test, from 1 to "
        "1,000,000 (last:1)");
  return SplitRule{"",
                   [n](const Dataset& dataset, const SplitOptions& options,
                       Context& context) -> Result<RowParts> {
                     RowParts parts;
                     for (const Domain& domain : dataset.domains()) {
                       CROSSFADE_RETURN_IF_ERROR(context.check_stop());
                       if (domain.time_ns.empty() && domain.num_interactions() > 0)
                         context.progress.say("domain '" + domain.name +
                                              "' has no times: the last interactions of a user are "
                                              "those that stand last in the log");
                       parts.push_back(assign(domain, *n, options.validation));
                     }
                     return parts;
                   }};
}

}  // namespace

SplitKind last_split() {
  return {"last", "last:1", "the last interaction of every user in every domain", parse};
}

}  // namespace crossfade
