// SlateBuilder: the filters, last on every path. Whatever a source offers passes here or not at
// all.
#pragma once

#include <span>
#include <vector>

#include "crossfade/models/model.h"

namespace crossfade {

// An item that a source puts forward.
struct Offer {
  ItemIndex item = kUnknown;
  float score = 0;        // comparable within one source only
  double propensity = 1;  // with which the source chose it among what it could have chosen now
};

class SlateBuilder {
 public:
  struct Item {
    Offer offer;
    std::size_t source = 0;  // place in the chain
  };

  // A slate of at most k items. `hidden` has one entry per item or is empty, and must outlive this.
  SlateBuilder(std::int64_t k, std::span<const std::uint8_t> hidden);

  // Items that must not come, in any order, repeats allowed. Whether sources leave them out by
  // themselves (seen items) or not (excluded ones) makes no difference here, only to
  // num_refusable().
  void block(std::span<const ItemIndex> items);
  void block_seen(std::span<const ItemIndex> items);

  // Whether the item may come: neither hidden nor blocked nor there already.
  bool allows(ItemIndex item) const;
  // How many different items allows() refuses although they are not hidden: with the number of
  // items that are not hidden it says among how many a source draws.
  std::int64_t num_refused() const;

  // Takes an item if it is allowed; false if the slate is full afterwards.
  bool take(const Offer& offer, std::size_t source);

  std::int64_t places_left() const { return k_ - static_cast<std::int64_t>(items_.size()); }
  // At most so many different items that are neither hidden nor seen would be refused.
  std::int64_t num_refusable() const {
    return num_blocked_ + static_cast<std::int64_t>(items_.size());
  }
  const std::vector<Item>& items() const { return items_; }

 private:
  bool is_hidden(ItemIndex item) const {
    const auto at = static_cast<std::size_t>(item);
    return at < hidden_.size() && hidden_[at];
  }

  std::int64_t k_;
  std::int64_t num_blocked_ = 0;  // by block()
  std::span<const std::uint8_t> hidden_;
  std::vector<ItemIndex> blocked_;  // sorted
  std::vector<ItemIndex> taken_;    // sorted
  std::vector<Item> items_;
};

}  // namespace crossfade
