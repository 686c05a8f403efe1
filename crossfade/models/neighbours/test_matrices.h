// Small matrices written out in full, for tests of generators that solve equations over items. Only
// tests include it.
#pragma once

#include <vector>

#include "crossfade/data/test_log.h"
#include "crossfade/models/neighbours/item_neighbours.h"
#include "crossfade/models/neighbours/pair_weights.h"

namespace crossfade {

using Square = std::vector<std::vector<double>>;

inline Square square_of_zeros(std::int64_t side) {
  return Square(static_cast<std::size_t>(side),
                std::vector<double>(static_cast<std::size_t>(side)));
}

// Some hundred users and ninety items, skewed, with weights.
inline SparseMatrix random_users() {
  TestContext run;
  const Dataset dataset = *build_dataset(Dataset(), "music", random_log(1500, 5), run);
  return to_matrix(dataset.domains()[0], dataset.num_users(), run);
}

// X^T X.
inline Square gram_of(SparseMatrix users, const std::string& weighting) {
  weigh_pairs(users, weighting);
  Square gram = square_of_zeros(users.columns);
  for (std::size_t u = 0; u + 1 < users.offsets.size(); ++u)
    for (auto n = static_cast<std::size_t>(users.offsets[u]);
         n < static_cast<std::size_t>(users.offsets[u + 1]); ++n)
      for (auto m = static_cast<std::size_t>(users.offsets[u]);
           m < static_cast<std::size_t>(users.offsets[u + 1]); ++m)
        gram[static_cast<std::size_t>(users.indices[n])]
            [static_cast<std::size_t>(users.indices[m])] +=
            double{users.values[n]} * users.values[m];
  return gram;
}

inline Square weights_of(const ItemNeighbours& found) {
  Square square = square_of_zeros(found.num_items());
  for (std::size_t i = 0; i < square.size(); ++i) {
    const auto items = found.items_of(static_cast<ItemIndex>(i));
    const auto scores = found.scores_of(static_cast<ItemIndex>(i));
    for (std::size_t n = 0; n < items.size(); ++n)
      square[i][static_cast<std::size_t>(items[n])] = scores[n];
  }
  return square;
}

// G B - G, half the gradient of |X - X B|^2.
inline Square gradient_of(const Square& gram, const Square& weights) {
  Square gradient = square_of_zeros(std::ssize(gram));
  for (std::size_t i = 0; i < gram.size(); ++i)
    for (std::size_t j = 0; j < gram.size(); ++j) {
      gradient[i][j] = -gram[i][j];
      for (std::size_t k = 0; k < gram.size(); ++k) gradient[i][j] += gram[i][k] * weights[k][j];
    }
  return gradient;
}

}  // namespace crossfade
