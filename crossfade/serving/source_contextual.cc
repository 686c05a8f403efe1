// A track that is not known, or has no list, leaves the answer to the next source.
#include "crossfade/serving/source_contextual.h"

#include "crossfade/serving/draw.h"

namespace crossfade {

void ContextualSource::offer(const Ask& ask, const Take& take) const {
  offer_by_lot(ask, lists_.list_of_item(ask.played), take);
}

}  // namespace crossfade
