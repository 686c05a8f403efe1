// Reads both tables once; names are looked up when they are asked for.
#include "crossfade/pipeline/practicum_catalogue.h"

#include <algorithm>
#include <set>
#include <utility>
#include <variant>

namespace crossfade {
namespace {

Result<const Column*> find_column(const Table& table, const std::string& file,
                                  const std::string& name) {
  if (const Column* column = table.find(name)) return column;
  std::string present;
  for (const Column& column : table.columns) present += (present.empty() ? "" : ", ") + column.name;
  return data_invalid(file + " has no column '" + name + "' (it has: " + present + ")");
}

// Ids of 32 or 64 bits.
Result<std::vector<std::int64_t>> ids_of(const Table& table, const std::string& file,
                                         const std::string& name) {
  CROSSFADE_ASSIGN_OR_RETURN(const Column* column, find_column(table, file, name));
  const auto missing = std::find(column->nulls.begin(), column->nulls.end(), 1);
  if (missing != column->nulls.end())
    return data_invalid(file + ": row " + std::to_string(missing - column->nulls.begin() + 1) +
                        " has no " + name + "; give every row one, or leave the row out");
  if (const auto* wide = std::get_if<std::vector<std::int64_t>>(&column->values)) return *wide;
  if (const auto* narrow = std::get_if<std::vector<std::int32_t>>(&column->values))
    return std::vector<std::int64_t>(narrow->begin(), narrow->end());
  return data_invalid(file + ": the column '" + name + "' has to hold whole numbers");
}

template <class T>
Result<const T*> values_of(const Table& table, const std::string& file, const std::string& name,
                           const char* what) {
  CROSSFADE_ASSIGN_OR_RETURN(const Column* column, find_column(table, file, name));
  if (const T* values = std::get_if<T>(&column->values)) return values;
  return data_invalid(file + ": the column '" + name + "' has to hold " + what);
}

// The ids of a list, each once, in their order.
std::vector<std::int64_t> distinct(std::span<const std::int64_t> list) {
  std::vector<std::int64_t> kept;
  for (const std::int64_t id : list)
    if (std::find(kept.begin(), kept.end(), id) == kept.end()) kept.push_back(id);
  return kept;
}

}  // namespace

Result<PracticumCatalogue> PracticumCatalogue::make(const Table& tracks, const Table& names) {
  PracticumCatalogue catalogue;
  CROSSFADE_RETURN_IF_ERROR(catalogue.read_names(names));
  CROSSFADE_RETURN_IF_ERROR(catalogue.read_tracks(tracks));
  catalogue.count_nameless();
  return catalogue;
}

Status PracticumCatalogue::read_names(const Table& table) {
  const std::string file = "the table of names";
  using Texts = std::vector<std::string>;
  CROSSFADE_ASSIGN_OR_RETURN(const std::vector<std::int64_t> ids, ids_of(table, file, "id"));
  CROSSFADE_ASSIGN_OR_RETURN(const Texts* types, values_of<Texts>(table, file, "type", "text"));
  CROSSFADE_ASSIGN_OR_RETURN(const Texts* names, values_of<Texts>(table, file, "name", "text"));
  const std::vector<std::uint8_t>& nulls = table.find("name")->nulls;
  std::unordered_map<std::int64_t, int> types_of_id;
  for (std::size_t row = 0; row < ids.size(); ++row) {
    const std::string& type = (*types)[row];
    Names* of_type = type == "track"    ? &track_names_
                     : type == "album"  ? &album_names_
                     : type == "artist" ? &artist_names_
                     : type == "genre"  ? &genre_ids_
                                        : nullptr;
    ++checks_.names;
    if (!of_type) {
      ++checks_.unknown_types;
      continue;
    }
    // An empty name is none.
    if ((!nulls.empty() && nulls[row] != 0) || (*names)[row].empty()) continue;
    const bool is_new = of_type->emplace(ids[row], (*names)[row]).second;
    checks_.repeated_names += !is_new;
    if (is_new) checks_.ids_of_several_types += ++types_of_id[ids[row]] == 2;
  }
  return ok_status();
}

Status PracticumCatalogue::read_tracks(const Table& table) {
  const std::string file = "the table of tracks";
  using Ids = Lists<std::int64_t>;
  CROSSFADE_ASSIGN_OR_RETURN(const std::vector<std::int64_t> ids, ids_of(table, file, "track_id"));
  CROSSFADE_ASSIGN_OR_RETURN(const Ids* albums,
                             values_of<Ids>(table, file, "albums", "lists of ids"));
  CROSSFADE_ASSIGN_OR_RETURN(const Ids* artists,
                             values_of<Ids>(table, file, "artists", "lists of ids"));
  CROSSFADE_ASSIGN_OR_RETURN(const Ids* genres,
                             values_of<Ids>(table, file, "genres", "lists of ids"));
  Ids genre_ids;
  for (std::size_t row = 0; row < ids.size(); ++row) {
    if (!places_.emplace(ids[row], num_tracks()).second) {
      ++checks_.repeated_tracks;
      continue;
    }
    genre_ids.push_back(distinct((*genres)[row]));
    add_track(ids[row], distinct((*albums)[row]), distinct((*artists)[row]));
    checks_.without_genres += (*genres)[row].empty();
  }
  number_genres(genre_ids);
  return ok_status();
}

void PracticumCatalogue::add_track(std::int64_t id, const std::vector<std::int64_t>& albums,
                                   const std::vector<std::int64_t>& artists) {
  ids_.push_back(id);
  albums_.push_back(albums);
  artists_.push_back(artists);
  checks_.without_albums += albums.empty();
  checks_.without_artists += artists.empty();
  checks_.tracks = num_tracks();
}

// Two genres may have one name; they stay apart here, and items list the name once.
void PracticumCatalogue::number_genres(const Lists<std::int64_t>& ids) {
  const std::set<std::int64_t> known(ids.values.begin(), ids.values.end());
  const std::vector<std::int64_t> sorted(known.begin(), known.end());
  for (const std::int64_t id : sorted) {
    const auto name = genre_ids_.find(id);
    checks_.nameless_genres += name == genre_ids_.end();
    genre_names_.push_back(name != genre_ids_.end() ? name->second
                                                    : "other_genre_" + std::to_string(id));
  }
  checks_.genres = num_genres();
  genres_.offsets = ids.offsets;
  for (const std::int64_t id : ids.values)
    genres_.values.push_back(std::lower_bound(sorted.begin(), sorted.end(), id) - sorted.begin());
}

void PracticumCatalogue::count_nameless() {
  for (const std::int64_t id : ids_) checks_.nameless_tracks += track_names_.count(id) == 0;
  const auto count = [](const Lists<std::int64_t>& lists, const Names& names) {
    std::int64_t nameless = 0;
    for (const std::int64_t id : std::set(lists.values.begin(), lists.values.end()))
      nameless += names.count(id) == 0;
    return nameless;
  };
  checks_.nameless_albums = count(albums_, album_names_);
  checks_.nameless_artists = count(artists_, artist_names_);
}

std::int64_t PracticumCatalogue::find(std::int64_t id) const {
  const auto place = places_.find(id);
  return place == places_.end() ? -1 : place->second;
}

std::string PracticumCatalogue::name(std::int64_t track) const {
  const auto found = track_names_.find(id(track));
  return found == track_names_.end() ? "" : found->second;
}

std::vector<std::string> PracticumCatalogue::named(const Lists<std::int64_t>& lists,
                                                   const Names& names, std::int64_t track) const {
  std::vector<std::string> result;
  for (const std::int64_t id : lists[static_cast<std::size_t>(track)]) {
    const auto found = names.find(id);
    if (found == names.end()) continue;
    if (std::find(result.begin(), result.end(), found->second) == result.end())
      result.push_back(found->second);
  }
  return result;
}

std::vector<std::string> PracticumCatalogue::albums(std::int64_t track) const {
  return named(albums_, album_names_, track);
}
std::vector<std::string> PracticumCatalogue::artists(std::int64_t track) const {
  return named(artists_, artist_names_, track);
}
std::int64_t PracticumCatalogue::num_albums(std::int64_t track) const {
  return static_cast<std::int64_t>(albums_[static_cast<std::size_t>(track)].size());
}

std::vector<std::string> PracticumCatalogue::genre_names(std::int64_t track) const {
  std::vector<std::string> names;
  for (const std::int64_t genre : genres(track))
    if (std::find(names.begin(), names.end(), genre_name(genre)) == names.end())
      names.push_back(genre_name(genre));
  return names;
}

}  // namespace crossfade
