// Checking, lengthening and putting together; what a table holds is made in io/.
#include "crossfade/data/item_table.h"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <type_traits>
#include <utility>

namespace crossfade {
namespace {

// How many items an attribute has entries for.
std::int64_t count_of(const ItemAttribute& attribute) {
  if (const auto* numbers = std::get_if<NumberAttribute>(&attribute.values))
    return std::ssize(numbers->values.span());
  if (const auto* texts = std::get_if<TextAttribute>(&attribute.values))
    return static_cast<std::int64_t>(texts->values.size());
  return std::ssize(std::get<LabelAttribute>(attribute.values).offsets.span()) - 1;
}

bool is_sound(const LabelAttribute& attribute) {
  const auto labels = static_cast<std::int32_t>(attribute.labels.size());
  return !attribute.offsets.empty() && attribute.offsets[0] == 0 &&
         attribute.offsets[attribute.offsets.size() - 1] == std::ssize(attribute.codes.span()) &&
         std::is_sorted(attribute.offsets.begin(), attribute.offsets.end()) &&
         std::all_of(attribute.codes.begin(), attribute.codes.end(),
                     [labels](std::int32_t code) { return code >= 0 && code < labels; }) &&
         (attribute.names.size() == 0 || attribute.names.size() == attribute.labels.size());
}

template <class T>
Array<T> longer(const Array<T>& values, std::size_t size, T missing) {
  std::vector<T> copy(values.begin(), values.end());
  copy.resize(size, missing);
  return copy;
}

StringArray longer(const StringArray& strings, std::size_t size) {
  const std::int64_t end = std::ssize(strings.bytes().span());
  return {longer(strings.offsets(), size + 1, end), strings.bytes()};
}

}  // namespace

Status ItemTable::check(std::int64_t num_items) const {
  for (const ItemAttribute& attribute : attributes) {
    if (count_of(attribute) != num_items)
      return data_invalid("the attribute '" + attribute.name + "' has " +
                          std::to_string(count_of(attribute)) + " entries and there are " +
                          std::to_string(num_items) + " items");
    const auto* labels = std::get_if<LabelAttribute>(&attribute.values);
    if (labels && !is_sound(*labels))
      return data_invalid("the labels of the attribute '" + attribute.name + "' are damaged");
  }
  if (vectors.dimension == 0) return ok_status();
  if (vectors.dimension < 0 || vectors.dimension > std::numeric_limits<std::int32_t>::max() ||
      std::ssize(vectors.values.span()) != num_items * vectors.dimension ||
      std::ssize(vectors.present.span()) != num_items)
    return data_invalid("the vectors of the items do not fit their dimension, " +
                        std::to_string(vectors.dimension));
  return ok_status();
}

ItemTable extend(ItemTable table, std::int64_t num_items) {
  const auto size = static_cast<std::size_t>(num_items);
  for (ItemAttribute& attribute : table.attributes) {
    if (count_of(attribute) >= num_items) continue;
    if (auto* numbers = std::get_if<NumberAttribute>(&attribute.values))
      numbers->values = longer(numbers->values, size, std::numeric_limits<float>::quiet_NaN());
    else if (auto* texts = std::get_if<TextAttribute>(&attribute.values))
      texts->values = longer(texts->values, size);
    else if (auto* labels = std::get_if<LabelAttribute>(&attribute.values))
      labels->offsets = longer(labels->offsets, size + 1, std::ssize(labels->codes.span()));
  }
  ItemVectors& vectors = table.vectors;
  if (vectors.dimension > 0 && vectors.present.size() < size) {
    vectors.values =
        longer(vectors.values, size * static_cast<std::size_t>(vectors.dimension), 0.F);
    vectors.present = longer(vectors.present, size, std::uint8_t{0});
  }
  return table;
}

ItemTable merge(ItemTable older, ItemTable newer) {
  for (ItemAttribute& attribute : newer.attributes) {
    const auto same =
        std::find_if(older.attributes.begin(), older.attributes.end(),
                     [&](const ItemAttribute& known) { return known.name == attribute.name; });
    if (same == older.attributes.end())
      older.attributes.push_back(std::move(attribute));
    else
      *same = std::move(attribute);
  }
  if (newer.vectors.dimension > 0) older.vectors = std::move(newer.vectors);
  return older;
}

}  // namespace crossfade
