// ItemEmbedding: each item's numbers, summed of its own and of what is known about it.
//
//   e_i = own_i + sum over label attributes of the mean of the item's labels' numbers + V x_i
//
// with x_i a vector that was given. An item that training does not meet has no numbers of its own
// where there is any such part (they would only learn that nobody took it): so it has a place
// beside those like it. The sum is linear: its gradient goes back to the parts by hand. What is
// exported is the sum, and zeros for items of which nothing was learned at all: these are never
// recommended.
#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "crossfade/data/item_table.h"
#include "crossfade/neural/parameters.h"

namespace crossfade {

class ItemEmbedding {
 public:
  // `met`: how often training meets each item. `extra_rows` behind the items' are tokens, of which
  // nothing is known. Errors (data invalid): labels or vectors are wanted and there are none; a
  // vector that is not finite.
  static Result<ItemEmbedding> make(const ItemTable& about, std::span<const std::int64_t> met,
                                    std::int64_t extra_rows, bool labels, bool vectors);

  // The same, with what is known about the items on that device.
  ItemEmbedding on(at::Device device) const;

  void add_parameters(Parameters& weights, std::int64_t dimensions, std::uint64_t seed) const;
  // items + extra rows, by dimensions. Without side information the parameter itself.
  at::Tensor compose(const Parameters& weights) const;
  // The same for a model: zeros where nothing was learned.
  at::Tensor compose_known(const Parameters& weights) const;
  // Biases for a model: an item that was never met, but is known, has the mean of those met.
  at::Tensor known_bias(const at::Tensor& bias) const;
  // Adds the gradient by the sum to those by the parts.
  void spread(const at::Tensor& gradient, Parameters& sums) const;

 private:
  struct Labels {
    std::string parameter;
    std::int64_t count = 0;
    at::Tensor items, codes, shares;  // of each (item, label): places, and 1 / labels of the item
  };

  bool has_sides() const { return !labels_.empty() || vectors_.defined(); }
  void find_known(std::span<const std::int64_t> met);

  std::int64_t num_items_ = 0, extra_rows_ = 0;
  std::vector<Labels> labels_;
  at::Tensor vectors_;      // items x their dimension, of length 1; undefined: none
  at::Tensor met_, known_;  // (items + extra rows) x 1, of 0 and 1; undefined: all are
};

}  // namespace crossfade
