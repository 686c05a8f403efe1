// --memory of commands that train: what they may take, asked before a trainer starts.
#pragma once

#include <string>

#include "crossfade/base/context.h"
#include "crossfade/cli/arguments.h"

namespace crossfade {

class MemoryArgument {
 public:
  void declare(Arguments& arguments);
  // The context with that limit; as it is where nothing was said. Errors (usage): no such size.
  Result<Context> limit(const Context& context) const;

 private:
  std::string text_;
};

}  // namespace crossfade
