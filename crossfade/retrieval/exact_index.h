// ExactIndex: every inner product, no tricks. The oracle that the other indices must equal, and the
// right one where the items change with every call, because making it costs only a check.
#pragma once

#include "crossfade/retrieval/topk.h"

namespace crossfade {

class ExactIndex final : public TopKIndex {
 public:
  // Keeps the matrix as it is. Errors: FactorMatrix::check.
  static Result<ExactIndex> create(FactorMatrix items);

 protected:
  void search_block(const Block& block, std::span<std::vector<ScoredItem>> answers) const override;

 private:
  using TopKIndex::TopKIndex;
};

}  // namespace crossfade
