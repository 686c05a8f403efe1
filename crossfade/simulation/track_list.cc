// Reads tracks.json line by line.
#include "crossfade/simulation/track_list.h"

#include <algorithm>
#include <unordered_map>

#include "crossfade/base/json_lines.h"
#include "crossfade/base/mapped_file.h"
#include "crossfade/base/text.h"

namespace crossfade {
namespace {

// A name as text; the catalogues have texts, and a number may stand for one.
std::string name_of(const Json& member) {
  if (const std::string* text = member.as_string()) return *text;
  return member.is_null() ? "" : to_text(member);
}

}  // namespace

Result<TrackList> read_tracks(const std::string& path, std::int64_t num_tracks) {
  CROSSFADE_ASSIGN_OR_RETURN(const MappedFile file, MappedFile::open(path));
  TrackList tracks;
  tracks.artist_of.assign(static_cast<std::size_t>(num_tracks), -1);
  std::vector<std::string> artists, titles(static_cast<std::size_t>(num_tracks));
  std::unordered_map<std::string, std::int32_t> numbers;
  const auto take = [&](const Json& record, std::int64_t) -> Status {
    CROSSFADE_ASSIGN_OR_RETURN(const std::int64_t track, record.int_at("track"));
    if (!record.find("artist")) return data_invalid("the member 'artist' is missing");
    if (track < 0 || track >= num_tracks)
      return data_invalid("track " + std::to_string(track) + " has no embedding: they have " +
                          format_count(num_tracks) + " rows");
    std::int32_t& artist = tracks.artist_of[static_cast<std::size_t>(track)];
    if (artist >= 0) return data_invalid("track " + std::to_string(track) + " comes a second time");
    std::string name = name_of(record["artist"]);
    const auto [place, is_new] = numbers.emplace(name, static_cast<std::int32_t>(artists.size()));
    if (is_new) artists.push_back(std::move(name));
    artist = place->second;
    titles[static_cast<std::size_t>(track)] = name_of(record["title"]);
    return ok_status();
  };
  CROSSFADE_RETURN_IF_ERROR(for_each_json_line(file.bytes(), take).at(path));
  const auto missing = std::find(tracks.artist_of.begin(), tracks.artist_of.end(), -1);
  if (missing != tracks.artist_of.end())
    return data_invalid(
        path + " lacks track " + std::to_string(missing - tracks.artist_of.begin()) +
        "; it has to list every row of the embeddings, 0 to " + std::to_string(num_tracks - 1));
  tracks.artists = StringArray(artists);
  tracks.titles = StringArray(titles);
  return tracks;
}

}  // namespace crossfade
