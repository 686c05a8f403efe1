// Labels and texts are counted value by value; users are few beside their events.
#include "crossfade/data/exploration/explore_users.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace crossfade {
namespace {

// Calls each(text) for the labels or the text of a user.
template <class Each>
void for_values(const ItemAttribute& attribute, std::size_t user, const Each& each) {
  if (const auto* texts = std::get_if<TextAttribute>(&attribute.values)) {
    if (!texts->values[user].empty()) each(std::string(texts->values[user]));
  } else {
    const auto& labels = std::get<LabelAttribute>(attribute.values);
    for (std::int64_t i = labels.offsets[user]; i < labels.offsets[user + 1]; ++i)
      each(std::string(
          labels.labels[static_cast<std::size_t>(labels.codes[static_cast<std::size_t>(i)])]));
  }
}

UserAttributeExploration explore(const ItemAttribute& attribute, std::size_t top,
                                 std::vector<std::uint8_t>& known) {
  UserAttributeExploration found;
  found.attribute = attribute.name;
  std::map<std::string, std::int64_t> counts;
  for (std::size_t user = 0; user < known.size(); ++user) {
    bool has = false;
    for_values(attribute, user, [&](const std::string& value) {
      ++counts[value];
      has = true;
    });
    found.users += has ? 1 : 0;
    known[user] |= has ? 1 : 0;
  }
  found.missing = std::ssize(known) - found.users;
  found.values = std::ssize(counts);
  found.top.assign(counts.begin(), counts.end());
  std::stable_sort(found.top.begin(), found.top.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  if (found.top.size() > top) found.top.resize(top);
  return found;
}

}  // namespace

UserExploration explore_users(const Dataset& dataset, std::size_t top) {
  UserExploration found;
  const ItemTable& about = dataset.user_attributes();
  if (about.attributes.empty()) return found;
  std::vector<std::uint8_t> known(static_cast<std::size_t>(dataset.num_users()), 0);
  for (const ItemAttribute& attribute : about.attributes) {
    if (const auto* numbers = std::get_if<NumberAttribute>(&attribute.values)) {
      for (std::size_t user = 0; user < known.size(); ++user)
        known[user] |= std::isfinite(numbers->values[user]) ? 1 : 0;
    } else {
      found.attributes.push_back(explore(attribute, top, known));
    }
  }
  found.numbers = explore_numbers(about);
  found.without_any = std::count(known.begin(), known.end(), 0);
  return found;
}

}  // namespace crossfade
