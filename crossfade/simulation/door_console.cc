// One question after the other.
#include "crossfade/simulation/door_console.h"

#include <string>

#include "crossfade/base/text.h"

namespace crossfade {

Status ConsoleDoor::wait(std::vector<Answer>& answers) {
  for (const Ask& ask : asked_) {
    const auto track = static_cast<std::size_t>(ask.heard.track);
    const auto artist = static_cast<std::size_t>(tracks_.artist_of[track]);
    output_ << "User " << ask.heard.user << " heard " << format_number(ask.heard.time, 2)
            << " of track " << ask.heard.track << ", " << tracks_.artists[artist] << ": "
            << tracks_.titles[track] << ".\n";
    Answer answer{ask.listener};
    std::string line;
    while (!ask.last && answer.track < 0) {
      output_ << "Next track: " << std::flush;
      if (!std::getline(input_, line)) return interrupted();
      if (const auto number = parse_int(line); number && *number >= 0)
        answer.track = *number;
      else
        output_ << "This is no track's number.\n";
    }
    if (ask.last) output_ << "The session is over.\n";
    answers.push_back(answer);
  }
  asked_.clear();
  return ok_status();
}

}  // namespace crossfade
