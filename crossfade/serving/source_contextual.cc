// A track that is not known, or has no list, leaves the answer to the next source.
#include "crossfade/serving/source_contextual.h"

#include "crossfade/events/event.h"
#include "crossfade/serving/draw.h"

namespace crossfade {
namespace {

ItemIndex session_start(const Ask& ask) {
  if (ask.plays.empty()) return ask.played;
  std::size_t first = ask.plays.size() - 1;
  while (first > 0 && ask.play_kinds[first - 1] != kPlayedLast) --first;
  return ask.plays[first];
}

}  // namespace

void ContextualSource::offer(const Ask& ask, const Take& take) const {
  const ItemIndex track = of_ == Of::kSessionStart ? session_start(ask) : ask.played;
  offer_by_lot(ask, lists_.list_of_item(track), take);
}

}  // namespace crossfade
