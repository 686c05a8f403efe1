// Events and items of a label follow from the items; its users need a pass over the histories.
#include "crossfade/data/exploration/explore_labels.h"

#include <algorithm>

namespace crossfade {
namespace {

std::span<const std::int32_t> labels_of(const LabelAttribute& attribute, ItemIndex item) {
  const auto at = static_cast<std::size_t>(item);
  if (at + 1 >= attribute.offsets.size()) return {};
  const auto begin = static_cast<std::size_t>(attribute.offsets[at]);
  const auto end = static_cast<std::size_t>(attribute.offsets[at + 1]);
  return attribute.codes.span().subspan(begin, end - begin);
}

bool is_unnamed(const LabelAttribute& attribute, std::size_t label) {
  return attribute.names.size() > 0 && attribute.names[label].empty();
}

std::string name_of(const LabelAttribute& attribute, std::size_t label) {
  const bool named = attribute.names.size() > 0 && !attribute.names[label].empty();
  return std::string(named ? attribute.names[label] : attribute.labels[label]);
}

struct alignas(64) Tally {
  std::vector<UserIndex> last_user;
  std::vector<std::int64_t> users;
};

// Users with an event of each label.
std::vector<std::int64_t> count_users(const Domain& domain, const LabelAttribute& attribute,
                                      ThreadPool& threads) {
  const std::size_t num_labels = attribute.labels.size();
  std::vector<Tally> tallies(static_cast<std::size_t>(threads.num_threads()));
  for (Tally& tally : tallies) {
    tally.last_user.assign(num_labels, kUnknown);
    tally.users.assign(num_labels, 0);
  }
  threads.parallel_for(
      static_cast<std::int64_t>(domain.offsets.size()) - 1, 512,
      [&](std::int64_t first, std::int64_t last, int worker) {
        Tally& tally = tallies[static_cast<std::size_t>(worker)];
        for (std::int64_t user = first; user < last; ++user)
          for (const ItemIndex item : domain.history(static_cast<UserIndex>(user)).items)
            for (const std::int32_t label : labels_of(attribute, item)) {
              UserIndex& seen = tally.last_user[static_cast<std::size_t>(label)];
              if (seen == user) continue;
              seen = static_cast<UserIndex>(user);
              ++tally.users[static_cast<std::size_t>(label)];
            }
      });
  std::vector<std::int64_t> users(num_labels, 0);
  for (const Tally& tally : tallies)
    for (std::size_t label = 0; label < num_labels; ++label) users[label] += tally.users[label];
  return users;
}

LabelExploration explore(const Domain& domain, const LabelAttribute& attribute,
                         const std::vector<std::int64_t>& events_of_item, std::int64_t top,
                         ThreadPool& threads) {
  LabelExploration found;
  const std::size_t num_labels = attribute.labels.size();
  std::vector<LabelCount> counts(num_labels);
  for (std::size_t item = 0; item < events_of_item.size(); ++item) {
    const auto labels = labels_of(attribute, static_cast<ItemIndex>(item));
    found.items_labelled += labels.empty() ? 0 : 1;
    for (std::size_t i = 0; i < labels.size(); ++i) {
      // A label that an item has twice counts once; items have few labels.
      if (std::find(labels.begin(), labels.begin() + static_cast<std::ptrdiff_t>(i), labels[i]) !=
          labels.begin() + static_cast<std::ptrdiff_t>(i))
        continue;
      LabelCount& count = counts[static_cast<std::size_t>(labels[i])];
      ++count.items;
      count.events += events_of_item[item];
    }
  }
  const std::vector<std::int64_t> users = count_users(domain, attribute, threads);
  found.labels = static_cast<std::int64_t>(num_labels);
  for (std::size_t label = 0; label < num_labels; ++label) {
    counts[label].name = name_of(attribute, label);
    counts[label].users = users[label];
    found.labels_unnamed += is_unnamed(attribute, label) ? 1 : 0;
  }
  const auto wanted = counts.begin() + std::min<std::int64_t>(top, std::ssize(counts));
  std::partial_sort(counts.begin(), wanted, counts.end(), [](const auto& a, const auto& b) {
    return a.events != b.events ? a.events > b.events : a.name < b.name;
  });
  counts.erase(wanted, counts.end());
  std::erase_if(counts, [](const LabelCount& count) { return count.events == 0; });
  found.top = std::move(counts);
  return found;
}

// Empty if there is none.
std::string_view find_name(const Domain& domain, ItemIndex item) {
  for (const char* attribute : {"name", "title"}) {
    const ItemAttribute* found = domain.about.find(attribute);
    const auto* text = found == nullptr ? nullptr : std::get_if<TextAttribute>(&found->values);
    if (text == nullptr || static_cast<std::size_t>(item) >= text->values.size()) continue;
    const std::string_view name = text->values[static_cast<std::size_t>(item)];
    if (!name.empty()) return name;
  }
  return {};
}

}  // namespace

std::vector<LabelExploration> explore_labels(const Domain& domain,
                                             const std::vector<std::int64_t>& events_of_item,
                                             std::int64_t top, ThreadPool& threads) {
  std::vector<LabelExploration> found;
  for (const ItemAttribute& attribute : domain.about.attributes) {
    const auto* labels = std::get_if<LabelAttribute>(&attribute.values);
    if (labels == nullptr) continue;
    found.push_back(explore(domain, *labels, events_of_item, top, threads));
    found.back().attribute = attribute.name;
  }
  return found;
}

std::string item_name(const Domain& domain, ItemIndex item) {
  const std::string_view name = find_name(domain, item);
  return name.empty() ? domain.items.id_text(item) : std::string(name);
}

bool has_name(const Domain& domain, ItemIndex item) {
  return !find_name(domain, item).empty();
}

}  // namespace crossfade
