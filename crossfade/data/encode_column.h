// A table's column of ids as indices: where a file meets a dataset.
#pragma once

#include <string>

#include "crossfade/data/table.h"
#include "crossfade/data/vocabulary.h"

namespace crossfade {

// encode_ids() of the column `name`: known ids have their indices, others new ones behind. Errors
// (data invalid, naming the column): it is missing, has a null, holds neither whole numbers nor
// text, or ids of another type than `known`.
Result<Encoded> encode_column(const Vocabulary& known, const Table& table, const std::string& name);

}  // namespace crossfade
