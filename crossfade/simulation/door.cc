// What all doors share: the names of losses, and answers that wait to be taken.
#include "crossfade/simulation/door.h"

#include <iterator>
#include <utility>

namespace crossfade {

void ImmediateDoor::ask(const Inquiry& inquiry) {
  auto reply = answer(inquiry);
  if (!reply.ok()) {
    if (error_.ok()) error_ = reply.status();
    return;
  }
  reply->listener = inquiry.listener;
  replies_.push_back(*std::move(reply));
}

Status ImmediateDoor::wait(std::vector<Reply>& replies) {
  CROSSFADE_RETURN_IF_ERROR(error_);
  replies.insert(replies.end(), std::move_iterator(replies_.begin()),
                 std::move_iterator(replies_.end()));
  replies_.clear();
  return ok_status();
}

std::string_view name_of(Loss loss) {
  switch (loss) {
    case Loss::kNone:
      return "none";
    case Loss::kNoConnection:
      return "no connection";
    case Loss::kConnectionLost:
      return "connection lost";
    case Loss::kLate:
      return "late answer";
    case Loss::kStatus:
      return "status other than 200";
    case Loss::kGarbage:
      return "answer that does not read";
    case Loss::kUnknownTrack:
      return "unknown track";
    case Loss::kTooLong:
      return "too many steps";
  }
  return "";
}

}  // namespace crossfade
