// A walk from the top.
#include "crossfade/serving/source_popular.h"

namespace crossfade {

void PopularSource::offer(const Ask&, const Take& take) const {
  for (std::size_t rank = 0; rank < items_.size(); ++rank)
    if (!take({items_[rank], scores_[rank]})) return;
}

}  // namespace crossfade
