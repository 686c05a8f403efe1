// PracticumCatalogue: tracks and names of the music service of the practicum, joined and checked.
//
// From two tables: tracks (track_id, and lists of the ids of its albums, artists and genres) and
// names (id, type, name; type is track, album, artist or genre, and ids repeat across types). Known
// faults are counted and mended, as the published project did: a genre without a name becomes
// "other_genre_{id}", repeated tracks, names and ids within a list count once. Or from what is
// attached to a store's items (`import --items TRACKS --names NAMES --keep-unknown`), where the
// same tables are joined already: then tracks are in the store's order, of a repeated track the
// last row counts, and what was repeated or of an unknown type is no longer known.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "crossfade/base/status.h"
#include "crossfade/data/dataset.h"
#include "crossfade/data/table.h"

namespace crossfade {

// What was found; all are numbers of ids, or of rows; -1 where it is not known.
struct CatalogueChecks {
  std::int64_t tracks = 0, repeated_tracks = 0;
  std::int64_t without_albums = 0, without_artists = 0, without_genres = 0;  // of the tracks
  std::int64_t names = 0, repeated_names = 0, unknown_types = 0;
  std::int64_t ids_of_several_types = 0;
  // Ids that stand at a track and have no name.
  std::int64_t nameless_tracks = 0, nameless_albums = 0, nameless_artists = 0;
  std::int64_t nameless_genres = 0, genres = 0;
};

class PracticumCatalogue {
 public:
  // Errors (data invalid): a column missing or of another type, an id that is null.
  static Result<PracticumCatalogue> make(const Table& tracks, const Table& names);
  // Items of which nothing is attached are not in the catalogue. Errors (usage): text ids; no
  // albums, artists, genres or names are attached; (data invalid): a label that is no number.
  static Result<PracticumCatalogue> make(const Domain& domain);

  const CatalogueChecks& checks() const { return checks_; }

  // Tracks by place, in the order of the file.
  std::int64_t num_tracks() const { return static_cast<std::int64_t>(ids_.size()); }
  std::int64_t id(std::int64_t track) const { return ids_[static_cast<std::size_t>(track)]; }
  // -1 if there is no such track.
  std::int64_t find(std::int64_t id) const;
  std::string name(std::int64_t track) const;                  // "" without one
  std::vector<std::string> albums(std::int64_t track) const;   // distinct; those without a name
  std::vector<std::string> artists(std::int64_t track) const;  // are left out
  std::int64_t num_albums(std::int64_t track) const;           // distinct ids, named or not

  // Genres by place, in the order of their ids.
  std::int64_t num_genres() const { return static_cast<std::int64_t>(genre_names_.size()); }
  const std::string& genre_name(std::int64_t genre) const {
    return genre_names_[static_cast<std::size_t>(genre)];
  }
  std::span<const std::int64_t> genres(std::int64_t track) const {  // distinct places
    return genres_[static_cast<std::size_t>(track)];
  }
  std::vector<std::string> genre_names(std::int64_t track) const;  // distinct

 private:
  using Names = std::unordered_map<std::int64_t, std::string>;

  Status read_tracks(const Table& tracks);
  Status read_names(const Table& names);
  Status read_attached(const Domain& domain);
  void add_track(std::int64_t id, const std::vector<std::int64_t>& albums,
                 const std::vector<std::int64_t>& artists);
  void number_genres(const Lists<std::int64_t>& ids);
  void count_nameless();
  std::vector<std::string> named(const Lists<std::int64_t>& lists, const Names& names,
                                 std::int64_t track) const;

  CatalogueChecks checks_;
  std::vector<std::int64_t> ids_;
  std::unordered_map<std::int64_t, std::int64_t> places_;
  Lists<std::int64_t> albums_, artists_, genres_;  // ids; ids; places of genres
  Names track_names_, album_names_, artist_names_, genre_ids_;
  std::vector<std::string> genre_names_;
};

}  // namespace crossfade
