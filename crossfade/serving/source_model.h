// ModelSource: the answer of a model, for all users, for those with live events or those without.
#pragma once

#include <memory>

#include "crossfade/serving/source.h"

namespace crossfade {

class ModelSource final : public Source {
 public:
  // kLive offers only to users with live events in the domain: it stands before the personal list,
  // which knows nothing of them. kStored offers to all others and stands behind it.
  enum class For { kAll, kLive, kStored };
  ModelSource(std::shared_ptr<const Model> model, std::size_t domain, For users)
      : model_(std::move(model)), domain_(domain), users_(users) {}

  std::string_view name() const override { return model_->name(); }
  void offer(const Ask& ask, const Take& take) const override;

 private:
  std::shared_ptr<const Model> model_;
  std::size_t domain_;
  For users_;
};

}  // namespace crossfade
