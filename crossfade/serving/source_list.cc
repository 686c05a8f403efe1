// A walk along the user's rows.
#include "crossfade/serving/source_list.h"

namespace crossfade {

void ListSource::offer(const Ask& ask, const Take& take) const {
  if (ask.user.user == kUnknown || offsets_.empty()) return;
  const auto user = static_cast<std::size_t>(ask.user.user);
  const auto end = static_cast<std::size_t>(offsets_[user + 1]);
  for (auto row = static_cast<std::size_t>(offsets_[user]); row < end; ++row)
    if (!take({items_[row], scores_[row]})) return;
}

}  // namespace crossfade
