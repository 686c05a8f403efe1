// The one list of commands, in the order of the work they do.
#include "crossfade/cli/command.h"

#define CROSSFADE_COMMANDS(X) \
  X(synth)                    \
  X(oracle)                   \
  X(import)                   \
  X(attach)                   \
  X(compact)                  \
  X(describe)                 \
  X(filter)                   \
  X(export)                   \
  X(split)                    \
  X(train)                    \
  X(tune)                     \
  X(recommend)                \
  X(blend)                    \
  X(combine)                  \
  X(similar)                  \
  X(explain)                  \
  X(evaluate)                 \
  X(report)                   \
  X(experiment_plan)          \
  X(experiment_assign)        \
  X(experiment_analyze)       \
  X(experiment_offpolicy)     \
  X(run)                      \
  X(bundle_create)            \
  X(bundle_inspect)           \
  X(bundle_verify)            \
  X(serve)                    \
  X(simulate)                 \
  X(doctor)                   \
  X(version)

namespace crossfade {

#define CROSSFADE_DECLARE(name) std::unique_ptr<Command> make_##name##_command();
CROSSFADE_COMMANDS(CROSSFADE_DECLARE)
#undef CROSSFADE_DECLARE

std::vector<std::unique_ptr<Command>> all_commands() {
  std::vector<std::unique_ptr<Command>> commands;
#define CROSSFADE_ADD(name) commands.push_back(make_##name##_command());
  CROSSFADE_COMMANDS(CROSSFADE_ADD)
#undef CROSSFADE_ADD
  return commands;
}

}  // namespace crossfade
