// What a user may ask of any split, whatever its rule: sessions kept whole, one target per user,
// nobody and nothing cold. Each takes the parts that a rule assigned and changes them.
#pragma once

#include "crossfade/data/splits/split.h"

namespace crossfade {

// Gives every session the part of its first interaction (kEarlier) or its last (kLater). Errors:
// a domain without sessions (usage).
Status keep_sessions_whole(const Dataset& dataset, Sessions where, RowParts& parts,
                           Context& context);

// Leaves one target per user and domain in test and in validation (Target, data/splits/split.h).
// What comes before it is kFoldIn or kValidationFoldIn; what comes after it is kDropped in the
// test, and kFoldIn in the validation: when the test asks, it is known.
void choose_targets(const Dataset& dataset, const SplitOptions& options, RowParts& parts,
                    Context& context);

// Drops users without history and items without interactions before (SplitOptions::drop_cold_..).
void drop_cold(const Dataset& dataset, const SplitOptions& options, bool validation_joins_train,
               RowParts& parts, Context& context);

}  // namespace crossfade
