// StageArguments: a command's arguments as the keys of a stage, so that a recipe speaks the words
// of the command line: --truth FILE is truth = "FILE", a positional STORE is store = "..".
#pragma once

#include <map>
#include <string>
#include <variant>
#include <vector>

#include "crossfade/cli/arguments.h"
#include "crossfade/pipeline/stage_kind.h"

namespace crossfade {

class StageArguments final : public Arguments {
 public:
  void positional(const std::string& name, std::string& field, const std::string& help) override;
  void positional(const std::string& name, std::vector<std::string>& field,
                  const std::string& help) override;
  void required(const std::string& name, std::string& field, const std::string& help) override;
  void option(const std::string& name, std::string& field, const std::string& help) override;
  void option(const std::string& name, std::int64_t& field, const std::string& help) override;
  void option(const std::string& name, std::vector<std::string>& field,
              const std::string& help) override;
  void flag(const std::string& name, bool& field, const std::string& help) override;
  void pass_through(std::vector<std::string>&) override {}
  void footer(const std::string&) override {}

  // All arguments, in the order of their declaration; none is marked as an input.
  const std::vector<StageKey>& keys() const { return keys_; }
  // Assigns the values to the fields that the arguments are bound to; null leaves the default. The
  // pipeline has checked their types (anything else is our own mistake).
  void fill(const Json& values) const;

 private:
  using Field = std::variant<std::string*, std::int64_t*, bool*, std::vector<std::string>*>;
  void add(const std::string& name, StageKey::Type type, const std::string& help, Field field);

  std::vector<StageKey> keys_;
  std::map<std::string, Field> fields_;
};

}  // namespace crossfade
