// TrackList: which artist every track is by, and what people call it. Read from the tracks.json of
// any generation: one JSON object per line with `track` and `artist`; of the other members only
// `title` is kept.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "crossfade/base/array.h"
#include "crossfade/base/status.h"

namespace crossfade {

// Entry i is of track i.
struct TrackList {
  std::vector<std::int32_t> artist_of;  // artists are numbered by their first track in the file
  StringArray artists;                  // names, by that number
  StringArray titles;                   // "" where the file has none
  std::int64_t size() const { return static_cast<std::int64_t>(artist_of.size()); }
};

// The tracks have to be 0 to num_tracks - 1, in any order. Errors (data invalid): a line that is
// none, a track outside that range, twice or missing.
Result<TrackList> read_tracks(const std::string& path, std::int64_t num_tracks);

}  // namespace crossfade
