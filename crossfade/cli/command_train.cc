// crossfade train MODEL: one generator learns from a store.
#include "crossfade/base/clock.h"
#include "crossfade/base/file.h"
#include "crossfade/base/text.h"
#include "crossfade/cli/command.h"
#include "crossfade/cli/memory_argument.h"
#include "crossfade/data/store/store.h"
#include "crossfade/models/neural_program/train_with_neural_program.h"
#include "crossfade/models/storage.h"
#include "crossfade/models/trainer.h"
#include "crossfade/pipeline/settings_file.h"
#include "crossfade/pipeline/training_report.h"

namespace crossfade {
namespace {

std::string all_knobs() {
  std::string text = "Models and their knobs (--set name=value):\n";
  for (const std::string& name : trainer_names()) {
    const TrainerEntry trainer = *find_trainer(name);
    text += "\n" + name + ": " + trainer.summary + "\n" + describe_knobs(trainer.knobs);
  }
  return text;
}

class TrainCommand final : public Command {
 public:
  std::string name() const override { return "train"; }
  std::string summary() const override { return "train a model on a store"; }
  void declare(Arguments& arguments) override {
    arguments.positional("MODEL", model_, "which: " + join(trainer_names(), ", "));
    arguments.required("--data", data_, "the store to learn from");
    arguments.required("--out", out_, "folder to write the model to");
    arguments.option("--domain", domain_, "whose items to recommend (if the store has several)");
    arguments.option("--with", with_,
                     "another domain to learn from too, for users who are known there: NAME, or "
                     "NAME:SHARE of its weights; may be repeated");
    arguments.option("--settings", settings_file_, "a file of knobs, as tune writes it");
    arguments.option("--set", settings_, "a knob: name=value; may be repeated");
    arguments.option("--seed", seed_, "seed of all randomness");
    memory_.declare(arguments);
    arguments.footer(all_knobs());
  }

  Status run(Session& session) override {
    CROSSFADE_ASSIGN_OR_RETURN(const TrainerEntry trainer, find_trainer(model_));
    CROSSFADE_RETURN_IF_ERROR(refuse_existing(out_));
    CROSSFADE_ASSIGN_OR_RETURN(Context context, memory_.limit(session.context));
    if (!settings_file_.empty()) {
      CROSSFADE_ASSIGN_OR_RETURN(const auto from_file, read_settings(settings_file_));
      settings_.insert(settings_.begin(), from_file.begin(), from_file.end());
    }
    CROSSFADE_ASSIGN_OR_RETURN(const Store store,
                               open_store(data_, Verify::kFull, &session.context.threads));
    const Dataset& dataset = store.dataset;
    CROSSFADE_ASSIGN_OR_RETURN(const std::size_t domain, dataset.find_domain(domain_));
    const SystemClock clock;
    const std::int64_t start_ns = clock.steady_ns();
    CROSSFADE_ASSIGN_OR_RETURN(const auto with, find_helping(with_, dataset));
    TrainInput input{dataset, domain, settings_, static_cast<std::uint64_t>(seed_), with};
    input.store = data_;
    input.checkpoint = out_ + ".checkpoint";
    input.elsewhere = &train_with_neural_program;
    CROSSFADE_ASSIGN_OR_RETURN(const auto model, trainer.train(input, context));
    const double seconds = static_cast<double>(clock.steady_ns() - start_ns) * 1e-9;

    std::vector<std::size_t> helping;
    for (const LearnWith& other : with) helping.push_back(other.domain_index);
    CROSSFADE_RETURN_IF_ERROR(save_model(
        *model, out_,
        training_provenance(input.seed, settings_, store.fingerprint).set("with", json_list(with_)),
        item_ids_of(dataset, domain, helping)));
    // Not before: whoever is killed until then goes on from there.
    if (!model->training().is_null()) CROSSFADE_RETURN_IF_ERROR(remove_tree(input.checkpoint));

    Document document("Trained " + model_ + " on " + dataset.domains()[domain].name);
    const std::string told = training_sentence(model->training());
    document.add_paragraph("Wrote " + out_ + " in " + format_duration(seconds) + "." +
                           (told.empty() ? "" : "\n" + told));
    Json json = Json::object();
    json.set("model", out_).set("seconds", seconds);
    session.print(document, json);
    return ok_status();
  }

 private:
  std::string model_, data_, out_, domain_, settings_file_;
  std::vector<std::string> settings_, with_;
  MemoryArgument memory_;
  std::int64_t seed_ = 1;
};

}  // namespace

std::unique_ptr<Command> make_train_command() {
  return std::make_unique<TrainCommand>();
}

}  // namespace crossfade
