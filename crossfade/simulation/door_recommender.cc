// Two calls per question.
#include "crossfade/simulation/door_recommender.h"

#include <utility>

namespace crossfade {

Result<std::int64_t> RecommenderDoor::answer(const Inquiry& inquiry) {
  Event event;
  event.user = inquiry.heard.user;
  event.item = inquiry.heard.track;
  event.domain = domain_;
  event.time_ns = inquiry.heard.at_ms * 1000000;
  event.weight = inquiry.heard.time;
  CROSSFADE_RETURN_IF_ERROR(recommender_.observe(event));
  if (inquiry.last) return std::int64_t{-1};
  Request request;
  request.user = std::move(event.user);
  request.domain = std::move(event.domain);
  request.k = 1;
  CROSSFADE_ASSIGN_OR_RETURN(const auto next, recommender_.next(request));
  return next.empty() ? -1 : as_number(next[0].item).value_or(-1);
}

void RecommenderDoor::ask(const Inquiry& inquiry) {
  const std::int64_t start_ns = clock_ ? clock_->steady_ns() : 0;
  const Result<std::int64_t> track = answer(inquiry);
  Reply reply{inquiry.listener};
  if (track.ok())
    reply.track = *track;
  else if (status_.ok())
    status_ = track.status();
  if (clock_) reply.latency_s = static_cast<double>(clock_->steady_ns() - start_ns) * 1e-9;
  replies_.push_back(reply);
}

Status RecommenderDoor::wait(std::vector<Reply>& replies) {
  CROSSFADE_RETURN_IF_ERROR(status_);
  replies.insert(replies.end(), replies_.begin(), replies_.end());
  replies_.clear();
  return ok_status();
}

}  // namespace crossfade
