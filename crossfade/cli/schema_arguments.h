// What a command line says about the columns of a log, in one place for the commands that read one.
#pragma once

#include <string>

#include "crossfade/cli/arguments.h"
#include "crossfade/io/schema.h"

namespace crossfade {

struct SchemaArguments {
  SchemaChoice choice;

  // `of` stands before what --help says, as in "of a log: ", where not everything read is a log.
  void declare(Arguments& arguments, const std::string& of = "");
  // Whether anything was said at all.
  bool said() const;
};

// The presets, a line each, for the foot of --help.
std::string all_presets();

}  // namespace crossfade
