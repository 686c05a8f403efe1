// One call of the model, for as many items as can be needed.
#include "crossfade/serving/source_model.h"

#include <algorithm>

namespace crossfade {

void ModelSource::offer(const Ask& ask, const Take& take) const {
  if (users_ != For::kAll && ask.has_live != (users_ == For::kLive)) return;
  RecommendOptions options;
  options.k = std::min(ask.wanted + ask.may_refuse, model_->num_items());
  options.keep_seen = ask.keep_seen;
  options.hidden = ask.hidden;
  for (const ScoredItem& scored : model_->recommend(ask.user, domain_, options))
    if (!take({scored.item, scored.score})) return;
}

}  // namespace crossfade
