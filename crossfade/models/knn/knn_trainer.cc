// Weights of pairs, then products of items, then the similarity that is asked for.
#include "crossfade/models/knn/knn_trainer.h"

#include <cmath>
#include <memory>
#include <utility>
#include <vector>

#include "crossfade/base/at.h"
#include "crossfade/models/neighbours/item_products.h"
#include "crossfade/models/neighbours/learn_from_pairs.h"
#include "crossfade/models/neighbours/pair_weights.h"

namespace crossfade {
namespace {

// value(user, item, value of the pair) for every pair, in place.
template <class Value>
void replace_values(SparseMatrix& users, const Value& value) {
  std::vector<float> values(users.indices.size());
  for (std::size_t user = 0; user + 1 < users.offsets.size(); ++user)
    for (auto n = at(users.offsets[user]); n < at(users.offsets[user + 1]); ++n)
      values[n] = static_cast<float>(value(user, at(users.indices[n]), users.values[n]));
  users.values = std::move(values);
}

// log of how rare a user is among the items, as in tf-idf with items for documents: who met
// everything tells nothing.
std::vector<double> rarity_of_users(const SparseMatrix& users) {
  std::vector<double> rarity(at(users.rows));
  for (std::size_t user = 0; user < rarity.size(); ++user)
    rarity[user] = std::log(static_cast<double>(users.columns)) -
                   std::log1p(static_cast<double>(users.offsets[user + 1] - users.offsets[user]));
  return rarity;
}

void weigh_tfidf(SparseMatrix& users) {
  const std::vector<double> rarity = rarity_of_users(users);
  replace_values(users, [&](std::size_t user, std::size_t, float r) {
    return std::sqrt(r) * std::max(rarity[user], 1e-6);
  });
}

void weigh_bm25(SparseMatrix& users, const KnnConfig& config) {
  const std::vector<double> rarity = rarity_of_users(users);
  std::vector<double> length(at(users.columns));
  for (std::size_t n = 0; n < users.indices.size(); ++n)
    length[at(users.indices[n])] += users.values[n];
  double mean = 0;
  for (const double one : length) mean += one / static_cast<double>(length.size());
  replace_values(users, [&](std::size_t user, std::size_t item, float r) {
    const double held = 1 - config.b + config.b * length[item] / mean;
    return r * (config.k1 + 1) / (config.k1 * held + r) * std::max(rarity[user], 1e-6);
  });
}

void weigh(SparseMatrix& users, const KnnConfig& config) {
  weigh_pairs(users, config.similarity == "jaccard" ? "binary" : config.weighting);
  if (config.similarity == "tfidf") weigh_tfidf(users);
  if (config.similarity == "bm25") weigh_bm25(users, config);
}

// Sums of squares per item.
std::vector<double> squares_of_items(const SparseMatrix& users) {
  std::vector<double> squares(at(users.columns));
  for (std::size_t n = 0; n < users.indices.size(); ++n)
    squares[at(users.indices[n])] += double{users.values[n]} * users.values[n];
  return squares;
}

// The similarity of two items from the sum over their common users.
ScoreSums similarity(const KnnConfig& config, const SparseMatrix& users) {
  const auto shrinkage = static_cast<float>(config.shrinkage);
  const std::vector<double> squares = squares_of_items(users);
  if (config.similarity == "jaccard") {
    return [squares, shrinkage](ItemIndex item, std::span<const ItemIndex> others,
                                std::span<float> score) {
      const auto own = static_cast<float>(squares[at(item)]);
      for (std::size_t n = 0; n < others.size(); ++n)
        score[n] /= own + static_cast<float>(squares[at(others[n])]) - score[n] + shrinkage;
    };
  }
  const bool divided = config.similarity == "cosine" || config.similarity == "tfidf";
  std::vector<float> norms(squares.size(), 1);
  if (divided)
    for (std::size_t i = 0; i < norms.size(); ++i)
      norms[i] = static_cast<float>(std::sqrt(squares[i]));
  return [norms, shrinkage, divided](ItemIndex item, std::span<const ItemIndex> others,
                                     std::span<float> score) {
    if (!divided && shrinkage == 0) return;
    const float own = norms[at(item)];
    for (std::size_t n = 0; n < others.size(); ++n)
      score[n] /= own * norms[at(others[n])] + shrinkage;
  };
}

Result<std::unique_ptr<Model>> train(const TrainInput& input, Context& context) {
  return learn_from_pairs<KnnConfig>("knn", input, context, &find_neighbours);
}

}  // namespace

Result<ItemNeighbours> find_neighbours(const KnnConfig& config, SparseMatrix users,
                                       Context& context, Targets targets) {
  CROSSFADE_RETURN_IF_ERROR(check_products("knn", users, config.neighbours, context));
  weigh(users, config);
  return multiply_items({users, config.neighbours, similarity(config, users), nullptr,
                         "knn: neighbours", config.best_of == "column", targets},
                        context);
}

TrainerEntry knn_trainer() {
  return {"items that the same users met: nearest neighbours by cosine, tf-idf, BM25 and others",
          list_knobs<KnnConfig>(), &train};
}

}  // namespace crossfade
