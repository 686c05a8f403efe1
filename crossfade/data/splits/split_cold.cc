// cold:DOMAIN,SHARE: users known in other domains meet this one for the first time. What a share of
// the users of both did in DOMAIN is test, all of it; what they did elsewhere stays in train, and
// is what there is to recommend from. This is how cross-domain recommendation for cold users is
// judged (Man et al., IJCAI 2017, section 4.1).
#include <algorithm>
#include <cmath>
#include <utility>

#include "crossfade/base/rng.h"
#include "crossfade/base/text.h"
#include "crossfade/data/splits/split_kind.h"

namespace crossfade {
namespace {

// Who is known in the domain and in another, in random order.
std::vector<std::size_t> users_of_both(const Dataset& dataset, std::size_t target,
                                       std::uint64_t seed) {
  const auto known = [&](std::size_t domain, std::size_t user) {
    const auto& offsets = dataset.domains()[domain].offsets;
    return offsets[user] < offsets[user + 1];
  };
  std::vector<std::pair<std::uint64_t, std::size_t>> keys;
  for (std::size_t user = 0; user < static_cast<std::size_t>(dataset.num_users()); ++user) {
    bool elsewhere = false;
    for (std::size_t d = 0; d < dataset.domains().size(); ++d)
      elsewhere = elsewhere || (d != target && known(d, user));
    if (elsewhere && known(target, user)) keys.emplace_back(Rng(seed, user).next(), user);
  }
  std::sort(keys.begin(), keys.end());
  std::vector<std::size_t> users;
  for (const auto& [key, user] : keys) users.push_back(user);
  return users;
}

Result<RowParts> assign(const Dataset& dataset, const std::string& name, double share,
                        const SplitOptions& options) {
  CROSSFADE_ASSIGN_OR_RETURN(const std::size_t target, dataset.find_domain(name));
  const std::vector<std::size_t> users = users_of_both(dataset, target, options.seed);
  const auto held =
      static_cast<std::size_t>(std::floor(share * static_cast<double>(users.size()) + 1e-9));
  if (held == 0)
    return data_invalid(
        format_count(std::ssize(users)) + " users of the domain " + name +
        " are known in another one too, and none of them would be held out; hold out a larger "
        "share, or import the other domain with the same user ids");
  RowParts parts;
  for (const Domain& domain : dataset.domains())
    parts.emplace_back(domain.item.size(), std::uint8_t{kTrain});
  const auto& offsets = dataset.domains()[target].offsets;
  const auto move = [&](std::size_t begin, std::size_t end, Part part) {
    for (std::size_t n = begin; n < std::min(end, users.size()); ++n)
      std::fill(parts[target].begin() + offsets[users[n]],
                parts[target].begin() + offsets[users[n] + 1], part);
  };
  move(0, held, kTest);
  if (options.validation) move(held, 2 * held, kValidation);
  return parts;
}

Result<SplitRule> parse(const std::string& argument) {
  const std::vector<std::string> parts = split(argument, ',');
  const auto share = parts.size() == 2 ? parse_double(parts[1]) : 0.2;
  if (parts.size() > 2 || parts[0].empty() || !share || !(*share > 0 && *share < 1))
    return usage_error(
        "what follows 'cold:' is the domain that users are to meet anew, and the share of them, "
        "between 0 and 1 (cold:zvuk,0.2)");
  return SplitRule{"", [name = parts[0], held = *share](const Dataset& dataset,
                                                        const SplitOptions& options, Context&) {
                     return assign(dataset, name, held, options);
                   }};
}

}  // namespace

SplitKind cold_split() {
  return {"cold", "cold:zvuk,0.2",
          "all that a fifth of the users known in other domains too did in zvuk", parse};
}

}  // namespace crossfade
