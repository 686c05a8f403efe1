// StickyArtistSource: another track by the artist of the one just played.
//
// The rules of 2026: the track itself is left out if the artist has others, and a track that the
// catalogue does not know leaves the answer to the next source. (Until 2025 the original might
// repeat the track, and failed on an unknown one.)
#pragma once

#include <memory>

#include "crossfade/bundle/bundle.h"
#include "crossfade/serving/source.h"

namespace crossfade {

// The tracks of every artist of a catalogue; artists are told apart by name, as botify does.
class Artists {
 public:
  static Artists of(const Bundle& bundle);
  // All tracks of the artist of `item`, the item among them; empty if the catalogue lacks it.
  std::span<const ItemIndex> tracks_beside(ItemIndex item) const;

 private:
  std::vector<std::int32_t> artist_of_;  // by item; -1: none
  std::vector<std::int64_t> offsets_;    // by artist
  std::vector<ItemIndex> tracks_;
};

class StickyArtistSource final : public Source {
 public:
  explicit StickyArtistSource(std::shared_ptr<const Artists> artists)
      : artists_(std::move(artists)) {}

  std::string_view name() const override { return "sticky_artist"; }
  // Propensity: 1 / (the artist's tracks that are left).
  void offer(const Ask& ask, const Take& take) const override;

 private:
  std::shared_ptr<const Artists> artists_;
};

}  // namespace crossfade
