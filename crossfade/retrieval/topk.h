// TopKIndex: the items with the largest inner products with a query, exactly.
//
// The answer is defined by kernels/dot.h and nothing else: score descending, equal scores by item
// index ascending, never a seen or hidden item; fewer than k where fewer are allowed. ExactIndex
// computes every score and is the oracle; QuantizedIndex gives the same bytes faster. The answer
// does not depend on the number of threads or on how queries are grouped.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "crossfade/base/array.h"
#include "crossfade/base/status.h"
#include "crossfade/base/thread_pool.h"

namespace crossfade {

// rows x dims floats, row-major.
struct FactorMatrix {
  Array<float> values;
  std::int64_t rows = 0;
  std::int64_t dims = 0;

  std::span<const float> row(std::int64_t r) const {
    return values.span().subspan(static_cast<std::size_t>(r * dims),
                                 static_cast<std::size_t>(dims));
  }
  // Errors (data invalid): values.size() is not rows * dims, more than 65,536 dims or 2^31 - 1
  // rows, a row that is not finite or longer than 1e18 (its products could overflow). `what` names
  // the matrix in the message. Reads it once.
  Status check(const std::string& what) const;
};

struct ScoredItem {
  std::int32_t item = -1;
  float score = 0;
  bool operator==(const ScoredItem&) const = default;
};

// What is never answered, the same for every query: one entry per item, 1 = hidden; empty: nothing.
using HiddenItems = std::span<const std::uint8_t>;

// What each query's user has seen: the items of query q are items[offsets[q], offsets[q + 1]), in
// any order (sorted is faster), repeats allowed, unknown indices ignored. Empty offsets: nothing.
struct SeenItems {
  std::span<const std::int64_t> offsets;
  std::span<const std::int32_t> items;
};

struct TopKOptions {
  std::int64_t k = 10;
  SeenItems seen = {};
  HiddenItems hidden = {};
};

// The best items of query q, best first, are items[offsets[q], offsets[q + 1]), with their scores.
struct TopK {
  std::vector<std::int64_t> offsets = {0};
  std::vector<std::int32_t> items;
  std::vector<float> scores;
};

class TopKIndex {
 public:
  virtual ~TopKIndex() = default;

  const FactorMatrix& items() const { return items_; }

  // The best k items of every query (a row of `queries`). Errors: k < 1, other dims than the
  // items', a query that FactorMatrix::check refuses, seen or hidden of the wrong size.
  Result<TopK> search(const FactorMatrix& queries, const TopKOptions& options,
                      ThreadPool& threads) const;

  // One query, in the calling thread; safe from several threads at once. options.seen has one entry
  // (offsets {0, n}) or none. Same errors.
  Result<std::vector<ScoredItem>> search_one(std::span<const float> query,
                                             const TopKOptions& options) const;

 protected:
  explicit TopKIndex(FactorMatrix items) : items_(std::move(items)) {}

  // Some queries that one thread answers; all has been checked.
  struct Block {
    std::span<const float> queries;  // count * dims
    std::int64_t first = 0;          // the first one's place in options->seen
    std::int64_t count = 0;
    const TopKOptions* options = nullptr;
  };
  // Sets answers[i] to the answer for query i of the block, best first.
  virtual void search_block(const Block& block,
                            std::span<std::vector<ScoredItem>> answers) const = 0;

  FactorMatrix items_;
};

}  // namespace crossfade
