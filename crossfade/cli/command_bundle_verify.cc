// crossfade bundle verify: reads every byte of a bundle and checks that its parts fit.
#include "crossfade/bundle/bundle.h"
#include "crossfade/cli/command.h"

namespace crossfade {
namespace {

class BundleVerifyCommand final : public Command {
 public:
  std::string name() const override { return "bundle verify"; }
  std::string summary() const override { return "check every byte of a bundle"; }
  void declare(Arguments& arguments) override {
    arguments.positional("BUNDLE", bundle_, "a folder that bundle create wrote");
  }

  Status run(Session& session) override {
    CROSSFADE_ASSIGN_OR_RETURN(const Bundle bundle, open_bundle(bundle_, Verify::kFull));
    Document document("The bundle " + bundle_ + " is whole");
    document.add_paragraph("Fingerprint " + bundle.fingerprint() + ".");
    session.print(document,
                  Json::object().set("whole", true).set("fingerprint", bundle.fingerprint()));
    return ok_status();
  }

 private:
  std::string bundle_;
};

}  // namespace

std::unique_ptr<Command> make_bundle_verify_command() {
  return std::make_unique<BundleVerifyCommand>();
}

}  // namespace crossfade
