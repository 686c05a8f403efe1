// Where a failed check prints its sentence and ends the process.
#include "crossfade/base/check.h"

#include <cstdio>
#include <cstdlib>

namespace crossfade {

void check_failed(const char* file, int line, const char* condition, const std::string& sentence) {
  std::fprintf(stderr, "crossfade: internal error at %s:%d: %s (%s)\n", file, line,
               sentence.c_str(), condition);
  std::abort();
}

}  // namespace crossfade
