// Two calls per question.
#include "crossfade/simulation/door_recommender.h"

#include <utility>

namespace crossfade {

Result<Reply> RecommenderDoor::observe_and_ask(const Inquiry& inquiry) {
  Reply reply;
  Event event;
  event.user = inquiry.heard.user;
  event.item = inquiry.heard.track;
  event.domain = domain_;
  event.time_ns = inquiry.heard.at_ms * 1000000;
  event.weight = inquiry.heard.time;
  event.kind = inquiry.last ? kPlayedLast : kPlayed;
  CROSSFADE_RETURN_IF_ERROR(recommender_.observe(event));
  if (inquiry.last) {
    reply.treatments = recommender_.treatments(event.user);
    return reply;
  }
  Request request;
  request.played = JustPlayed{event.item, inquiry.heard.time};
  request.time_ns = event.time_ns;
  request.user = std::move(event.user);
  request.domain = std::move(event.domain);
  request.k = 1;
  CROSSFADE_ASSIGN_OR_RETURN(Slate next, recommender_.next(request));
  if (!next.items.empty()) reply.track = as_number(next.items[0].item).value_or(-1);
  reply.treatments = std::move(next.treatments);
  return reply;
}

Result<Reply> RecommenderDoor::answer(const Inquiry& inquiry) {
  const std::int64_t start_ns = clock_ ? clock_->steady_ns() : 0;
  auto reply = observe_and_ask(inquiry);
  if (clock_ && reply.ok())
    reply->latency_s = static_cast<double>(clock_->steady_ns() - start_ns) * 1e-9;
  return reply;
}

}  // namespace crossfade
