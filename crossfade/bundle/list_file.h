// ListFile: recommendations made offline, as botify's years keep them in files.
//
//   {"user": 0, "tracks": [5, 9]}                        one line per user
//   {"item_id": 0, "recommendations": [2, 7]}            one line per track
//   {"track": 0, "artist": .., "recommendations": [2]}   the same within the track's record; one
//                                                        without the member has an empty list
//   [28549, 18295, 32649]                                one ranking for everybody, best first
//
// Ids are the file's own; a bundle gives them their indices (bundle_lists.h). Other kinds of files
// (Parquet) become the same type elsewhere, since this room reads no tables.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "crossfade/base/status.h"
#include "crossfade/data/vocabulary.h"

namespace crossfade {

// What a list hangs on.
enum class ListsBy { kUser, kItem, kNothing };
std::string to_text(ListsBy by);  // "user", "item", "nothing"

struct ListFile {
  ListsBy by = ListsBy::kUser;
  IdColumn keys;  // list l is of keys[l]; kNothing: no keys, one list
  IdColumn items;
  std::vector<std::int64_t> offsets{0};  // list l is items offsets[l] to offsets[l + 1], best first

  std::int64_t num_lists() const { return static_cast<std::int64_t>(offsets.size()) - 1; }
};

// Errors (data invalid, with the line): none of these shapes, or another one than in the first
// line; a key that comes twice; an entry that is no integer; a file without any list.
Result<ListFile> read_list_file(const std::string& path);

}  // namespace crossfade
