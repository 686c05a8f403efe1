// Products of items: for every item i the best j by a score made of
//
//     sum over users u of x(u, i) * x(u, j)
//
// which is what cosine kNN, random walks and rules have in common (Deshpande, Karypis: Item-Based
// Top-N Recommendation Algorithms, ACM TOIS 2004, section 4.1). Sums are symmetric, so every pair
// of items is summed once and scored for both sides. Popular items lie first in memory: the sums
// that are hit most share few cache lines.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>

#include "crossfade/data/dataset.h"
#include "crossfade/models/neighbours/item_neighbours.h"
#include "crossfade/models/neighbours/targets.h"

namespace crossfade {

// scores[n] holds the sum of `item` and others[n] and becomes a score. Zero or less: not kept.
using ScoreSums =
    std::function<void(ItemIndex item, std::span<const ItemIndex> others, std::span<float> scores)>;

struct ItemProducts {
  const SparseMatrix& users;     // users by items, x > 0
  std::int64_t neighbours = 20;  // at most so many per item
  ScoreSums from_item;           // what others[n] is worth as a neighbour of item
  ScoreSums to_item = nullptr;   // what item is worth as a neighbour of others[n]; null: the same
  std::string what = "neighbours";  // for progress
  // Instead of the best of every row (what `item` says about others) those of every column: what
  // others say about it.
  bool of_columns = false;
  Targets targets = {};  // nothing is said about others
};

// O(sum over users of n_u^2 / 2); memory: products_bytes(). The same bytes for any number of
// threads. Errors: stopped.
Result<ItemNeighbours> multiply_items(const ItemProducts& products, Context& context);

// How many neighbours all items have together at most, of `neighbours` each: an item has no more
// than its users met others. Linear.
std::int64_t most_neighbours(const SparseMatrix& users, std::int64_t neighbours);
// What multiply_items takes besides `users`: the matrix three times, the neighbours four times
// (those kept so far, twice as many as asked for, their lists, the result), a few numbers per item
// and thread.
double products_bytes(const SparseMatrix& users, std::int64_t neighbours, std::int64_t num_threads);
// Error (exhausted): so much memory there is not; `generator` ("knn") is who asks.
Status check_products(const std::string& generator, const SparseMatrix& users,
                      std::int64_t neighbours, Context& context);

}  // namespace crossfade
