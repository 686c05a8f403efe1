// Lists are short (ten to a thousand), so what is allowed is listed anew for every place.
#include "crossfade/serving/draw.h"

#include <algorithm>
#include <iterator>
#include <vector>

namespace crossfade {

void offer_by_lot(const Ask& ask, std::span<const ItemIndex> list, const Source::Take& take) {
  std::vector<ItemIndex> allowed;
  allowed.reserve(list.size());
  for (bool more = true; more;) {
    allowed.clear();
    std::copy_if(list.begin(), list.end(), std::back_inserter(allowed),
                 [&](ItemIndex item) { return ask.slate.allows(item); });
    if (allowed.empty()) return;
    Offer offer;
    offer.item = allowed[ask.rng.below(allowed.size())];
    const auto times = std::count(allowed.begin(), allowed.end(), offer.item);
    offer.propensity = static_cast<double>(times) / static_cast<double>(allowed.size());
    more = take(offer);
  }
}

}  // namespace crossfade
