// Personal lists from a recommendations file, under the indices of a dataset.
#pragma once

#include <string>

#include "crossfade/base/context.h"
#include "crossfade/bundle/list_file.h"
#include "crossfade/data/candidates.h"
#include "crossfade/data/dataset.h"

namespace crossfade {

// Rows by user, in the file's order of rank or score. Errors: those of reading; a user or an item
// that the dataset does not know (data invalid, names it).
Result<Candidates> read_lists(const std::string& path, const Dataset& dataset, std::size_t domain,
                              Context& context);

// The same rows under their own ids, as a part of a bundle: of any users. Errors: those of reading.
Result<ListFile> read_list_table(const std::string& path, Context& context);

}  // namespace crossfade
