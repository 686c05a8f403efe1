// row_labels: the values of an attribute as numbered labels, whatever it holds: an item's artists,
// a user's country.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "crossfade/data/item_table.h"

namespace crossfade {

struct RowLabels {
  std::vector<std::vector<std::int32_t>> of_row;  // rising, each once
  std::int32_t count = 0;                         // labels are below
};

// Labels stay as they are numbered; equal texts are one label, and so are equal numbers. Linear.
RowLabels row_labels(const ItemAttribute& attribute, std::int64_t num_rows);
// The same of `name`. Error (usage): `table` has no such attribute; `whose` ("the users") it is.
Result<RowLabels> row_labels(const ItemTable& table, const std::string& name,
                             const std::string& whose, std::int64_t num_rows);

}  // namespace crossfade
