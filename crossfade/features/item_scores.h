// ItemScores: what is known of an item from all users and from its labels.
//
//   num_users_norm     distinct users, between the fewest (0) and the most (1) of any item
//   num_albums         distinct albums that the item is on
//   genre_score_mean   mean over its genres of the share of users who took something of that genre;
//                      0 without one
//
// They are worked out once, of the data that a model is trained on: so a label never speaks for
// itself. The music service of the Yandex Practicum has them in its items.parquet
// (pipeline/practicum_export.h), by the same formulas.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "crossfade/base/context.h"
#include "crossfade/data/dataset.h"
#include "crossfade/features/feature.h"

namespace crossfade {

// Counts between the smallest (0) and the largest (1); all 0 where they are equal.
std::vector<double> between_least_and_most(const std::vector<std::int64_t>& counts);

// The mean, over labels, of users_of_label / users; 0 without labels or users.
double mean_label_score(std::span<const std::int64_t> labels,
                        const std::vector<std::int64_t>& users_of_label, std::int64_t users);

class ItemScores final : public Feature {
 public:
  // Of the domain's histories and its attributes "albums" and "genres"; a score whose attribute is
  // not attached is NaN. Errors: interrupted.
  static Result<ItemScores> of(const Domain& domain, Context& context);

  std::vector<std::string> names() const override {
    return {"num_users_norm", "num_albums", "genre_score_mean"};
  }
  // Items that were not there when the scores were worked out have NaN.
  void fill(const FeatureQuestion& question,
            std::span<const std::span<float>> columns) const override;

 private:
  ItemScores() = default;
  std::vector<float> scores_[3];  // in the order of names(), a number per item
};

}  // namespace crossfade
