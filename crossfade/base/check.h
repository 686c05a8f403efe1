// CROSSFADE_CHECK: our own mistakes die at once, with a sentence and a place. It is never used for
// what a user or the environment did wrong; those come back as a Status (base/status.h).
#pragma once

#include <string>

namespace crossfade {

[[noreturn]] void check_failed(const char* file, int line, const char* condition,
                               const std::string& sentence);

}  // namespace crossfade

// `sentence` is anything a std::string can be made of; it is evaluated only on failure.
#define CROSSFADE_CHECK(condition, sentence)                                                 \
  do {                                                                                       \
    if (!(condition)) ::crossfade::check_failed(__FILE__, __LINE__, #condition, (sentence)); \
  } while (false)
