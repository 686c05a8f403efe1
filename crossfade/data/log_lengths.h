// Whether the columns of a log fit each other, asked by all that take a log over.
#pragma once

#include <cstddef>

#include "crossfade/data/dataset.h"

namespace crossfade {

// A column called `name` with `size` rows beside `rows` users; an optional one may be empty. Data
// invalid says both lengths.
Status check_length(const char* name, std::size_t size, std::size_t rows, bool optional);

// check_length() of every column of the log.
Status check_lengths(const LogColumns& log);

// Data invalid names the first weight that is negative or not finite.
Status check_weights(const LogColumns& log);

}  // namespace crossfade
