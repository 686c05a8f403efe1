// A user without a list leaves the answer to the next source.
#include "crossfade/serving/source_indexed.h"

#include "crossfade/serving/draw.h"

namespace crossfade {

void IndexedSource::offer(const Ask& ask, const Take& take) const {
  offer_by_lot(ask, lists_.list_of_user(ask.user_id), take);
}

}  // namespace crossfade
