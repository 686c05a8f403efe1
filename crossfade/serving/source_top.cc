// A draw from a fixed list.
#include "crossfade/serving/source_top.h"

#include "crossfade/serving/draw.h"

namespace crossfade {

void TopSource::offer(const Ask& ask, const Take& take) const {
  offer_by_lot(ask, top_, take);
}

}  // namespace crossfade
