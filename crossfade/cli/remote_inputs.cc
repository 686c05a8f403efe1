// A command declares its arguments once more, to somebody who only looks for addresses.
#include "crossfade/cli/remote_inputs.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "crossfade/io/remote_file.h"

namespace crossfade {
namespace {

class AddressFinder final : public Arguments {
 public:
  void positional(const std::string& name, std::string& field, const std::string&) override {
    look_at(name, field);
  }
  void positional(const std::string& name, std::vector<std::string>& field,
                  const std::string&) override {
    for (std::string& value : field) look_at(name, value);
  }
  void required(const std::string& name, std::string& field, const std::string&) override {
    look_at(name, field);
  }
  void option(const std::string& name, std::string& field, const std::string&) override {
    look_at(name, field);
  }
  void option(const std::string&, std::int64_t&, const std::string&) override {}
  void option(const std::string& name, std::vector<std::string>& field,
              const std::string&) override {
    for (std::string& value : field) look_at(name, value);
  }
  void flag(const std::string&, bool&, const std::string&) override {}
  void pass_through(std::vector<std::string>& field) override {
    for (std::string& value : field) look_at("", value);
  }
  void footer(const std::string&) override {}

  const std::vector<std::pair<std::string, std::string*>>& found() const { return found_; }

 private:
  void look_at(const std::string& name, std::string& value) {
    if (is_remote(value)) found_.emplace_back(name, &value);
  }
  std::vector<std::pair<std::string, std::string*>> found_;
};

bool is_output(const std::string& name) {
  constexpr const char* kOutputs[] = {"--out", "--into", "--html"};
  return std::find(std::begin(kOutputs), std::end(kOutputs), name) != std::end(kOutputs);
}

}  // namespace

Result<PathNames> fetch_remote_inputs(Command& command, Context& context) {
  PathNames addresses;
  AddressFinder finder;
  command.declare(finder);
  for (const auto& [name, value] : finder.found()) {
    if (is_output(name))
      return usage_error(name + " " + *value +
                         ": results are written to the disk; name a local path and copy it");
    if (name == "LOG") continue;
    std::string address = *value;
    while (address.ends_with('/')) address.pop_back();
    CROSSFADE_ASSIGN_OR_RETURN(*value, local_input(*value, context));
    addresses.emplace_back(*value, std::move(address));
  }
  std::sort(addresses.begin(), addresses.end(),
            [](const auto& a, const auto& b) { return a.first.size() > b.first.size(); });
  return addresses;
}

}  // namespace crossfade
