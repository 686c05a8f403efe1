// Once around the list.
#include "crossfade/serving/source_sequential.h"

#include <algorithm>

namespace crossfade {

void SequentialSource::offer(const Ask& ask, const Take& take) const {
  const auto list = lists_.list_of_user(ask.user_id);
  const auto found = std::find(list.begin(), list.end(), ask.played);
  const auto before =
      found == list.end() ? std::size_t{0} : static_cast<std::size_t>(found - list.begin());
  for (std::size_t step = 1; step <= list.size(); ++step)
    if (!take({list[(before + step) % list.size()]})) return;
}

}  // namespace crossfade
