// SplitKind: what the file of a splitting rule defines and the list in split.cc names.
#pragma once

#include <string>

#include "crossfade/data/split.h"

namespace crossfade {

struct SplitKind {
  std::string name;     // before the colon: "time"
  std::string example;  // "time:0.9"
  std::string help;     // half a sentence: what becomes test
  // From what stands after the colon. The error says what that may be.
  Result<SplitRule> (*parse)(const std::string& argument) = nullptr;
};

SplitKind time_split();
SplitKind last_split();
SplitKind ratio_split();

}  // namespace crossfade
