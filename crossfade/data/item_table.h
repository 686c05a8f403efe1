// ItemTable: what is known of a domain's items besides who took them: attributes and vectors. What
// is known of the users (Dataset::user_attributes()) is the same table with a row per user.
//
// One entry per item index of the domain's vocabulary; items the side tables do not know have
// missing values. Columns are in memory or mapped from a store, and cheap to copy.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "crossfade/base/array.h"
#include "crossfade/base/status.h"

namespace crossfade {

// A number per item; NaN where it is missing: a price, a year.
struct NumberAttribute {
  Array<float> values;
};

// A text per item; empty where it is missing: a name, a title.
struct TextAttribute {
  StringArray values;
};

// None, one or several labels per item: artists, genres, a category. Item i has the labels
// values[codes[offsets[i]]] to values[codes[offsets[i + 1]]], in the order of the file.
struct LabelAttribute {
  Array<std::int64_t> offsets;  // items + 1
  Array<std::int32_t> codes;    // places in `labels`
  StringArray labels;           // distinct; ids that were numbers are their decimal text
  StringArray names;            // of the labels, if a table of names was attached; else empty
};

struct ItemAttribute {
  std::string name;
  std::variant<NumberAttribute, TextAttribute, LabelAttribute> values;
};

// A vector per item, from an embedding trained elsewhere: row-major, items x dimension. Items
// without one have present[i] == 0 and a row of zeros.
struct ItemVectors {
  std::int64_t dimension = 0;  // 0: there are none
  Array<float> values;
  Array<std::uint8_t> present;
};

struct ItemTable {
  std::vector<ItemAttribute> attributes;
  ItemVectors vectors;

  bool empty() const { return attributes.empty() && vectors.dimension == 0; }
  // nullptr if there is no attribute of this name.
  const ItemAttribute* find(const std::string& name) const {
    for (const ItemAttribute& attribute : attributes)
      if (attribute.name == name) return &attribute;
    return nullptr;
  }
  // Every attribute has an entry for each of `num_items` items, codes are places in their labels,
  // vectors fit their dimension; else data invalid, naming the attribute.
  Status check(std::int64_t num_items) const;
};

// The same for more items than the table was made for: those behind have missing values.
ItemTable extend(ItemTable table, std::int64_t num_items);
// Both, of the same number of items: attributes and vectors of `newer` take the place of those of
// `older` that have their name.
ItemTable merge(ItemTable older, ItemTable newer);

}  // namespace crossfade
