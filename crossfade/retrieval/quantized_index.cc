// The scan in three steps: reach, codes, exact scores; why it is right stands in the header.
#include "crossfade/retrieval/quantized_index.h"

#include <algorithm>
#include <array>
#include <limits>
#include <numeric>
#include <utility>

#include "crossfade/kernels/aligned_floats.h"
#include "crossfade/kernels/dot.h"
#include "crossfade/kernels/int8_scan.h"
#include "crossfade/retrieval/collector.h"

namespace crossfade {
namespace {

// Tiles scanned between two looks at the thresholds: at first few, because thresholds rise fast,
// then as many as stay in the second-level cache while the queries of a block pass over them.
constexpr std::int64_t kFewestTiles = 8;
constexpr std::int64_t kMostTiles = 32;
// Tiles that a query alone looks at before it scores anything.
constexpr std::int64_t kTilesAlone =
    static_cast<std::int64_t>(kernels::kMostBounds) / kernels::kTileRows;

std::vector<std::int32_t> longest_first(const FactorMatrix& items) {
  std::vector<double> lengths(static_cast<std::size_t>(items.rows));
  for (std::int64_t r = 0; r < items.rows; ++r)
    lengths[static_cast<std::size_t>(r)] = kernels::row_length(items.row(r));
  std::vector<std::int32_t> order(lengths.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](std::int32_t a, std::int32_t b) {
    return lengths[static_cast<std::size_t>(a)] > lengths[static_cast<std::size_t>(b)];
  });
  return order;
}

// Something that k of the first `count` scores reach, so that few of them have to be put in order.
// Those up to a whole tile are overwritten.
float least_of_best(std::span<float> scores, std::size_t count, std::size_t k) {
  constexpr float kNone = -std::numeric_limits<float>::infinity();
  const std::size_t whole =
      std::max<std::size_t>(1, (count + kernels::kTileRows - 1) / kernels::kTileRows) *
      kernels::kTileRows;
  std::fill(scores.begin() + static_cast<std::ptrdiff_t>(count),
            scores.begin() + static_cast<std::ptrdiff_t>(whole), kNone);
  return kernels::reached_by(scores.first(whole), k);
}

}  // namespace

struct QuantizedIndex::Query {
  std::span<const float> values;
  kernels::Int8Query coded;
  TopKCollector collector;
};

// Up to four queries that are scanned together, and the items that passed.
struct QuantizedIndex::Scan {
  std::span<Query* const> queries;
  std::array<kernels::ScanQuery, kernels::kScanQueries> scans;
  std::array<std::array<std::int32_t, kMostTiles * kernels::kTileRows>, kernels::kScanQueries>
      passed;

  std::span<std::int32_t> found(std::size_t q) {
    return std::span(passed[q]).first(scans[q].count);
  }
};

struct QuantizedIndex::Alone {
  Query query;
  kernels::AlignedFloats bounds;
  std::vector<std::int32_t> places;
  std::vector<float> scores;

  static Alone& of_thread() {
    thread_local Alone alone;  // its memory is used again
    return alone;
  }
};

QuantizedIndex::QuantizedIndex(FactorMatrix items)
    : TopKIndex(std::move(items)),
      order_(longest_first(items_)),
      places_(order_.size()),
      coded_(kernels::quantize_items(items_.values.data(), items_.dims, order_)) {
  for (std::size_t p = 0; p < order_.size(); ++p)
    places_[static_cast<std::size_t>(order_[p])] = static_cast<std::int32_t>(p);
}

Result<QuantizedIndex> QuantizedIndex::create(FactorMatrix items) {
  CROSSFADE_RETURN_IF_ERROR(items.check("the item matrix"));
  return QuantizedIndex(std::move(items));
}

void QuantizedIndex::scan(std::int64_t begin, std::int64_t end, Scan& scan) const {
  for (std::size_t q = 0; q < scan.queries.size(); ++q) {
    const Query& query = *scan.queries[q];
    scan.scans[q] = {&query.coded, query.coded.threshold(query.collector.threshold()),
                     scan.passed[q].data(), 0};
  }
  kernels::int8_scan(coded_, begin, end, std::span(scan.scans).first(scan.queries.size()));
  for (std::size_t q = 0; q < scan.queries.size(); ++q) {
    for (std::int32_t& position : scan.found(q))
      position = order_[static_cast<std::size_t>(position)];
    kernels::prefetch_rows(items_.values.data(), items_.dims, scan.found(q));
  }
}

void QuantizedIndex::score(Scan& scan) const {
  std::array<float, kMostTiles * kernels::kTileRows> scores;
  for (std::size_t q = 0; q < scan.queries.size(); ++q) {
    Query& query = *scan.queries[q];
    const std::span<const std::int32_t> found = scan.found(q);
    kernels::dot_gather(query.values, items_.values.data(), found,
                        std::span(scores).first(found.size()));
    for (std::size_t j = 0; j < found.size(); ++j) query.collector.offer(found[j], scores[j]);
    query.collector.tighten();
  }
}

void QuantizedIndex::pass(std::vector<Query*> active, std::int64_t tile) const {
  // Two scans take turns: while the codes of one are read, the rows of the other arrive in cache.
  std::vector<Scan> turns(2);
  Scan *current = &turns[0], *previous = &turns[1];
  for (std::int64_t end = 0; tile < coded_.tiles(); tile = end) {
    const float longest = coded_.length[static_cast<std::size_t>(tile)];
    std::erase_if(active, [&](const Query* query) {
      return query->coded.out_of_reach(query->collector.threshold(), longest);
    });
    if (active.empty()) break;
    end = std::min(tile + std::clamp(tile / 4, kFewestTiles, kMostTiles), coded_.tiles());
    previous->queries = {};
    for (std::size_t first = 0; first < active.size(); first += kernels::kScanQueries) {
      const std::size_t count = std::min(kernels::kScanQueries, active.size() - first);
      current->queries = std::span(active).subspan(first, count);
      scan(tile, end, *current);
      score(*previous);
      std::swap(current, previous);
    }
    score(*previous);
  }
}

void QuantizedIndex::shut_out(const Block& block, std::span<float> bounds) const {
  constexpr float kOut = -std::numeric_limits<float>::infinity();
  const SeenItems& seen = block.options->seen;
  if (!seen.offsets.empty()) {
    const auto at = static_cast<std::size_t>(block.first);
    const auto begin = static_cast<std::size_t>(seen.offsets[at]);
    const auto end = static_cast<std::size_t>(seen.offsets[at + 1]);
    for (const std::int32_t item : seen.items.subspan(begin, end - begin)) {
      if (item < 0 || item >= items_.rows) continue;
      const auto place = static_cast<std::size_t>(places_[static_cast<std::size_t>(item)]);
      if (place < bounds.size()) bounds[place] = kOut;
    }
  }
  const HiddenItems hidden = block.options->hidden;
  if (hidden.empty()) return;
  for (std::size_t p = 0; p < std::min(bounds.size(), order_.size()); ++p)
    if (hidden[static_cast<std::size_t>(order_[p])] != 0) bounds[p] = kOut;
}

std::vector<ScoredItem> QuantizedIndex::search_alone(const Block& block) const {
  if (order_.empty()) return {};
  Alone& alone = Alone::of_thread();
  const auto k = static_cast<std::size_t>(block.options->k);
  Query& query = alone.query;
  query.values = block.queries;
  kernels::quantize_query(query.values, coded_, query.coded);
  const std::int64_t tiles = std::min(coded_.tiles(), kTilesAlone);
  alone.bounds.resize(static_cast<std::size_t>(tiles * kernels::kTileRows));
  alone.places.resize(alone.bounds.size());
  kernels::int8_bounds(coded_, query.coded, alone.bounds);
  shut_out(block, alone.bounds);
  const float reached = kernels::reached_by(alone.bounds, k);
  const std::size_t count =
      kernels::int8_reaching(coded_, query.coded, alone.bounds, reached, alone.places.data());
  const std::span<std::int32_t> found = std::span(alone.places).first(count);
  for (std::int32_t& place : found) place = order_[static_cast<std::size_t>(place)];
  kernels::prefetch_rows(items_.values.data(), items_.dims, found);
  alone.scores.resize(alone.bounds.size());
  kernels::dot_gather(query.values, items_.values.data(), found,
                      std::span(alone.scores).first(count));
  const float least = least_of_best(alone.scores, count, k);

  // What is seen or hidden matters again only among the tiles that follow.
  const bool all = tiles == coded_.tiles();
  query.collector.start(all ? TopKOptions{block.options->k, {}, {}} : *block.options, block.first,
                        items_.rows);
  for (std::size_t j = 0; j < count; ++j)
    if (alone.scores[j] >= least) query.collector.offer(found[j], alone.scores[j]);
  if (!all) {
    query.collector.tighten();
    pass({&query}, tiles);
  }
  return query.collector.finish();
}

void QuantizedIndex::search_block(const Block& block,
                                  std::span<std::vector<ScoredItem>> answers) const {
  if (answers.size() == 1) {
    answers[0] = search_alone(block);
    return;
  }
  const auto dims = static_cast<std::size_t>(items_.dims);
  std::vector<Query> queries(answers.size());
  std::vector<Query*> active;
  for (std::size_t q = 0; q < queries.size(); ++q) {
    queries[q].values = block.queries.subspan(q * dims, dims);
    kernels::quantize_query(queries[q].values, coded_, queries[q].coded);
    queries[q].collector.start(*block.options, block.first + static_cast<std::int64_t>(q),
                               items_.rows);
    active.push_back(&queries[q]);
  }
  pass(std::move(active), 0);
  for (std::size_t q = 0; q < queries.size(); ++q) answers[q] = queries[q].collector.finish();
}

}  // namespace crossfade
