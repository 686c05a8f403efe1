// users:HOW_MANY,FOLD_IN and new_users:HOW_MANY,FOLD_IN: users whom the model has not met. Strong
// generalisation (Marlin 2004; Liang et al., Variational Autoencoders for Collaborative Filtering,
// WWW 2018): held-out users give a part of their history as fold-in, and the rest is asked for.
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "crossfade/base/text.h"
#include "crossfade/data/dataset_size.h"
#include "crossfade/data/splits/split_kind.h"

namespace crossfade {
namespace {

struct HeldOut {
  double users = 0;  // a number of users, or a share of them below 1
  double fold_in = 0.8;
  bool late = false;  // the latest interactions are asked for, else a draw
};

// The smallest keys first; equal keys by the index.
template <class KeyOf>
std::vector<UserIndex> by_key(const Dataset& dataset, const KeyOf& key_of) {
  std::vector<std::pair<decltype(key_of(UserIndex{0})), UserIndex>> keys;
  for (const UserIndex user : active_users(dataset)) keys.emplace_back(key_of(user), user);
  std::sort(keys.begin(), keys.end());
  std::vector<UserIndex> users;
  for (const auto& [key, user] : keys) users.push_back(user);
  return users;
}

std::vector<UserIndex> in_random_order(const Dataset& dataset, std::uint64_t seed) {
  return by_key(dataset,
                [&](UserIndex user) { return Rng(seed, static_cast<std::uint64_t>(user)).next(); });
}

std::vector<UserIndex> newest_first(const Dataset& dataset) {
  std::vector<UserIndex> users = by_key(dataset, [&](UserIndex user) {
    auto first = std::numeric_limits<std::int64_t>::max();
    for (const Domain& domain : dataset.domains())
      if (const History history = domain.history(user); !history.empty())
        first = std::min(first, history.time_ns[0]);
    return first;
  });
  std::reverse(users.begin(), users.end());
  return users;
}

std::size_t how_many(double wanted, std::size_t users) {
  const double number =
      wanted < 1 ? std::floor(wanted * static_cast<double>(users) + 1e-9) : wanted;
  return std::min(static_cast<std::size_t>(number), users);
}

// Somebody must be left to learn from.
Status check_some_stay(const HeldOut& held, std::size_t users, bool validation) {
  const std::size_t test = how_many(held.users, users);
  const std::size_t rest = users - test;
  if (rest > (validation ? how_many(held.users, rest) : 0)) return ok_status();
  return usage_error("there are " + format_count(static_cast<std::int64_t>(users)) +
                     " users, and all would be held out" +
                     (validation ? ", for the test and as many for the validation" : "") +
                     "; hold out fewer, or a share of them (users:0.1,0.8)");
}

// Per user the part of what is asked for: kTest, kValidation, or kTrain for all the others.
std::vector<std::uint8_t> choose(const std::vector<UserIndex>& order, std::int64_t num_users,
                                 double wanted, bool validation) {
  std::vector<std::uint8_t> part(static_cast<std::size_t>(num_users), kTrain);
  const std::size_t test = how_many(wanted, order.size());
  const std::size_t held = validation ? test + how_many(wanted, order.size() - test) : test;
  for (std::size_t i = 0; i < held; ++i)
    part[static_cast<std::size_t>(order[i])] = i < test ? kTest : kValidation;
  return part;
}

// How many of a held-out user's interactions are asked for: none if the share of them is below one
// whole interaction, all if nothing is given.
std::size_t asked_for(std::size_t size, double fold_in) {
  return fold_in == 0 ? size : held_out(size, fold_in);
}

void cut_user(UserRows& rows, const HeldOut& held, std::uint8_t part) {
  const std::size_t size = rows.parts.size(), asked = asked_for(size, held.fold_in);
  std::fill(rows.parts.begin(), rows.parts.end(), part == kTest ? kFoldIn : kValidationFoldIn);
  if (held.late) {
    std::fill(rows.parts.end() - static_cast<std::ptrdiff_t>(asked), rows.parts.end(), part);
    return;
  }
  std::vector<std::size_t> places(size);
  std::iota(places.begin(), places.end(), std::size_t{0});
  for (std::size_t i = 0; i < asked; ++i) {
    std::swap(places[i], places[i + rows.rng.below(size - i)]);
    rows.parts[places[i]] = part;
  }
}

template <class OrderOf>
SplitRule rule_of(const HeldOut& held, const OrderOf& order_of) {
  return {"",
          [held, order_of](const Dataset& dataset, const SplitOptions& options,
                           Context& context) -> Result<RowParts> {
            CROSSFADE_ASSIGN_OR_RETURN(const std::vector<UserIndex> order,
                                       order_of(dataset, options));
            CROSSFADE_RETURN_IF_ERROR(check_some_stay(held, order.size(), options.validation));
            const std::vector<std::uint8_t> part =
                choose(order, dataset.num_users(), held.users, options.validation);
            return rule_per_user(nullptr,
                                 [&](UserRows& rows, const SplitOptions&) {
                                   if (part[rows.user] != kTrain)
                                     cut_user(rows, held, part[rows.user]);
                                 })
                .assign(dataset, options, context);
          },
          false};
}

Result<HeldOut> parse_held_out(const std::string& name, const std::string& argument) {
  std::vector<std::string> parts = split(argument, ',');
  HeldOut held;
  if (parts.size() > 1 && parts.back() == "late") {
    held.late = true;
    parts.pop_back();
  }
  const auto users = parse_double(parts[0]);
  const auto fold_in = parts.size() == 2 ? parse_double(parts[1]) : 0.8;
  const bool whole = users && *users >= 1 && *users <= 2e9 && *users == std::floor(*users);
  if (parts.size() > 2 || !users || !(whole || (*users > 0 && *users < 1)) || !fold_in ||
      !(*fold_in >= 0 && *fold_in < 1))
    return usage_error("what follows '" + name +
                       ":' is how many users are held out, a share or a number, and the share of "
                       "their histories that is given (" +
                       name + ":0.1,0.8 or " + name +
                       ":10000,0.8); ',late' behind it asks for the latest instead of a draw");
  held.users = *users;
  held.fold_in = *fold_in;
  return held;
}

Result<SplitRule> parse_users(const std::string& argument) {
  CROSSFADE_ASSIGN_OR_RETURN(const HeldOut held, parse_held_out("users", argument));
  return rule_of(
      held,
      [](const Dataset& dataset, const SplitOptions& options) -> Result<std::vector<UserIndex>> {
        return in_random_order(dataset, options.seed);
      });
}

Result<SplitRule> parse_new_users(const std::string& argument) {
  CROSSFADE_ASSIGN_OR_RETURN(HeldOut held, parse_held_out("new_users", argument));
  held.late = true;
  return rule_of(held,
                 [](const Dataset& dataset, const SplitOptions&) -> Result<std::vector<UserIndex>> {
                   for (const Domain& domain : dataset.domains())
                     CROSSFADE_RETURN_IF_ERROR(need_times_to_split(domain, "use users:0.1"));
                   return newest_first(dataset);
                 });
}

}  // namespace

SplitKind users_split() {
  return {"users", "users:0.1,0.8",
          "20% of the histories of a tenth of the users, who are not in train", parse_users};
}

SplitKind new_users_split() {
  return {"new_users", "new_users:0.1,0.8",
          "the latest 20% of the histories of the tenth of users that came last", parse_new_users};
}

}  // namespace crossfade
