// crossfade bundle inspect: what a bundle holds, without loading it.
#include "crossfade/bundle/bundle.h"
#include "crossfade/cli/command.h"

namespace crossfade {
namespace {

class BundleInspectCommand final : public Command {
 public:
  std::string name() const override { return "bundle inspect"; }
  std::string summary() const override { return "show what a bundle holds"; }
  void declare(Arguments& arguments) override {
    arguments.positional("BUNDLE", bundle_, "a folder that bundle create wrote");
  }

  Status run(Session& session) override {
    CROSSFADE_ASSIGN_OR_RETURN(const Json facts, inspect_bundle(bundle_));
    Document document("The bundle " + bundle_);
    document.add_paragraph(to_pretty_text(facts));
    session.print(document, facts);
    return ok_status();
  }

 private:
  std::string bundle_;
};

}  // namespace

std::unique_ptr<Command> make_bundle_inspect_command() {
  return std::make_unique<BundleInspectCommand>();
}

}  // namespace crossfade
