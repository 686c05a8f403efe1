// crossfade version: what this program is, for bug reports and provenance.
#include "crossfade/cli/command.h"
#include "crossfade/kernels/isa.h"

namespace crossfade {
namespace {

class VersionCommand final : public Command {
 public:
  std::string name() const override { return "version"; }
  std::string summary() const override { return "print version and instruction set"; }
  void declare(Arguments&) override {}

  Status run(Session& session) override {
    Json json = Json::object();
    json.set("version", CROSSFADE_VERSION).set("isa", kernels::isa_name());
    Document document("crossfade " + std::string(CROSSFADE_VERSION));
    document.add_paragraph("Instruction set: " + kernels::isa_name() + ".");
    session.print(document, json);
    return ok_status();
  }
};

}  // namespace

std::unique_ptr<Command> make_version_command() {
  return std::make_unique<VersionCommand>();
}

}  // namespace crossfade
