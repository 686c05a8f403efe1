// TrainedOver: which ids a model's indices stand for.
//
// A model holds rows and columns, no ids: applied to a store that numbers its users or items in
// another way it would answer, and wrongly. So it carries the fingerprints of the vocabularies it
// was trained over. A store that has grown since keeps its old indices, and still fits.
#pragma once

#include <cstdint>
#include <string>

#include "crossfade/base/json.h"
#include "crossfade/data/dataset.h"

namespace crossfade {

struct TrainedOver {
  std::int32_t num_users = 0, num_items = 0;
  std::string users, items;  // SHA-256 of so many ids; empty: not known

  // Linear in the ids.
  static TrainedOver of(const Dataset& dataset, std::size_t domain_index);
  // Errors (data invalid): a member is missing or makes no sense.
  static Result<TrainedOver> from_json(const Json& json);
  Json to_json() const;

  // A sentence's end on what does not fit ("has other items than ..."), or "" if all does.
  std::string misfit(const Dataset& dataset, std::size_t domain_index) const;
};

}  // namespace crossfade
