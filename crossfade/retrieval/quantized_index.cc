// The scan in three steps: reach, codes, exact scores; why it is right stands in the header.
#include "crossfade/retrieval/quantized_index.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <utility>

#include "crossfade/kernels/dot.h"
#include "crossfade/kernels/int8_scan.h"
#include "crossfade/retrieval/collector.h"

namespace crossfade {
namespace {

// Items scanned between two looks at the thresholds: their codes stay in the second-level cache
// while the queries of a block pass over them.
constexpr std::int64_t kBlockTiles = 32;
constexpr std::size_t kBlockRows = kBlockTiles * kernels::kTileRows;

struct Query {
  std::span<const float> values;
  kernels::Int8Query coded;
  TopKCollector collector;
};

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

}  // namespace

QuantizedIndex::QuantizedIndex(FactorMatrix items)
    : TopKIndex(std::move(items)),
      order_(longest_first(items_)),
      coded_(kernels::quantize_items(items_.values.data(), items_.dims, order_)) {}

Result<QuantizedIndex> QuantizedIndex::create(FactorMatrix items) {
  CROSSFADE_RETURN_IF_ERROR(items.check("the item matrix"));
  return QuantizedIndex(std::move(items));
}

void QuantizedIndex::search_block(const Block& block,
                                  std::span<std::vector<ScoredItem>> answers) const {
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
  std::vector<std::array<std::int32_t, kBlockRows>> passed(kernels::kScanQueries);
  std::array<float, kBlockRows> scores;
  std::array<kernels::ScanQuery, kernels::kScanQueries> scans;
  for (std::int64_t tile = 0; tile < coded_.tiles() && !active.empty(); tile += kBlockTiles) {
    const std::int64_t end = std::min(tile + kBlockTiles, coded_.tiles());
    const float longest = coded_.length[static_cast<std::size_t>(tile * kernels::kTileRows)];
    std::erase_if(active, [&](Query* query) {
      query->collector.tighten();
      return query->coded.out_of_reach(query->collector.threshold(), longest);
    });
    for (std::size_t first = 0; first < active.size(); first += kernels::kScanQueries) {
      const std::size_t count = std::min(kernels::kScanQueries, active.size() - first);
      for (std::size_t q = 0; q < count; ++q) {
        const Query& query = *active[first + q];
        scans[q] = {&query.coded, query.coded.threshold(query.collector.threshold()),
                    passed[q].data(), 0};
      }
      kernels::int8_scan(coded_, tile, end, std::span(scans).first(count));
      for (std::size_t q = 0; q < count; ++q) {
        Query& query = *active[first + q];
        const auto found = std::span(passed[q]).first(scans[q].count);
        for (std::int32_t& position : found) position = order_[static_cast<std::size_t>(position)];
        kernels::dot_gather(query.values, items_.values.data(), found,
                            std::span(scores).first(found.size()));
        for (std::size_t j = 0; j < found.size(); ++j) query.collector.offer(found[j], scores[j]);
      }
    }
  }
  for (std::size_t q = 0; q < queries.size(); ++q) answers[q] = queries[q].collector.finish();
}

}  // namespace crossfade
