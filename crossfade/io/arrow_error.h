// arrow_error: Arrow throws and returns errors of its own; outside this room there are only ours.
#pragma once

#include <string>

#include "crossfade/base/status.h"

namespace crossfade {

// "WHAT is damaged: REASON; fetch or write the file again", data invalid. Arrow's own prefixes
// ("Invalid: ") are cut off the reason.
Status damaged(const std::string& what, const std::string& reason);

// What was going on when something was thrown: reading `what` ("FILE: column 'x', row group 3"),
// whose content is then to blame, or writing it.
enum class Doing { kReading, kWriting };

// Call it inside `catch (...)`: the exception being handled as a Status. Lack of memory is
// exhausted, an error of the operating system keeps its kind, anything else is damaged(what) when
// reading and failed when writing.
Status status_of_exception(Doing doing, const std::string& what);

// Runs body(), which returns a Status or Result and may throw.
template <class Body>
auto without_exceptions(Doing doing, const std::string& what, Body&& body) -> decltype(body()) {
  try {
    return body();
  } catch (...) {
    return status_of_exception(doing, what);
  }
}

}  // namespace crossfade
