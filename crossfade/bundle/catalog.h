// Catalog: what people see of an item, as botify's tracks.json tells it.
//
// The file has one JSON object per line with the members `track` (an integer), `artist` and `title`
// (texts) and perhaps `recommendations` (integers, best first); others are passed over. In a bundle
// it stands as columns sorted by track, so that a start maps it and parses nothing.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "crossfade/base/array.h"
#include "crossfade/base/artifact.h"

namespace crossfade {

struct CatalogEntry {
  std::int64_t track = 0;
  std::string_view artist, title;  // live as long as the catalogue
  std::span<const std::int64_t> recommendations;
};

class Catalog {
 public:
  Catalog() = default;

  // Errors (data invalid, with the line): not a JSON object, a member missing or of another type, a
  // track that comes twice (both lines are named), a file without tracks.
  static Result<Catalog> parse(const std::string& path);

  std::int64_t size() const { return static_cast<std::int64_t>(tracks_.size()); }
  bool empty() const { return tracks_.empty(); }
  // Track numbers, rising; row i of entry().
  const Array<std::int64_t>& tracks() const { return tracks_; }
  CatalogEntry entry(std::int64_t row) const;
  // By bisection: nanoseconds per lookup, no table to build.
  std::optional<CatalogEntry> find(std::int64_t track) const;

  // Writes and reads the columns NAME/*.
  Status save(ArtifactWriter& writer, const std::string& name) const;
  static Result<Catalog> load(const Artifact& artifact, const std::string& name);

 private:
  Array<std::int64_t> tracks_;
  StringArray artists_, titles_;
  Array<std::int64_t> recommendation_offsets_;  // one more than tracks
  Array<std::int64_t> recommendations_;
};

}  // namespace crossfade
