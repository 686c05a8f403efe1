// Blocks are folded in their order, so that the mean does not depend on the threads.
#include "crossfade/data/exploration/explore_values.h"

#include <algorithm>

namespace crossfade {
namespace {

constexpr std::size_t kMostDistinct = 32;
constexpr std::int64_t kBlock = 1 << 18;

struct Part {
  std::array<std::int64_t, 256> by_kind{};
  std::int64_t rows = 0, zeros = 0;
  float least = 0, greatest = 0;
  double sum = 0;
  std::vector<ValueExploration::Value> distinct;  // rising
  bool too_many = false;
};

void count_distinct(float weight, std::int64_t events, Part& part) {
  if (part.too_many) return;
  const auto at = std::lower_bound(part.distinct.begin(), part.distinct.end(), weight,
                                   [](const auto& value, float w) { return value.weight < w; });
  if (at != part.distinct.end() && at->weight == weight) {
    at->events += events;
  } else if (part.distinct.size() < kMostDistinct) {
    part.distinct.insert(at, {weight, events});
  } else {
    part.too_many = true;
    part.distinct.clear();
  }
}

Part explore_block(const Domain& domain, std::int64_t begin, std::int64_t end) {
  Part part;
  part.rows = end - begin;
  const auto from = static_cast<std::size_t>(begin), size = static_cast<std::size_t>(end - begin);
  const auto weights = domain.weight.span().subspan(from, size);
  part.least = part.greatest = weights[0];
  // Equal weights come in runs; in most logs one run is the whole block.
  for (std::size_t i = 0; i < size;) {
    const float weight = weights[i];
    std::size_t run = i + 1;
    while (run < size && weights[run] == weight) ++run;
    const auto events = static_cast<std::int64_t>(run - i);
    part.sum += static_cast<double>(weight) * static_cast<double>(events);
    part.zeros += weight == 0 ? events : 0;
    part.least = std::min(part.least, weight);
    part.greatest = std::max(part.greatest, weight);
    count_distinct(weight, events, part);
    i = run;
  }
  if (domain.kind.empty())
    part.by_kind[0] = part.rows;
  else
    for (const std::uint8_t kind : domain.kind.span().subspan(from, size)) ++part.by_kind[kind];
  return part;
}

void fold(Part& total, Part& part) {
  if (part.rows == 0) return;
  total.least = total.rows == 0 ? part.least : std::min(total.least, part.least);
  total.greatest = total.rows == 0 ? part.greatest : std::max(total.greatest, part.greatest);
  for (std::size_t kind = 0; kind < 256; ++kind) total.by_kind[kind] += part.by_kind[kind];
  total.rows += part.rows;
  total.zeros += part.zeros;
  total.sum += part.sum;
  for (const auto& [weight, events] : part.distinct) count_distinct(weight, events, total);
  if (!part.too_many) return;
  total.too_many = true;
  total.distinct.clear();
}

}  // namespace

ValueExploration explore_values(const Domain& domain, ThreadPool& threads) {
  Part total = threads.map_reduce(
      domain.num_interactions(), kBlock, Part(),
      [&](std::int64_t begin, std::int64_t end) { return explore_block(domain, begin, end); },
      fold);
  ValueExploration found;
  found.by_kind = total.by_kind;
  found.has_kinds = !domain.kind.empty();
  found.zero_weights = total.zeros;
  found.least = total.least;
  found.greatest = total.greatest;
  found.mean = total.rows == 0 ? 0 : total.sum / static_cast<double>(total.rows);
  found.distinct = std::move(total.distinct);
  return found;
}

}  // namespace crossfade
