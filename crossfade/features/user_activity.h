// UserActivity: how long and how much a user has listened.
//
//   listening_month    days from the first event to the last, both counted, / 30.4375
//   tracks_listened    events
//   tracks_per_month   tracks_listened / listening_month
//
// Of a user without events, or of a log without times, what cannot be said is NaN (tracks_listened
// of nobody is 0). These are the user features of the music service of the Yandex Practicum, which
// are about the user alone: every item of a question has the same.
#pragma once

#include <string>
#include <vector>

#include "crossfade/features/feature.h"

namespace crossfade {

struct UserActivity {
  double listening_month = 0, tracks_listened = 0, tracks_per_month = 0;
};
UserActivity activity_of(const History& history);

class UserActivityFeature final : public Feature {
 public:
  std::vector<std::string> names() const override {
    return {"listening_month", "tracks_listened", "tracks_per_month"};
  }
  void fill(const FeatureQuestion& question,
            std::span<const std::span<float>> columns) const override;
};

}  // namespace crossfade
