// KindWeights: what events count by their kind (views, carts, purchases), where that is a setting
// of the model and not of the log: in training and in every answer alike, so that it can be tuned.
#pragma once

#include <array>
#include <cstdint>

#include "crossfade/base/knobs.h"
#include "crossfade/data/dataset.h"

namespace crossfade {

struct KindWeights {
  static constexpr std::size_t kKinds = 4;
  std::array<double, kKinds> weights{-1, -1, -1, -1};

  template <class Visitor>
  void knobs(Visitor& knob) {
    constexpr const char* kNames[] = {"kind_0", "kind_1", "kind_2", "kind_3"};
    for (std::size_t kind = 0; kind < kKinds; ++kind)
      knob(kNames[kind], weights[kind], between(-1, 1e6),
           "what an event of this kind counts; 0: it does not; -1: its weight in the log");
  }

  // Event `row` of a history; as in the log where that has no kinds.
  float weight(const History& history, std::size_t row) const {
    return history.kinds.empty() ? history.weights[row]
                                 : weight(history.kinds[row], history.weights[row]);
  }
  float weight(std::uint8_t kind, float in_log) const {
    return kind < kKinds && weights[kind] >= 0 ? static_cast<float>(weights[kind]) : in_log;
  }
  bool any() const {
    for (const double weight : weights)
      if (weight >= 0) return true;
    return false;
  }
};

// The domain with these weights. Error (usage): one is set, and the log has no kinds.
Result<Domain> with_kind_weights(const Domain& domain, const KindWeights& kinds);

}  // namespace crossfade
