// A command declares its arguments once more, to somebody who only looks for addresses.
#include "crossfade/cli/remote_paths.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <utility>

#include "crossfade/io/remote_file.h"
#include "crossfade/io/remote_server.h"

namespace crossfade {
namespace {

// Collects the texts that a command line has set, which may be addresses, and the rest of it.
class AddressFinder final : public Arguments {
 public:
  struct Said {
    std::string name;
    std::string* value;
  };

  void positional(const std::string& name, std::string& field, const std::string&) override {
    texts_.push_back({name, &field});
  }
  void positional(const std::string& name, std::vector<std::string>& field,
                  const std::string&) override {
    for (std::string& value : field) texts_.push_back({name, &value});
  }
  void required(const std::string& name, std::string& field, const std::string&) override {
    texts_.push_back({name, &field});
  }
  void option(const std::string& name, std::string& field, const std::string&) override {
    texts_.push_back({name, &field});
  }
  void option(const std::string& name, std::int64_t& field, const std::string&) override {
    others_.set(name, field);
  }
  void option(const std::string& name, std::vector<std::string>& field,
              const std::string&) override {
    for (std::string& value : field) texts_.push_back({name, &value});
  }
  void flag(const std::string& name, bool& field, const std::string&) override {
    others_.set(name, field);
  }
  void pass_through(std::vector<std::string>& field) override {
    for (std::string& value : field) texts_.push_back({"", &value});
  }
  void footer(const std::string&) override {}

  std::vector<Said> addresses() const {
    std::vector<Said> found;
    for (const Said& said : texts_)
      if (is_remote(*said.value)) found.push_back(said);
    return found;
  }
  // Whether nothing shall be made.
  bool is_dry_run() const {
    const bool* said = others_["--dry-run"].as_bool();
    return said && *said;
  }
  // All that was said, and the state of what it names: the same twice is the same work.
  Json identity() const {
    Json said = Json::array();
    for (const Said& text : texts_)
      said.push(text.name + "=" + *text.value + state_of_path(*text.value) +
                state_of_path(*text.value + "/manifest.json"));
    return Json::object().set("texts", std::move(said)).set("others", others_);
  }

 private:
  static std::string state_of_path(const std::string& path) {
    std::error_code error;
    const auto changed = std::filesystem::last_write_time(path, error);
    if (error) return "";
    const auto bytes = std::filesystem::file_size(path, error);
    return " (" + std::to_string(changed.time_since_epoch().count()) + " " +
           (error ? "" : std::to_string(bytes)) + ")";
  }

  std::vector<Said> texts_;
  Json others_ = Json::object();
};

// How a command uses the argument of this name, if it writes there.
std::optional<RemoteUse> use_of(const std::string& command, const std::string& name) {
  if (name == "--html") return RemoteUse::kReplace;
  if (name == "--into") return RemoteUse::kGrow;
  if (name == "STORE" && (command == "attach" || command == "compact")) return RemoteUse::kGrow;
  const bool is_log = command == "simulate" && (name == "--log" || name == "--goods-log");
  if (name != "--out" && !is_log) return std::nullopt;
  if (command == "report") return RemoteUse::kReplace;
  const bool goes_on = command == "run" || command == "tune";
  return goes_on ? RemoteUse::kResume : RemoteUse::kNew;
}

}  // namespace

Result<PathNames> fetch_remote_inputs(Command& command, Context& context) {
  PathNames addresses;
  AddressFinder finder;
  command.declare(finder);
  for (const auto& [name, value] : finder.addresses()) {
    if (name == "LOG" || use_of(command.name(), name)) continue;
    if (command.name() == "simulate" && name == "--events")
      return usage_error(name + " " + *value +
                         ": an event log grows line by line, which S3 cannot; name a local file");
    std::string address = *value;
    while (address.ends_with('/')) address.pop_back();
    CROSSFADE_ASSIGN_OR_RETURN(*value, local_input(*value, context));
    addresses.emplace_back(*value, std::move(address));
  }
  std::sort(addresses.begin(), addresses.end(),
            [](const auto& a, const auto& b) { return a.first.size() > b.first.size(); });
  return addresses;
}

Result<RemoteOutputs> RemoteOutputs::open(Command& command, bool json, Context& context) {
  RemoteOutputs opened;
  AddressFinder finder;
  command.declare(finder);
  Json identity = finder.identity();
  identity.set("command", command.name()).set("json", json);
  std::string* place = nullptr;
  std::optional<RemoteUse> use;
  for (const auto& [name, value] : finder.addresses()) {
    const auto wanted = use_of(command.name(), name);
    if (wanted && place)
      return usage_error(name + " " + *value + ": one result of a command can go to S3, and " +
                         *place + " does; name a local path for the other");
    if (!wanted) continue;
    place = value;
    use = wanted;
  }
  if (!place) return opened;
  CROSSFADE_ASSIGN_OR_RETURN(RemoteOutput output,
                             RemoteOutput::open(*place, *use, identity, context));
  *place = output.path();
  opened.outputs_.push_back(std::move(output));
  opened.is_dry_run_ = finder.is_dry_run();
  return opened;
}

PathNames RemoteOutputs::names() const {
  PathNames names;
  for (const RemoteOutput& output : outputs_) names.emplace_back(output.path(), output.address());
  return names;
}

Status RemoteOutputs::run(Command& command, Session& session) {
  if (outputs_.empty()) return command.run(session);
  RemoteOutput& output = outputs_[0];
  std::string said;
  if (output.made()) {
    session.context.progress.say("going on with the upload of what was made before");
    said = *output.made();
  } else {
    session.said = &said;
    const Status status = command.run(session);
    session.said = nullptr;
    if (!status.ok() || is_dry_run_) output.abandon();
    CROSSFADE_RETURN_IF_ERROR(status);
    if (!is_dry_run_) CROSSFADE_RETURN_IF_ERROR(output.seal(said, session.context));
  }
  if (!is_dry_run_) CROSSFADE_RETURN_IF_ERROR(output.upload(session.context));
  std::fwrite(said.data(), 1, said.size(), stdout);
  return ok_status();
}

}  // namespace crossfade
