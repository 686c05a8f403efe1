// active_users:N and sample_users:N: some of the users, the most active ones or a seeded draw.
#include <algorithm>
#include <utility>

#include "crossfade/base/rng.h"
#include "crossfade/base/text.h"
#include "crossfade/data/filters/filter_kind.h"
#include "crossfade/data/select_rows.h"

namespace crossfade {
namespace {

// The users of the n smallest keys; equal keys go by the index.
template <class Key>
std::vector<std::uint8_t> smallest(std::vector<std::pair<Key, std::size_t>> keys, std::int64_t n,
                                   std::size_t num_users) {
  const auto size = std::min(keys.size(), static_cast<std::size_t>(n));
  const auto end = keys.begin() + static_cast<std::ptrdiff_t>(size);
  std::nth_element(keys.begin(), end, keys.end());
  std::vector<std::uint8_t> chosen(num_users);
  for (auto key = keys.begin(); key != end; ++key) chosen[key->second] = 1;
  return chosen;
}

Result<Filter> parse_active(const std::string& argument) {
  const auto n = parse_from(argument, 1);
  if (!n)
    return usage_error(
        "what follows 'active_users:' is how many users of each domain stay, those with the most "
        "interactions (active_users:1000)");
  return row_filter(
      [n](const Domain& domain, const FilterOptions&, Context& context) -> Result<RowMarks> {
        std::vector<std::pair<std::int64_t, std::size_t>> keys;
        for (std::size_t user = 0; user + 1 < domain.offsets.size(); ++user)
          keys.emplace_back(domain.offsets[user] - domain.offsets[user + 1], user);
        const auto chosen = smallest(std::move(keys), *n, domain.offsets.size() - 1);
        return mark_rows(domain, context.threads,
                         [&](std::size_t user, std::size_t) { return chosen[user] == 1; });
      });
}

// The same users in all domains.
Dataset sample(const Dataset& dataset, std::int64_t n, std::uint64_t seed, Context& context) {
  std::vector<std::pair<std::uint64_t, std::size_t>> keys;
  for (UserIndex user = 0; user < dataset.num_users(); ++user)
    if (std::any_of(dataset.domains().begin(), dataset.domains().end(),
                    [&](const Domain& domain) { return !domain.history(user).empty(); }))
      keys.emplace_back(Rng(seed, static_cast<std::uint64_t>(user)).next(),
                        static_cast<std::size_t>(user));
  const auto chosen = smallest(std::move(keys), n, static_cast<std::size_t>(dataset.num_users()));
  std::vector<RowMarks> marks;
  for (const Domain& domain : dataset.domains())
    marks.push_back(mark_rows(domain, context.threads,
                              [&](std::size_t user, std::size_t) { return chosen[user] == 1; }));
  return select_rows(dataset, marks, 1, context);
}

Result<Filter> parse_sample(const std::string& argument) {
  const auto n = parse_from(argument, 1);
  if (!n)
    return usage_error(
        "what follows 'sample_users:' is how many users stay, drawn by the seed "
        "(sample_users:20000)");
  return Filter{"",
                [n](const Dataset& dataset, const FilterOptions& options,
                    Context& context) -> Result<Dataset> {
                  CROSSFADE_RETURN_IF_ERROR(context.check_stop());
                  return sample(dataset, *n, options.seed, context);
                }};
}

}  // namespace

FilterKind active_users_filter() {
  return {"active_users", "active_users:1000", "the 1,000 users with the most interactions",
          parse_active};
}

FilterKind sample_users_filter() {
  return {"sample_users", "sample_users:20000", "20,000 users, drawn by the seed", parse_sample};
}

}  // namespace crossfade
