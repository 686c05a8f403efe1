// crossfade serve: becomes crossfade-serve, the program that stands beside this one.
//
// By exec, not as a child: signals, exit code and output are then the server's own. All arguments
// after "serve" are handed on as they are, so its --help lists them.
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "crossfade/base/file.h"
#include "crossfade/cli/command.h"

namespace crossfade {
namespace {

class ServeCommand final : public Command {
 public:
  std::string name() const override { return "serve"; }
  std::string summary() const override { return "serve a bundle over HTTP"; }
  void declare(Arguments& arguments) override { arguments.pass_through(arguments_); }

  Status run(Session&) override {
    std::error_code error;
    const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
    // Beside this program when installed; in the service room's folder inside a build.
    std::string program = (self.parent_path() / "crossfade-serve").string();
    if (!path_exists(program))
      program = (self.parent_path().parent_path() / "service" / "crossfade-serve").string();
    std::vector<char*> line{program.data()};
    for (std::string& argument : arguments_) line.push_back(argument.data());
    line.push_back(nullptr);
    ::execv(program.c_str(), line.data());
    return errno_status("cannot start " + program, errno);
  }

 private:
  std::vector<std::string> arguments_;
};

}  // namespace

std::unique_ptr<Command> make_serve_command() {
  return std::make_unique<ServeCommand>();
}

}  // namespace crossfade
