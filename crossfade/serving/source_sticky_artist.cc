// Artists are numbered once, by their names in the catalogue.
#include "crossfade/serving/source_sticky_artist.h"

#include <algorithm>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "crossfade/serving/draw.h"

namespace crossfade {

Artists Artists::of(const Bundle& bundle) {
  Artists artists;
  const std::int64_t num_items = bundle.domains()[bundle.catalog_domain()].num_items;
  artists.artist_of_.assign(static_cast<std::size_t>(num_items), -1);
  const auto items = bundle.catalog_items();
  std::unordered_map<std::string_view, std::int32_t> numbers;
  std::vector<std::int64_t> counts;
  for (std::size_t row = 0; row < items.size(); ++row) {
    const std::string_view name = bundle.catalog().entry(static_cast<std::int64_t>(row)).artist;
    const auto fresh = static_cast<std::int32_t>(numbers.size());
    const std::int32_t artist = numbers.emplace(name, fresh).first->second;
    if (artist == fresh) counts.push_back(0);
    ++counts[static_cast<std::size_t>(artist)];
    artists.artist_of_[static_cast<std::size_t>(items[row])] = artist;
  }
  artists.offsets_.assign(counts.size() + 1, 0);
  for (std::size_t a = 0; a < counts.size(); ++a)
    artists.offsets_[a + 1] = artists.offsets_[a] + counts[a];
  artists.tracks_.resize(items.size());
  std::vector<std::int64_t> next(artists.offsets_.begin(), artists.offsets_.end() - 1);
  for (const ItemIndex item : items) {
    const auto artist =
        static_cast<std::size_t>(artists.artist_of_[static_cast<std::size_t>(item)]);
    artists.tracks_[static_cast<std::size_t>(next[artist]++)] = item;
  }
  return artists;
}

std::span<const ItemIndex> Artists::tracks_beside(ItemIndex item) const {
  if (item < 0 || static_cast<std::size_t>(item) >= artist_of_.size()) return {};
  const std::int32_t artist = artist_of_[static_cast<std::size_t>(item)];
  if (artist < 0) return {};
  const auto at = static_cast<std::size_t>(artist);
  return std::span(tracks_).subspan(static_cast<std::size_t>(offsets_[at]),
                                    static_cast<std::size_t>(offsets_[at + 1] - offsets_[at]));
}

void StickyArtistSource::offer(const Ask& ask, const Take& take) const {
  const auto tracks = artists_->tracks_beside(ask.played);
  std::vector<ItemIndex> others;
  others.reserve(tracks.size());
  std::copy_if(tracks.begin(), tracks.end(), std::back_inserter(others),
               [&](ItemIndex item) { return item != ask.played; });
  offer_by_lot(ask, others.empty() ? tracks : std::span<const ItemIndex>(others), take);
}

}  // namespace crossfade
