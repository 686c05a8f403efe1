// Parsing collects rows in the order of the file; one sort by track then lays out the columns.
#include "crossfade/bundle/catalog.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "crossfade/base/json_lines.h"
#include "crossfade/base/mapped_file.h"

namespace crossfade {
namespace {

struct Row {
  std::int64_t track = 0, line = 0;
  std::string artist, title;
  std::vector<std::int64_t> recommendations;
};

Result<Row> row_of(const Json& record, std::int64_t line) {
  Row row;
  row.line = line;
  CROSSFADE_ASSIGN_OR_RETURN(row.track, record.int_at("track"));
  CROSSFADE_ASSIGN_OR_RETURN(row.artist, record.string_at("artist"));
  CROSSFADE_ASSIGN_OR_RETURN(row.title, record.string_at("title"));
  const Json& recommendations = record["recommendations"];
  if (recommendations.is_null()) return row;
  if (!recommendations.is_array())
    return data_invalid("the member 'recommendations' is not an array");
  for (const Json& track : *recommendations.as_array()) {
    if (!track.is_int())
      return data_invalid("the member 'recommendations' holds something else than integers");
    row.recommendations.push_back(*track.as_int());
  }
  return row;
}

// All rows, sorted by track.
Result<std::vector<Row>> parse_rows(std::string_view bytes) {
  std::vector<Row> rows;
  const auto take = [&](const Json& record, std::int64_t line) -> Status {
    CROSSFADE_ASSIGN_OR_RETURN(Row row, row_of(record, line));
    rows.push_back(std::move(row));
    return ok_status();
  };
  CROSSFADE_RETURN_IF_ERROR(for_each_json_line(bytes, take));
  if (rows.empty()) return data_invalid("has no tracks");
  std::sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) {
    return std::pair(a.track, a.line) < std::pair(b.track, b.line);
  });
  for (std::size_t i = 1; i < rows.size(); ++i)
    if (rows[i].track == rows[i - 1].track)
      return data_invalid("track " + std::to_string(rows[i].track) + " stands in line " +
                          std::to_string(rows[i - 1].line) + " and in line " +
                          std::to_string(rows[i].line) + "; keep one of them");
  return rows;
}

}  // namespace

Result<Catalog> Catalog::parse(const std::string& path) {
  CROSSFADE_ASSIGN_OR_RETURN(const MappedFile file, MappedFile::open(path));
  auto parsed = parse_rows(file.bytes());
  if (!parsed.ok()) return parsed.status().at(path);

  std::vector<std::int64_t> tracks, offsets{0}, recommendations;
  std::vector<std::string> artists, titles;
  for (Row& row : *parsed) {
    tracks.push_back(row.track);
    artists.push_back(std::move(row.artist));
    titles.push_back(std::move(row.title));
    recommendations.insert(recommendations.end(), row.recommendations.begin(),
                           row.recommendations.end());
    offsets.push_back(static_cast<std::int64_t>(recommendations.size()));
  }
  Catalog catalog;
  catalog.tracks_ = std::move(tracks);
  catalog.artists_ = StringArray(artists);
  catalog.titles_ = StringArray(titles);
  catalog.recommendation_offsets_ = std::move(offsets);
  catalog.recommendations_ = std::move(recommendations);
  return catalog;
}

CatalogEntry Catalog::entry(std::int64_t row) const {
  const auto at = static_cast<std::size_t>(row);
  const auto begin = static_cast<std::size_t>(recommendation_offsets_[at]);
  const auto end = static_cast<std::size_t>(recommendation_offsets_[at + 1]);
  return {tracks_[at], artists_[at], titles_[at],
          recommendations_.span().subspan(begin, end - begin)};
}

std::optional<CatalogEntry> Catalog::find(std::int64_t track) const {
  const auto found = std::lower_bound(tracks_.begin(), tracks_.end(), track);
  if (found == tracks_.end() || *found != track) return std::nullopt;
  return entry(found - tracks_.begin());
}

Status Catalog::save(ArtifactWriter& writer, const std::string& name) const {
  CROSSFADE_RETURN_IF_ERROR(writer.add<std::int64_t>(name + "/tracks.npy", tracks_));
  CROSSFADE_RETURN_IF_ERROR(writer.add_strings(name + "/artists", artists_));
  CROSSFADE_RETURN_IF_ERROR(writer.add_strings(name + "/titles", titles_));
  CROSSFADE_RETURN_IF_ERROR(
      writer.add<std::int64_t>(name + "/recommendations.offsets.npy", recommendation_offsets_));
  return writer.add<std::int64_t>(name + "/recommendations.npy", recommendations_);
}

Result<Catalog> Catalog::load(const Artifact& artifact, const std::string& name) {
  const auto column = [&](const std::string& part) {
    return artifact.read<std::int64_t>(name + "/" + part + ".npy");
  };
  Catalog catalog;
  CROSSFADE_ASSIGN_OR_RETURN(auto tracks, column("tracks"));
  CROSSFADE_ASSIGN_OR_RETURN(catalog.artists_, artifact.read_strings(name + "/artists"));
  CROSSFADE_ASSIGN_OR_RETURN(catalog.titles_, artifact.read_strings(name + "/titles"));
  CROSSFADE_ASSIGN_OR_RETURN(auto offsets, column("recommendations.offsets"));
  CROSSFADE_ASSIGN_OR_RETURN(auto recommendations, column("recommendations"));
  catalog.tracks_ = std::move(tracks.values);
  catalog.recommendation_offsets_ = std::move(offsets.values);
  catalog.recommendations_ = std::move(recommendations.values);

  const auto size = catalog.tracks_.size();
  const auto& at = catalog.recommendation_offsets_;
  const auto rises = [](std::int64_t a, std::int64_t b) { return a >= b; };
  if (catalog.artists_.size() != size || catalog.titles_.size() != size || at.size() != size + 1 ||
      at[0] != 0 || at[size] != static_cast<std::int64_t>(catalog.recommendations_.size()) ||
      !std::is_sorted(at.begin(), at.end()) ||
      std::adjacent_find(catalog.tracks_.begin(), catalog.tracks_.end(), rises) !=
          catalog.tracks_.end())
    return data_invalid(artifact.path_of(name) + ": the columns of the catalogue do not fit");
  return catalog;
}

}  // namespace crossfade
