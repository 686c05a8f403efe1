// Lists of recommendation files as Candidates, where nobody knows their ids beforehand: users and
// items are numbered as they come, over all files.
#pragma once

#include <string>
#include <vector>

#include "crossfade/base/context.h"
#include "crossfade/data/candidates.h"
#include "crossfade/data/table.h"
#include "crossfade/data/vocabulary.h"

namespace crossfade {

// A column of any number type as doubles; empty if there is no such column, or no numbers in it.
std::vector<double> numbers_of(const Table& table, const std::string& name);

// Rows by user, within a user by rank, else by falling score, else as they stand; `ranks` and
// `scores` may be empty.
std::vector<std::size_t> order_of_lists(const std::vector<std::int32_t>& users,
                                        const std::vector<double>& ranks,
                                        const std::vector<double>& scores);

// One row per user, item, and rank or score where there are any, cut into lists by rising user
// index. Without scores an item's is 1 / place.
Candidates cut_lists(const std::vector<UserIndex>& users, const std::vector<ItemIndex>& items,
                     const std::vector<double>& ranks, const std::vector<double>& scores);

struct FileLists {
  Vocabulary users, items;
  std::vector<Candidates> files;  // in the order of the paths; an item once per list, at its best
                                  // place
};

// Errors (data invalid, naming the file): those of read_recommendations() and encode_column(), a
// score that is not finite.
Result<FileLists> read_file_lists(const std::vector<std::string>& paths, Context& context);

}  // namespace crossfade
