// A size as import reads it; see memory_argument.h.
#include "crossfade/cli/memory_argument.h"

#include "crossfade/io/import.h"

namespace crossfade {

void MemoryArgument::declare(Arguments& arguments) {
  arguments.option("--memory", text_,
                   "do not start if training needs more, as in 4GB; what the machine has free");
}

Result<Context> MemoryArgument::limit(const Context& context) const {
  Context limited = context;
  if (text_.empty()) return limited;
  CROSSFADE_ASSIGN_OR_RETURN(limited.memory_bytes, parse_bytes("--memory", text_));
  return limited;
}

}  // namespace crossfade
