// A table of lists, one place per track, filled when first asked for. Two threads that meet at an
// empty place both search and keep the first answer; answers are equal.
#include "crossfade/simulation/neighbours.h"

#include <algorithm>
#include <atomic>
#include <utility>
#include <vector>

#include "crossfade/retrieval/quantized_index.h"

namespace crossfade {
namespace {

constexpr std::size_t kBatch = 64;  // interests searched between two looks at the stop flag

}  // namespace

struct Neighbours::State {
  State(QuantizedIndex an_index, std::int64_t rows, std::int32_t how_many)
      : index(std::move(an_index)), n(how_many), lists(static_cast<std::size_t>(rows)) {}
  ~State() {
    for (const auto& list : lists) delete[] list.load();
  }

  std::span<const float> query(std::int32_t track) const { return index.items().row(track); }
  const std::int32_t* keep(std::int32_t track, std::span<const std::int32_t> found);

  QuantizedIndex index;
  std::int32_t n;
  std::vector<std::atomic<const std::int32_t*>> lists;  // n tracks each, or null
};

const std::int32_t* Neighbours::State::keep(std::int32_t track,
                                            std::span<const std::int32_t> found) {
  auto* list = new std::int32_t[static_cast<std::size_t>(n)];
  std::copy(found.begin(), found.end(), list);
  const std::int32_t* none = nullptr;
  if (lists[static_cast<std::size_t>(track)].compare_exchange_strong(none, list)) return list;
  delete[] list;
  return none;
}

Neighbours::Neighbours(std::unique_ptr<State> state) : state_(std::move(state)) {}
Neighbours::~Neighbours() = default;
Neighbours::Neighbours(Neighbours&&) noexcept = default;
Neighbours& Neighbours::operator=(Neighbours&&) noexcept = default;

Result<Neighbours> Neighbours::create(const TrackVectors& vectors, std::int32_t n) {
  FactorMatrix matrix{vectors.as_floats(), vectors.rows(), vectors.dims()};
  CROSSFADE_ASSIGN_OR_RETURN(QuantizedIndex index, QuantizedIndex::create(std::move(matrix)));
  const auto kept = static_cast<std::int32_t>(std::min<std::int64_t>(n, vectors.rows()));
  return Neighbours(std::make_unique<State>(std::move(index), vectors.rows(), kept));
}

std::span<const std::int32_t> Neighbours::of(std::int32_t track) const {
  const auto size = static_cast<std::size_t>(state_->n);
  if (const std::int32_t* list = state_->lists[static_cast<std::size_t>(track)].load())
    return {list, size};
  const auto found = state_->index.search_one(state_->query(track), {.k = state_->n});
  CROSSFADE_CHECK(found.ok() && found->size() == size, "every track has its neighbours");
  std::vector<std::int32_t> items;
  for (const ScoredItem& scored : *found) items.push_back(scored.item);
  return {state_->keep(track, items), size};
}

Status Neighbours::prepare(std::span<const std::int32_t> tracks, Context& context) const {
  std::vector<std::int32_t> wanted(tracks.begin(), tracks.end());
  std::sort(wanted.begin(), wanted.end());
  wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
  std::erase_if(wanted, [&](std::int32_t track) {
    return state_->lists[static_cast<std::size_t>(track)].load() != nullptr;
  });
  if (wanted.empty()) return ok_status();
  const auto dims = static_cast<std::size_t>(state_->index.items().dims);
  const std::size_t batch = kBatch * static_cast<std::size_t>(context.threads.num_threads());
  context.progress.begin("searching the neighbours of interests",
                         static_cast<std::int64_t>(wanted.size()), "tracks");
  for (std::size_t begin = 0; begin < wanted.size(); begin += batch) {
    CROSSFADE_RETURN_IF_ERROR(context.check_stop());
    const std::size_t count = std::min(batch, wanted.size() - begin);
    std::vector<float> queries(count * dims);
    for (std::size_t q = 0; q < count; ++q)
      std::ranges::copy(state_->query(wanted[begin + q]), queries.data() + q * dims);
    const FactorMatrix matrix{std::move(queries), static_cast<std::int64_t>(count),
                              static_cast<std::int64_t>(dims)};
    CROSSFADE_ASSIGN_OR_RETURN(const TopK found,
                               state_->index.search(matrix, {.k = state_->n}, context.threads));
    for (std::size_t q = 0; q < count; ++q)
      state_->keep(wanted[begin + q], std::span(found.items)
                                          .subspan(static_cast<std::size_t>(found.offsets[q]),
                                                   static_cast<std::size_t>(state_->n)));
    context.progress.advance(static_cast<std::int64_t>(count));
  }
  context.progress.end();
  return ok_status();
}

}  // namespace crossfade
