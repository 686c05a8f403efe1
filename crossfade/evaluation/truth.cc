// Rows are scattered to their users, each user's items sorted and freed of repeats in place, and
// the gaps closed at the end.
#include "crossfade/evaluation/truth.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <string>
#include <utility>

#include "crossfade/base/check.h"
#include "crossfade/base/rng.h"
#include "crossfade/data/stable_scatter.h"

namespace crossfade {
namespace {

// `items` holds user u's rows at offsets[u] to offsets[u + 1], unsorted.
Truth compact(std::span<const std::int64_t> offsets, std::vector<ItemIndex> items,
              ThreadPool& threads) {
  const std::size_t num_users = offsets.size() - 1;
  std::vector<std::int64_t> kept(num_users);
  threads.parallel_for(
      static_cast<std::int64_t>(num_users), 256, [&](std::int64_t begin, std::int64_t end, int) {
        for (auto u = static_cast<std::size_t>(begin); u < static_cast<std::size_t>(end); ++u) {
          const auto first = items.begin() + offsets[u], last = items.begin() + offsets[u + 1];
          std::sort(first, last);
          kept[u] = std::unique(first, last) - first;
        }
      });
  Truth truth;
  std::int64_t size = 0;
  for (std::size_t u = 0; u < num_users; ++u) {
    if (kept[u] == 0) continue;
    std::copy_n(items.begin() + offsets[u], kept[u], items.begin() + size);
    size += kept[u];
    truth.users.push_back(static_cast<UserIndex>(u));
    truth.offsets.push_back(size);
  }
  truth.num_repeats = static_cast<std::int64_t>(items.size()) - size;
  items.resize(static_cast<std::size_t>(size));
  truth.items = std::move(items);
  return truth;
}

Status broken(UserIndex user, const std::string& what) {
  return data_invalid("the truth of user index " + std::to_string(user) + " " + what);
}

}  // namespace

Status Truth::check(std::int64_t num_users, std::int64_t num_items) const {
  if (offsets.size() != users.size() + 1 || offsets[0] != 0 ||
      offsets.back() != static_cast<std::int64_t>(items.size()))
    return data_invalid("the truth's offsets do not fit its " + std::to_string(users.size()) +
                        " users and " + std::to_string(items.size()) + " items");
  for (std::size_t i = 0; i < users.size(); ++i) {
    if (users[i] < 0 || users[i] >= num_users || (i > 0 && users[i] <= users[i - 1]))
      return broken(users[i], "is out of order or beyond the " + std::to_string(num_users) +
                                  " users there are");
    if (offsets[i + 1] <= offsets[i]) return broken(users[i], "is empty");
    const auto row = relevant(static_cast<std::int64_t>(i));
    for (std::size_t j = 0; j < row.size(); ++j)
      if (row[j] < 0 || row[j] >= num_items || (j > 0 && row[j] <= row[j - 1]))
        return broken(users[i], "holds item index " + std::to_string(row[j]) +
                                    " out of order, twice, or beyond the " +
                                    std::to_string(num_items) + " items there are");
  }
  return ok_status();
}

Truth make_truth(std::span<const UserIndex> users, std::span<const ItemIndex> items,
                 std::int64_t num_users, ThreadPool& threads) {
  CROSSFADE_CHECK(users.size() == items.size(), "the truth's columns differ in length");
  const StableScatter scatter(users, num_users, threads);
  return compact(scatter.offsets(), scatter.sort(items), threads);
}

Truth make_truth(const Domain& domain, ThreadPool& threads) {
  return compact(domain.offsets, {domain.item.begin(), domain.item.end()}, threads);
}

Truth without_seen(const Truth& truth, const Domain& train) {
  Truth rest;
  rest.num_repeats = truth.num_repeats;
  std::vector<ItemIndex> seen;
  for (std::int64_t i = 0; i < truth.num_users(); ++i) {
    const UserIndex user = truth.users[static_cast<std::size_t>(i)];
    const auto history = train.history(user).items;
    seen.assign(history.begin(), history.end());
    std::sort(seen.begin(), seen.end());
    const auto relevant = truth.relevant(i);
    std::set_difference(relevant.begin(), relevant.end(), seen.begin(), seen.end(),
                        std::back_inserter(rest.items));
    if (static_cast<std::int64_t>(rest.items.size()) == rest.offsets.back()) continue;
    rest.users.push_back(user);
    rest.offsets.push_back(static_cast<std::int64_t>(rest.items.size()));
  }
  return rest;
}

// Every user has a number that seed and user alone decide; those with the smallest are drawn.
Truth sample_users(const Truth& truth, double share, std::uint64_t seed) {
  std::vector<std::pair<std::uint64_t, std::size_t>> drawn;
  for (std::size_t i = 0; i < truth.users.size(); ++i)
    drawn.emplace_back(Rng(seed, static_cast<std::uint64_t>(truth.users[i])).next(), i);
  const auto wanted = static_cast<std::size_t>(
      std::ceil(std::clamp(share, 0.0, 1.0) * static_cast<double>(drawn.size())));
  std::sort(drawn.begin(), drawn.end());
  drawn.resize(std::min(drawn.size(), std::max<std::size_t>(1, wanted)));
  std::vector<std::size_t> places;
  for (const auto& [number, place] : drawn) places.push_back(place);
  std::sort(places.begin(), places.end());
  Truth sample;
  for (const std::size_t place : places) {
    const auto relevant = truth.relevant(static_cast<std::int64_t>(place));
    sample.users.push_back(truth.users[place]);
    sample.items.insert(sample.items.end(), relevant.begin(), relevant.end());
    sample.offsets.push_back(static_cast<std::int64_t>(sample.items.size()));
  }
  return sample;
}

}  // namespace crossfade
