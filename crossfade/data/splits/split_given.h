// A test that somebody else has cut: papers that publish train and test as two files.
#pragma once

#include "crossfade/data/splits/split.h"
#include "crossfade/data/table.h"

namespace crossfade {

// Train is the dataset, which has one domain; test is the pairs of `user_id` and `item_id` of the
// table, in its order. Ids that train does not know get indices behind its own, in both parts.
// Errors (data invalid): a column is missing, has a null, or holds ids of another type than train;
// the table is empty. Several domains are a usage error.
Result<Split> with_given_test(const Dataset& train, const Table& test, Context& context);

}  // namespace crossfade
