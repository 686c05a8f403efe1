// UserMap: from what a user did in the helping domains to his factors in the target, as ridge
// regression learned it from users of both (models/user_map/README.md).
//
//     x = mean_x + sum over domains d he is known in of W_d (z_d - mean_d)
//
// z_d: the factors that ALS folds his history of domain d into, at length 1.
#pragma once

#include <span>
#include <vector>

#include "crossfade/data/history.h"
#include "crossfade/models/als/als_config.h"
#include "crossfade/models/als/als_fold_in.h"
#include "crossfade/models/joint/joint_domains.h"
#include "crossfade/retrieval/topk.h"

namespace crossfade {

// A helping domain as ALS left it.
struct MapSource {
  FactorMatrix items;
  Array<float> strengths;  // of the items, as in AlsColumns
};

struct UserMap {
  AlsConfig config;                // of the sources
  std::vector<MapSource> sources;  // one for each helping domain
  Array<float> means;              // of the z_d, domains one behind another
  Array<float> target_mean;
  Array<float> weights;  // W: a row of means.size() numbers for each factor of the target

  // Errors (data invalid): shapes that do not fit, numbers that are not finite.
  Status check() const;
  // z - mean, domains one behind another, zeros for those in which nothing counts; empty if that is
  // so in all.
  std::vector<float> describe(const JointDomains& domains, const UserView& view) const;
  // x; empty for who is known in no helping domain.
  std::vector<float> apply(const JointDomains& domains, const UserView& view) const;
};

}  // namespace crossfade
