// Draws without favour: one of several items, among those that a slate allows, with its
// propensity. What most sources of botify's years have in common.
#pragma once

#include <span>

#include "crossfade/serving/source.h"

namespace crossfade {

// Offers items of `list` in random order, each place that the slate allows as likely as another (an
// item that stands there twice is twice as likely), until the slate is full or nothing is left.
void offer_by_lot(const Ask& ask, std::span<const ItemIndex> list, const Source::Take& take);

}  // namespace crossfade
