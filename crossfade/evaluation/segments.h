// Segments: for whom, and for which items, do lists work?
//
// By user, a group's metrics are means over its users alone, with their own bootstrap intervals:
//   warm      users with a history in train, and without
//   history   by the number of events of a user in train
// By item, the truth is restricted to the items of a group and judged again: "recall" is then the
// share of these items that the lists find, over the users who took to any. Lists stay whole, so
// hits of other groups count as misses here; compare models within a group, not groups.
//   popularity   by users of an item in train: head, middle and tail have a third of all pairs of
//                user and item each (items of equal count stay together); new items have none
#pragma once

#include <vector>

#include "crossfade/evaluation/evaluate.h"

namespace crossfade {

// All of the above, groups without users left out. `report` is what evaluate() made of the input,
// which has its TrainCounts; `train` is the domain they were counted in. Metrics of all lists
// together (coverage) have no segments. Errors: those of evaluate().
Result<std::vector<Segmentation>> evaluate_segments(const EvalInput& input,
                                                    const EvalReport& report, const Domain& train,
                                                    Context& context);

}  // namespace crossfade
