// QuantizedIndex: the answer of ExactIndex, byte for byte, at a fraction of the work.
//
// Three facts spare most inner products: long items first, so that thresholds rise early and, once
// |query| |item| cannot reach the k-th best score, all the rest is skipped; 8-bit codes whose error
// is bounded (kernels/int8_rows.h), so that an item whose estimate plus bound is too low is dropped
// after integer work four times cheaper than floats; and only what remains is scored by
// kernels/dot.h. A query that comes alone gets its first threshold from the codes too: what k of
// the longest items reach at least is known before any of them is scored. Nothing depends on luck:
// for data where the bounds do not help, it is slower, not wrong.
#pragma once

#include <cstdint>
#include <vector>

#include "crossfade/kernels/int8_rows.h"
#include "crossfade/retrieval/topk.h"

namespace crossfade {

class QuantizedIndex final : public TopKIndex {
 public:
  // Codes the items: about a microsecond for each row of 128 factors, and dims + 12 bytes of
  // memory beside the matrix. Errors: FactorMatrix::check.
  static Result<QuantizedIndex> create(FactorMatrix items);

 protected:
  void search_block(const Block& block, std::span<std::vector<ScoredItem>> answers) const override;

 private:
  struct Query;
  struct Scan;   // some queries on their way through some tiles
  struct Alone;  // room for a query that comes alone

  explicit QuantizedIndex(FactorMatrix items);
  // Scans tiles [begin, end), turns what passes into items and asks for their rows.
  void scan(std::int64_t begin, std::int64_t end, Scan& scan) const;
  // Scores what has passed.
  void score(Scan& scan) const;
  // The answers of queries that have met the tiles before `tile`.
  void pass(std::vector<Query*> active, std::int64_t tile) const;
  // The answer for a block of one query.
  std::vector<ScoredItem> search_alone(const Block& block) const;
  // Takes what is seen or hidden out of the bounds of the first rows.
  void shut_out(const Block& block, std::span<float> bounds) const;

  std::vector<std::int32_t> order_;   // items by length, descending; equal ones by index
  std::vector<std::int32_t> places_;  // of each item in that order
  kernels::Int8Items coded_;          // in that order
};

}  // namespace crossfade
