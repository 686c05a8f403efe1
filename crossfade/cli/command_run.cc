// crossfade run RECIPE.toml: the whole offline flow, made where it is not there yet.
#include "crossfade/base/clock.h"
#include "crossfade/base/file.h"
#include "crossfade/cli/command.h"
#include "crossfade/cli/stage_list.h"
#include "crossfade/pipeline/run.h"

namespace crossfade {
namespace {

class RunCommand final : public Command {
 public:
  std::string name() const override { return "run"; }
  std::string summary() const override { return "make all that a recipe asks for"; }
  void declare(Arguments& arguments) override {
    arguments.positional("RECIPE", recipe_, "a TOML file; docs/recipes.md shows one");
    arguments.option("--data", request_.data, "the folder that the recipe's files are in");
    arguments.required("--out", request_.out, "the run's folder; an earlier run there goes on");
    arguments.option("--from", request_.from, "make this stage anew, and all that follow from it");
    arguments.option("--set", overrides_, "instead of the recipe's: STAGE.KEY=VALUE, or seed=N");
    arguments.flag("--dry-run", request_.dry_run, "only say what would be made, and why");
    arguments.flag("--verify", request_.verify, "read every output again, not only its date");
    arguments.footer(
        "Stages are commands: [train.als] has the options of `crossfade train` as\n"
        "keys. What is there already and made of the same is kept.");
  }

  Status run(Session& session) override {
    auto toml = read_file(recipe_);
    if (!toml.ok()) return toml.status();
    const std::vector<StageKind> kinds = all_stage_kinds();
    CROSSFADE_ASSIGN_OR_RETURN(const Recipe recipe,
                               read_recipe({recipe_, *std::move(toml), overrides_}, kinds));
    const SystemClock clock;
    if (session.names) request_.names = *session.names;
    CROSSFADE_ASSIGN_OR_RETURN(const RunOutcome outcome,
                               run_recipe(recipe, request_, clock, session.context));
    session.print(outcome.document, outcome.json);
    return ok_status();
  }

 private:
  std::string recipe_;
  RunRequest request_;
  std::vector<std::string> overrides_;
};

}  // namespace

std::unique_ptr<Command> make_run_command() {
  return std::make_unique<RunCommand>();
}

}  // namespace crossfade
