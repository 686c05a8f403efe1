// Nearest goods are searched when first asked for; two threads at once find the same.
#include "crossfade/simulation/shop.h"

#include <atomic>
#include <utility>

#include "crossfade/base/text.h"
#include "crossfade/retrieval/exact_index.h"

namespace crossfade {

struct Shop::State {
  State(HiddenWorld a_world, ExactIndex an_index, Array<float> some_tracks)
      : world(std::move(a_world)),
        index(std::move(an_index)),
        tracks(std::move(some_tracks)),
        good_of(tracks.size() / static_cast<std::size_t>(world.vectors.dims())) {}

  std::int32_t good_for(std::int32_t track) {
    std::atomic<std::int32_t>& place = good_of[static_cast<std::size_t>(track)];
    if (const std::int32_t known = place.load(); known > 0) return known - 1;
    const auto dims = static_cast<std::size_t>(world.vectors.dims());
    const auto found = index.search_one(
        tracks.span().subspan(static_cast<std::size_t>(track) * dims, dims), {.k = 1});
    CROSSFADE_CHECK(found.ok() && !found->empty(), "every track has a nearest good");
    place = (*found)[0].item + 1;
    return (*found)[0].item;
  }

  HiddenWorld world;
  ExactIndex index;
  Array<float> tracks;
  std::vector<std::atomic<std::int32_t>> good_of;  // by track: its good + 1; 0: not known yet
};

Shop::Shop(std::unique_ptr<State> state) : state_(std::move(state)) {}
Shop::~Shop() = default;
Shop::Shop(Shop&&) noexcept = default;

Result<Shop> Shop::create(const HiddenWorld& music, TrackVectors goods, TrackList catalogue) {
  if (goods.dims() != music.vectors.dims())
    return data_invalid("the goods have " + format_count(goods.dims()) +
                        " numbers each and the tracks " + format_count(music.vectors.dims()) +
                        "; taste joins them only if both are of one space");
  Listeners buyers;
  buyers.interests = {0};  // whatever: a visit's interest comes from the music
  for (Listener listener : music.listeners.all) {
    listener.first_interest = 0;
    listener.num_interests = 1;
    buyers.all.push_back(listener);
  }
  FactorMatrix matrix{goods.as_floats(), goods.rows(), goods.dims()};
  CROSSFADE_ASSIGN_OR_RETURN(ExactIndex index, ExactIndex::create(std::move(matrix)));
  CROSSFADE_ASSIGN_OR_RETURN(
      HiddenWorld world,
      HiddenWorld::assemble(std::move(goods), std::move(catalogue), std::move(buyers)));
  return Shop(
      std::make_unique<State>(std::move(world), std::move(index), music.vectors.as_floats()));
}

const HiddenWorld& Shop::world() const {
  return state_->world;
}

Opening Shop::open(const Opening& music, LegacyRng& random) const {
  return draw_first(state_->world, music.listener, state_->good_for(music.interest), random);
}

}  // namespace crossfade
