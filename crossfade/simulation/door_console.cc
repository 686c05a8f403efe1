// One question after the other.
#include "crossfade/simulation/door_console.h"

#include <string>

#include "crossfade/base/text.h"

namespace crossfade {

Status ConsoleDoor::wait(std::vector<Reply>& replies) {
  for (const Inquiry& inquiry : asked_) {
    const auto track = static_cast<std::size_t>(inquiry.heard.track);
    const auto artist = static_cast<std::size_t>(tracks_.artist_of[track]);
    output_ << "User " << inquiry.heard.user << " heard " << format_number(inquiry.heard.time, 2)
            << " of track " << inquiry.heard.track << ", " << tracks_.artists[artist] << ": "
            << tracks_.titles[track] << ".\n";
    Reply reply{inquiry.listener};
    std::string line;
    while (!inquiry.last && reply.track < 0) {
      output_ << "Next track: " << std::flush;
      if (!std::getline(input_, line)) return interrupted();
      if (const auto number = parse_int(line); number && *number >= 0)
        reply.track = *number;
      else
        output_ << "This is no track's number.\n";
    }
    if (inquiry.last) output_ << "The session is over.\n";
    replies.push_back(reply);
  }
  asked_.clear();
  return ok_status();
}

}  // namespace crossfade
