// The plain scan: blocks of items that stay in cache, and within each all queries in turn.
#include "crossfade/retrieval/exact_index.h"

#include <algorithm>
#include <array>
#include <utility>

#include "crossfade/kernels/dot.h"
#include "crossfade/retrieval/collector.h"

namespace crossfade {
namespace {

constexpr std::int64_t kBlockItems = 256;

}  // namespace

Result<ExactIndex> ExactIndex::create(FactorMatrix items) {
  CROSSFADE_RETURN_IF_ERROR(items.check("the item matrix"));
  return ExactIndex(std::move(items));
}

void ExactIndex::search_block(const Block& block,
                              std::span<std::vector<ScoredItem>> answers) const {
  const auto dims = static_cast<std::size_t>(items_.dims);
  std::vector<TopKCollector> collectors(answers.size());
  for (std::size_t q = 0; q < answers.size(); ++q)
    collectors[q].start(*block.options, block.first + static_cast<std::int64_t>(q), items_.rows);
  std::array<float, kBlockItems> scores;
  for (std::int64_t begin = 0; begin < items_.rows; begin += kBlockItems) {
    const std::int64_t count = std::min(kBlockItems, items_.rows - begin);
    for (std::size_t q = 0; q < answers.size(); ++q) {
      kernels::dot_rows(block.queries.subspan(q * dims, dims),
                        items_.values.data() + static_cast<std::size_t>(begin) * dims,
                        std::span(scores).first(static_cast<std::size_t>(count)));
      for (std::int64_t i = 0; i < count; ++i)
        collectors[q].offer(static_cast<std::int32_t>(begin + i),
                            scores[static_cast<std::size_t>(i)]);
    }
  }
  for (std::size_t q = 0; q < answers.size(); ++q) answers[q] = collectors[q].finish();
}

}  // namespace crossfade
