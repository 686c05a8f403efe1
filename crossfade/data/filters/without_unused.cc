// Finds what is used, then takes those entries of every column in their order.
#include "crossfade/data/filters/without_unused.h"

#include <algorithm>
#include <utility>

#include "crossfade/data/dataset_size.h"

namespace crossfade {
namespace {

using Kept = std::vector<std::int32_t>;  // old indices, rising

Kept used_items(const Domain& domain, ThreadPool& threads) {
  const std::vector<std::int64_t> counts = count_items(domain, threads);
  Kept kept;
  for (std::size_t item = 0; item < counts.size(); ++item)
    if (counts[item] > 0) kept.push_back(static_cast<ItemIndex>(item));
  return kept;
}

StringArray take(const StringArray& strings, const Kept& kept) {
  std::vector<std::int64_t> offsets{0};
  std::vector<char> bytes;
  for (const std::int32_t index : kept) {
    const std::string_view text = strings[static_cast<std::size_t>(index)];
    bytes.insert(bytes.end(), text.begin(), text.end());
    offsets.push_back(static_cast<std::int64_t>(bytes.size()));
  }
  return {std::move(offsets), std::move(bytes)};
}

Vocabulary take(const Vocabulary& ids, const Kept& kept) {
  if (ids.is_text()) return Vocabulary(take(ids.texts(), kept));
  std::vector<std::int64_t> numbers;
  numbers.reserve(kept.size());
  for (const std::int32_t index : kept)
    numbers.push_back(ids.numbers()[static_cast<std::size_t>(index)]);
  return Vocabulary(Array<std::int64_t>(std::move(numbers)));
}

template <class T>
Array<T> take_rows(const Array<T>& values, const Kept& kept, std::size_t width) {
  if (values.empty()) return {};
  std::vector<T> taken;
  taken.reserve(kept.size() * width);
  for (const std::int32_t index : kept) {
    const auto first =
        values.begin() + static_cast<std::ptrdiff_t>(index) * static_cast<std::ptrdiff_t>(width);
    taken.insert(taken.end(), first, first + static_cast<std::ptrdiff_t>(width));
  }
  return taken;
}

NumberAttribute take(const NumberAttribute& attribute, const Kept& kept) {
  return {take_rows(attribute.values, kept, 1)};
}

TextAttribute take(const TextAttribute& attribute, const Kept& kept) {
  return {take(attribute.values, kept)};
}

LabelAttribute take(const LabelAttribute& attribute, const Kept& kept) {
  std::vector<std::int64_t> offsets{0};
  std::vector<std::int32_t> codes;
  for (const std::int32_t index : kept) {
    const auto at = static_cast<std::size_t>(index);
    codes.insert(codes.end(), attribute.codes.begin() + attribute.offsets[at],
                 attribute.codes.begin() + attribute.offsets[at + 1]);
    offsets.push_back(static_cast<std::int64_t>(codes.size()));
  }
  return {std::move(offsets), std::move(codes), attribute.labels, attribute.names};
}

ItemTable take(const ItemTable& about, const Kept& kept) {
  if (about.empty()) return {};
  ItemTable taken = about;
  for (ItemAttribute& attribute : taken.attributes)
    std::visit([&](auto& values) { values = take(values, kept); }, attribute.values);
  taken.vectors.values =
      take_rows(about.vectors.values, kept, static_cast<std::size_t>(about.vectors.dimension));
  taken.vectors.present = take_rows(about.vectors.present, kept, 1);
  return taken;
}

// Removed users have no rows, so the offsets of the others are right as they are.
Array<std::int64_t> take_offsets(const Array<std::int64_t>& offsets, const Kept& users) {
  std::vector<std::int64_t> taken{0};
  taken.reserve(users.size() + 1);
  for (const std::int32_t user : users)
    taken.push_back(offsets[static_cast<std::size_t>(user) + 1]);
  return taken;
}

Array<ItemIndex> renumber(const Array<ItemIndex>& items, const Kept& kept, std::int32_t num_items,
                          ThreadPool& threads) {
  std::vector<ItemIndex> place(static_cast<std::size_t>(num_items), kUnknown);
  for (std::size_t i = 0; i < kept.size(); ++i)
    place[static_cast<std::size_t>(kept[i])] = static_cast<ItemIndex>(i);
  std::vector<ItemIndex> renumbered(items.size());
  threads.parallel_for(static_cast<std::int64_t>(items.size()), 1 << 18,
                       [&](std::int64_t begin, std::int64_t end, int) {
                         for (auto row = static_cast<std::size_t>(begin);
                              row < static_cast<std::size_t>(end); ++row)
                           renumbered[row] = place[static_cast<std::size_t>(items[row])];
                       });
  return renumbered;
}

}  // namespace

Dataset without_unused(const Dataset& dataset, Context& context) {
  const Kept users = active_users(dataset);
  const bool all_users = static_cast<std::int64_t>(users.size()) == dataset.num_users();
  std::vector<Domain> domains;
  for (const Domain& whole : dataset.domains()) {
    Domain& domain = domains.emplace_back(whole);
    domain.item_offsets = {};
    domain.item_user = {};
    if (!all_users) domain.offsets = take_offsets(whole.offsets, users);
    const Kept items = used_items(whole, context.threads);
    if (static_cast<std::int32_t>(items.size()) == whole.items.size()) continue;
    domain.items = take(whole.items, items);
    domain.item = renumber(whole.item, items, whole.items.size(), context.threads);
    domain.about = take(whole.about, items);
  }
  if (all_users) return Dataset(dataset.users(), std::move(domains), dataset.user_attributes());
  return Dataset(take(dataset.users(), users), std::move(domains),
                 take(dataset.user_attributes(), users));
}

}  // namespace crossfade
