// PopularGroups: what is popular among users like this one, or among items of the kinds that he
// takes; empty where neither is asked for.
#pragma once

#include <cstdint>

#include "crossfade/base/artifact.h"
#include "crossfade/models/attributes/label_matrix.h"

namespace crossfade {

struct PopularGroups {
  Array<std::int32_t> segment_of_user;  // -1: in none; empty: there are no segments
  LabelMatrix segments;    // by segment, what its users add to its items' scores; best score first
  LabelMatrix items;       // by item, its categories and their shares; empty: no categories
  LabelMatrix categories;  // by category, its items' shares of its popularity; largest first

  // Errors (data invalid): parts that do not fit each other or `num_items`. Linear.
  Status check(std::int64_t num_items) const;
  Status write(ArtifactWriter& writer) const;
  // Errors (data invalid): a column that is there is of another type. Those that are not are empty.
  static Result<PopularGroups> read(const Artifact& artifact);
};

}  // namespace crossfade
