// ItemIds: the external ids of the items that a saved model speaks of.
//
// A model holds indices only, and TrainedOver tells whether they mean a store's. Kept beside the
// model's columns, the ids themselves let another process read histories and write lists from the
// model alone, without the store (crossfade recommend MODELS --history FILE). Users need none:
// whoever comes with a history is folded in. Models inside a bundle have no ids, because the bundle
// has.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "crossfade/base/artifact.h"
#include "crossfade/data/dataset.h"

namespace crossfade {

struct ItemIds {
  struct OfDomain {
    std::size_t place = 0;  // in the domains of the dataset that was trained on
    std::string name;
    Vocabulary items;
  };
  std::vector<OfDomain> domains;  // those that the model reads, the one it recommends from first

  bool empty() const { return domains.empty(); }

  // Writes and reads FILES ids/PLACE.* and the member `ids`. Errors of load() (data invalid): there
  // are none, a column is damaged.
  Status save(ArtifactWriter& writer) const;
  static Result<ItemIds> load(const Artifact& artifact);

  // Adds the domains that are not here yet. Errors (data invalid): a place or a name that has other
  // items in each.
  Status add(const ItemIds& more);
};

// Those of the domain at `target`, and of others that help.
ItemIds item_ids_of(const Dataset& dataset, std::size_t target,
                    const std::vector<std::size_t>& others);

}  // namespace crossfade
