// crossfade tune MODEL: searches a model's knobs by the validation part of a split.
#include "crossfade/base/clock.h"
#include "crossfade/base/text.h"
#include "crossfade/cli/command.h"
#include "crossfade/cli/memory_argument.h"
#include "crossfade/pipeline/tune.h"

namespace crossfade {
namespace {

class TuneCommand final : public Command {
 public:
  std::string name() const override { return "tune"; }
  std::string summary() const override { return "search a model's best settings"; }
  void declare(Arguments& arguments) override {
    ValidationRequest& validation = request_.validation;
    arguments.positional("MODEL", validation.model, "which: " + join(trainer_names(), ", "));
    arguments.required("--data", validation.folder, "a folder that split wrote, with validation");
    arguments.required("--out", request_.out,
                       "folder for best.settings and the report; one that holds this search goes "
                       "on with a larger --budget");
    arguments.option("--domain", validation.domain, "whose items to recommend (if several)");
    arguments.option("--with", validation.with,
                     "another domain to learn from too: NAME, or NAME:SHARE; may be repeated");
    arguments.option("--metric", validation.metric, "what is to be high, with a length of list");
    arguments.option("--budget", tries_, "tries; 40 if no time is given");
    arguments.option("--minutes", minutes_,
                     "no try begins later than that; of a search that goes on when it was "
                     "finished, so many more");
    arguments.option("--set", request_.fixed, "a knob that is not searched: name=value");
    arguments.option("--search", request_.ranges,
                     "a knob that is searched in another range than its own, or has none: "
                     "kind_1=0.1..30");
    arguments.flag("--new-only", validation.new_only,
                   "leave out of the truth what a user had in train");
    arguments.flag("--keep-seen", validation.keep_seen,
                   "items of a user's history may be recommended again");
    arguments.flag("--refit", request_.refit,
                   "train the best on train and validation together, to OUT/model");
    arguments.option("--seed", seed_, "seed of all randomness");
    memory_.declare(arguments);
    arguments.footer(
        "Only the validation part chooses; the test part is never opened. Where a\n"
        "knob is searched stands at the knob: crossfade train --help.");
  }

  Status run(Session& session) override {
    request_.validation.seed = static_cast<std::uint64_t>(seed_);
    CROSSFADE_RETURN_IF_ERROR(read_budget());
    CROSSFADE_ASSIGN_OR_RETURN(Context context, memory_.limit(session.context));
    const SystemClock clock;
    CROSSFADE_ASSIGN_OR_RETURN(const TuneOutcome outcome, tune(request_, clock, context));
    session.print(outcome.document, outcome.json);
    return ok_status();
  }

 private:
  // A time alone is the only limit; nothing at all is 40 tries.
  Status read_budget() {
    constexpr std::int64_t kMost = 1'000'000;
    request_.budget.tries = minutes_.empty() ? 40 : kMost;
    if (!tries_.empty()) {
      const auto tries = parse_int(tries_);
      if (!tries || *tries < 1 || *tries > kMost)
        return usage_error("--budget is a number of tries from 1 on, and '" + tries_ + "' is not");
      request_.budget.tries = *tries;
    }
    if (!minutes_.empty()) {
      const auto minutes = parse_double(minutes_);
      if (!minutes || !(*minutes > 0))
        return usage_error("--minutes is a number above 0, and '" + minutes_ + "' is not");
      request_.budget.seconds = *minutes * 60;
    }
    return ok_status();
  }

  TuneRequest request_;
  std::string tries_, minutes_;
  MemoryArgument memory_;
  std::int64_t seed_ = 1;
};

}  // namespace

std::unique_ptr<Command> make_tune_command() {
  return std::make_unique<TuneCommand>();
}

}  // namespace crossfade
