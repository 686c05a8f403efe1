// Arguments: what a command takes, declared once; parsing, --help and errors come from it, and the
// keys that the command has as a stage of a recipe (stage_arguments.h).
//
// The parser of command lines (CLI11) is slow to compile and stays in arguments.cc.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace crossfade {

class Arguments {
 public:
  virtual ~Arguments() = default;

  // Each call binds one argument to a field, whose value at this moment is the default.
  // Positional: `name` in capitals, one value, or the rest of the line.
  virtual void positional(const std::string& name, std::string& field, const std::string& help) = 0;
  virtual void positional(const std::string& name, std::vector<std::string>& field,
                          const std::string& help) = 0;
  // `name` with its dashes ("--out"). A required option that is missing is a usage error.
  virtual void required(const std::string& name, std::string& field, const std::string& help) = 0;
  virtual void option(const std::string& name, std::string& field, const std::string& help) = 0;
  virtual void option(const std::string& name, std::int64_t& field, const std::string& help) = 0;
  virtual void option(const std::string& name, std::vector<std::string>& field,
                      const std::string& help) = 0;
  virtual void flag(const std::string& name, bool& field, const std::string& help) = 0;
  // Everything after the command's name, dashes and all, goes to `field` unread.
  virtual void pass_through(std::vector<std::string>& field) = 0;
  // Text under the options of --help: knobs, examples.
  virtual void footer(const std::string& text) = 0;
};

}  // namespace crossfade
