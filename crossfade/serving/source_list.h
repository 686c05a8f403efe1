// ListSource: the personal lists that were made offline and came with the bundle.
#pragma once

#include "crossfade/bundle/bundle.h"
#include "crossfade/serving/source.h"

namespace crossfade {

class ListSource final : public Source {
 public:
  explicit ListSource(const BundleDomain& domain)
      : offsets_(domain.list_offsets), items_(domain.list_items), scores_(domain.list_scores) {}

  std::string_view name() const override { return "list"; }
  void offer(const Ask& ask, const Take& take) const override;

 private:
  Array<std::int64_t> offsets_;  // empty: no lists
  Array<ItemIndex> items_;
  Array<float> scores_;
};

}  // namespace crossfade
