// ItemEmbedding: each item's numbers, summed of its own and of what is known about it.
//
//   e_i = own_i + sum over label attributes of the mean of the item's labels' numbers + V x_i
//
// with x_i a vector that was given. So an item that nobody took has a place beside those like it.
// The sum is linear: its gradient goes back to the parts by hand. What is exported is the sum.
#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <string>
#include <vector>

#include "crossfade/data/item_table.h"
#include "crossfade/neural/parameters.h"

namespace crossfade {

class ItemEmbedding {
 public:
  // `extra_rows` behind the items' are tokens, of which nothing is known. Errors (data invalid):
  // labels or vectors are wanted and there are none; a vector that is not finite.
  static Result<ItemEmbedding> make(const ItemTable& about, std::int64_t num_items,
                                    std::int64_t extra_rows, bool labels, bool vectors);

  // The same, with what is known about the items on that device.
  ItemEmbedding on(at::Device device) const;

  void add_parameters(Parameters& weights, std::int64_t dimensions, std::uint64_t seed) const;
  // items + extra rows, by dimensions. Without side information the parameter itself.
  at::Tensor compose(const Parameters& weights) const;
  // Adds the gradient by the sum to those by the parts.
  void spread(const at::Tensor& gradient, Parameters& sums) const;

 private:
  struct Labels {
    std::string parameter;
    std::int64_t count = 0;
    at::Tensor items, codes, shares;  // of each (item, label): places, and 1 / labels of the item
  };

  std::int64_t num_items_ = 0, extra_rows_ = 0;
  std::vector<Labels> labels_;
  at::Tensor vectors_;  // items x their dimension, of length 1; undefined: none
};

}  // namespace crossfade
