// What must hold between the parts of a bundle, when one is made and when one is opened.
#pragma once

#include <span>

#include "crossfade/bundle/bundle.h"

namespace crossfade {

// Every model was trained over the dataset's users and items (check_trained_over(): data invalid);
// no two share a part's name and domain (usage).
Status check_models(std::span<const BundleModel> models, const Dataset& dataset);

// `domain` fits the dataset's domain of that index: popular items are a permutation of all items,
// lists and hidden items have the right sizes and ranges. Data invalid names what does not.
Status check_domain(const BundleDomain& domain, const Dataset& dataset, std::size_t index);

}  // namespace crossfade
