// item_columns: the columns of a side table become attributes of items.
//
//   what a column holds                                            becomes
//   lists of integers or text                                      labels, several per item
//   integers whose name ends in _id                                a label
//   text that repeats (at most half of the values are distinct)    a label
//   text in genres, genre, tags, categories or labels with a '|'   labels, cut at the '|'
//   NAME_0, NAME_1, ... of zeros and ones                          labels of NAME: the numbers set
//   other numbers                                                  numbers
//   times                                                          numbers: days since 1970
//   other text                                                     texts
//   lists of floats                                                nothing here: item_vectors.h
//
// Text comes from strangers. A text that is not UTF-8 is kept with U+FFFD for the bytes that are
// none; a label is left out, because two that differ only in such bytes would become one.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "crossfade/base/status.h"
#include "crossfade/data/item_table.h"
#include "crossfade/data/table.h"

namespace crossfade {

// Values that are not UTF-8.
struct BadTexts {
  std::int64_t mended = 0, left_out = 0;
};

// One column while its rows come in; a later row of an item wins over an earlier one, a missing
// value over none.
class ItemColumn {
 public:
  virtual ~ItemColumn() = default;
  // `items` has the index of each row's item, kUnknown where the row is not used.
  virtual void add(const Column& column, const std::vector<std::int32_t>& items) = 0;
  virtual ItemAttribute finish(BadTexts& bad) = 0;
};

// For columns like `example`. Errors (data invalid): a type that makes no attribute.
Result<std::unique_ptr<ItemColumn>> make_item_column(const Column& example, std::int64_t num_items);

// Puts NAME_0, NAME_1, ... that hold only zeros and ones together, in place of the first of them.
void join_one_hot(std::vector<ItemAttribute>& attributes);

}  // namespace crossfade
