// The catalogue from what import attached to the items of a store.
#include <algorithm>
#include <utility>
#include <variant>

#include "crossfade/base/text.h"
#include "crossfade/pipeline/practicum_catalogue.h"

namespace crossfade {
namespace {

using Names = std::unordered_map<std::int64_t, std::string>;

Status not_attached(const Domain& domain, const std::string& what) {
  return usage_error("the domain '" + domain.name + "' has no " + what +
                     " attached: import it with --items TRACKS --names NAMES --keep-unknown, or "
                     "give both files with --tracks and --names");
}

// The numbers that the labels of an attribute are, and the names of those.
struct AttachedLabels {
  const LabelAttribute* attribute = nullptr;
  std::vector<std::int64_t> ids;

  // Of an item, each once, in their order.
  std::vector<std::int64_t> of(std::size_t item) const {
    std::vector<std::int64_t> found;
    for (auto at = attribute->offsets[item]; at < attribute->offsets[item + 1]; ++at) {
      const auto code = static_cast<std::size_t>(attribute->codes[static_cast<std::size_t>(at)]);
      if (std::find(found.begin(), found.end(), ids[code]) == found.end())
        found.push_back(ids[code]);
    }
    return found;
  }
};

Result<AttachedLabels> find_labels(const Domain& domain, const std::string& name, Names& names) {
  const ItemAttribute* attribute = domain.about.find(name);
  AttachedLabels labels;
  if (attribute) labels.attribute = std::get_if<LabelAttribute>(&attribute->values);
  if (!labels.attribute) return not_attached(domain, name);
  const StringArray& texts = labels.attribute->labels;
  for (std::size_t code = 0; code < texts.size(); ++code) {
    const auto id = parse_int(std::string(texts[code]));
    if (!id)
      return data_invalid("'" + std::string(texts[code]) + "' among the " + name +
                          " of the domain '" + domain.name +
                          "' is no number; the practicum's ids are numbers");
    labels.ids.push_back(*id);
    if (code < labels.attribute->names.size() && !labels.attribute->names[code].empty())
      names.emplace(*id, labels.attribute->names[code]);
  }
  return labels;
}

// Ids that have a name under two types or more.
std::int64_t count_shared(std::initializer_list<const Names*> types) {
  std::unordered_map<std::int64_t, int> times;
  std::int64_t shared = 0;
  for (const Names* names : types)
    for (const auto& [id, name] : *names) shared += ++times[id] == 2;
  return shared;
}

}  // namespace

Result<PracticumCatalogue> PracticumCatalogue::make(const Domain& domain) {
  PracticumCatalogue catalogue;
  CROSSFADE_RETURN_IF_ERROR(catalogue.read_attached(domain));
  catalogue.count_nameless();
  return catalogue;
}

Status PracticumCatalogue::read_attached(const Domain& domain) {
  if (domain.items.is_text())
    return usage_error("the practicum's ids are numbers, and this store's are text");
  CROSSFADE_ASSIGN_OR_RETURN(const AttachedLabels albums,
                             find_labels(domain, "albums", album_names_));
  CROSSFADE_ASSIGN_OR_RETURN(const AttachedLabels artists,
                             find_labels(domain, "artists", artist_names_));
  CROSSFADE_ASSIGN_OR_RETURN(const AttachedLabels genres,
                             find_labels(domain, "genres", genre_ids_));
  const ItemAttribute* attribute = domain.about.find("name");
  const auto* names = attribute ? std::get_if<TextAttribute>(&attribute->values) : nullptr;
  if (!names) return not_attached(domain, "names");
  Lists<std::int64_t> genre_ids;
  for (std::size_t item = 0; item < domain.items.numbers().size(); ++item) {
    const std::int64_t id = domain.items.numbers()[item];
    const std::string name(names->values[item]);
    const auto own_albums = albums.of(item), own_artists = artists.of(item);
    const auto own_genres = genres.of(item);
    if (name.empty() && own_albums.empty() && own_artists.empty() && own_genres.empty()) continue;
    if (!name.empty()) track_names_.emplace(id, name);
    places_.emplace(id, num_tracks());
    genre_ids.push_back(own_genres);
    add_track(id, own_albums, own_artists);
    checks_.without_genres += own_genres.empty();
  }
  number_genres(genre_ids);
  checks_.repeated_tracks = checks_.repeated_names = checks_.unknown_types = -1;
  for (const Names* named : {&track_names_, &album_names_, &artist_names_, &genre_ids_})
    checks_.names += static_cast<std::int64_t>(named->size());
  checks_.ids_of_several_types =
      count_shared({&track_names_, &album_names_, &artist_names_, &genre_ids_});
  return ok_status();
}

}  // namespace crossfade
