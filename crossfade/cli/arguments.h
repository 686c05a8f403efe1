// Arguments: what a command takes, declared once; parsing, --help and errors come from it.
//
// The parser behind it (CLI11) is slow to compile and stays in arguments.cc.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "crossfade/base/status.h"

namespace crossfade {

class Arguments {
 public:
  struct Impl;
  explicit Arguments(Impl& impl) : impl_(impl) {}

  // Each call binds one argument to a field, whose value at this moment is the default.
  // Positional: `name` in capitals, one value, or the rest of the line.
  void positional(const std::string& name, std::string& field, const std::string& help);
  void positional(const std::string& name, std::vector<std::string>& field,
                  const std::string& help);
  // `name` with its dashes ("--out"). A required option that is missing is a usage error.
  void required(const std::string& name, std::string& field, const std::string& help);
  void option(const std::string& name, std::string& field, const std::string& help);
  void option(const std::string& name, std::int64_t& field, const std::string& help);
  void option(const std::string& name, std::vector<std::string>& field, const std::string& help);
  void flag(const std::string& name, bool& field, const std::string& help);
  // Everything after the command's name, dashes and all, goes to `field` unread.
  void pass_through(std::vector<std::string>& field);
  // Text under the options of --help: knobs, examples.
  void footer(const std::string& text);

 private:
  Impl& impl_;
};

}  // namespace crossfade
