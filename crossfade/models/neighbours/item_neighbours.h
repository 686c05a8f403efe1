// ItemNeighbours: a sparse square matrix S over the items of a domain, row by row: what each item
// says about others, and in sequences about itself (played again). Item-item kNN, random walks,
// rules, transitions, SLIM and sparse EASE all end in one, and are scored alike:
//
//     score(user, j) = sum over items i of the history of weight(i) * S_ij
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "crossfade/base/array.h"
#include "crossfade/base/status.h"
#include "crossfade/data/ids.h"
#include "crossfade/retrieval/topk.h"

namespace crossfade {

struct ItemNeighbours {
  Array<std::int64_t> offsets;  // items + 1
  Array<ItemIndex> items;       // of a row: the largest score first, then the least index
  Array<float> scores;          // finite, not 0

  std::int64_t num_items() const { return std::max<std::int64_t>(0, std::ssize(offsets) - 1); }
  std::span<const ItemIndex> items_of(ItemIndex item) const { return part(items, item); }
  std::span<const float> scores_of(ItemIndex item) const { return part(scores, item); }

  // One list per item, in their order; a list is best first.
  static ItemNeighbours of(const std::vector<std::vector<ScoredItem>>& lists);
  // One list per item j of the items i with S_ij, in any order.
  static ItemNeighbours of_columns(const std::vector<std::vector<ScoredItem>>& columns);
  // Errors (data invalid): offsets that do not rise or fit, items outside the domain, scores that
  // are not finite. Linear.
  Status check() const;

  // Adds up the rows of `weighed`, in its order, so that equal input gives equal bits. Leaves room
  // for `more` additions of the caller's.
  template <class Sums>
  void add_rows(std::span<const ScoredItem> weighed, Sums& sums, std::size_t more = 0) const {
    std::size_t most = more;
    for (const ScoredItem& from : weighed) most += items_of(from.item).size();
    sums.expect(most);
    for (std::size_t w = 0; w < weighed.size(); ++w) {
      if (w + kAhead < weighed.size()) fetch_row(weighed[w + kAhead].item);
      const ScoredItem& from = weighed[w];
      const auto to = items_of(from.item);
      const auto by = scores_of(from.item);
      for (std::size_t n = 0; n < to.size(); ++n) sums.add(to[n], from.score * by[n]);
    }
  }

 private:
  // Rows stand anywhere in memory: waiting for them is most of the work, unless they are asked for
  // some rows before.
  static constexpr std::size_t kAhead = 6;
  static constexpr std::size_t kLine = 64;  // bytes; the first lines of a row bring on the rest
  void fetch_row(ItemIndex item) const {
    const auto to = std::as_bytes(items_of(item)), by = std::as_bytes(scores_of(item));
    for (std::size_t at = 0; at < std::min(to.size(), 4 * kLine); at += kLine) {
      __builtin_prefetch(to.data() + at);
      __builtin_prefetch(by.data() + at);
    }
  }

  template <class T>
  std::span<const T> part(const Array<T>& column, ItemIndex item) const {
    const auto at = static_cast<std::size_t>(item);
    return column.span().subspan(static_cast<std::size_t>(offsets[at]),
                                 static_cast<std::size_t>(offsets[at + 1] - offsets[at]));
  }
};

}  // namespace crossfade
