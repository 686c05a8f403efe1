// Searches, holds the best against the defaults, writes the folder.
#include "crossfade/pipeline/tune.h"

#include <utility>

#include "crossfade/base/file.h"
#include "crossfade/base/staged_folder.h"
#include "crossfade/base/text.h"
#include "crossfade/evaluation/comparison.h"
#include "crossfade/kernels/isa.h"
#include "crossfade/models/dense.h"
#include "crossfade/models/storage.h"
#include "crossfade/pipeline/settings_file.h"
#include "crossfade/pipeline/tune_report.h"

namespace crossfade {
namespace {

class Tuning {
 public:
  Tuning(const TuneRequest& request, const Validation& validation, const SearchSpace& space,
         const Clock& clock, Context& context)
      : request_(request),
        validation_(validation),
        space_(space),
        clock_(clock),
        context_(context) {}

  Result<TuneOutcome> run() {
    const std::string part = request_.out + ".part-tune";
    CROSSFADE_RETURN_IF_ERROR(make_folder(part));
    CROSSFADE_ASSIGN_OR_RETURN(TryJournal journal,
                               TryJournal::open(part + "/tries.jsonl", identity()));
    if (journal.began_anew())
      context_.progress.say("the tries in " + part + " were of another search and are gone");
    else if (!journal.tries().empty())
      context_.progress.say("going on behind " + std::to_string(journal.tries().size()) +
                            " tries that are there already");
    CROSSFADE_RETURN_IF_ERROR(search(journal));
    CROSSFADE_ASSIGN_OR_RETURN(const TuneFacts facts, find_out(journal.tries()));
    CROSSFADE_RETURN_IF_ERROR(write(facts));
    CROSSFADE_RETURN_IF_ERROR(remove_tree(part));
    return TuneOutcome{tune_document(facts), tune_json(facts)};
  }

 private:
  const ValidationRequest& asked() const { return request_.validation; }

  // All that decides the tries, but for the budget: a larger one goes on.
  Json identity() const {
    Json knobs = Json::array();
    for (const SearchDimension& dimension : space_.dimensions())
      knobs.push(Json::object()
                     .set("knob", dimension.knob.name)
                     .set("low", dimension.knob.range.tune.low)
                     .set("high", dimension.knob.range.tune.high)
                     .set("default", dimension.knob.value));
    return Json::object()
        .set("search", asked().model)
        .set("metric", asked().metric)
        .set("domain", asked().domain)
        .set("new_only", asked().new_only)
        .set("keep_seen", asked().keep_seen)
        .set("seed", static_cast<std::int64_t>(asked().seed))
        .set("fixed", json_list(request_.fixed))
        .set("knobs", std::move(knobs))
        .set("data", validation_.fingerprint())
        .set("engine", CROSSFADE_VERSION)
        .set("processor", kernels::isa_name() + ", " + blas_core_name());
  }

  std::vector<std::string> with_fixed(const std::vector<std::string>& settings) const {
    std::vector<std::string> all = request_.fixed;
    all.insert(all.end(), settings.begin(), settings.end());
    return all;
  }

  // Trains and judges without the progress of every single training.
  Result<EvalReport> judge(const std::vector<std::string>& settings) const {
    SilentProgress silent;
    Context quiet{context_.threads, silent, context_.stop};
    return validation_.judge(with_fixed(settings), quiet);
  }

  Status search(TryJournal& journal) const {
    SearchOptions options;
    options.seed = asked().seed;
    const TriesRequest tries{space_, options, request_.budget, asked().metric};
    const ScoreTry score = [&](const std::vector<std::string>& settings) -> Result<RungScore> {
      CROSSFADE_ASSIGN_OR_RETURN(const EvalReport report, judge(settings));
      return RungScore{0, report.metrics[0].mean, report.metrics[0].interval};
    };
    return make_tries(tries, score, journal, clock_, context_);
  }

  Result<TuneFacts> find_out(const std::vector<Try>& tries) const {
    TuneFacts facts{asked().model, asked().metric, validation_.num_users(), space_, tries, {}, {}};
    const Try& best = tries[best_try(tries)];
    facts.best_settings = with_fixed(best.settings);
    CROSSFADE_ASSIGN_OR_RETURN(const EvalReport first, judge({}));
    CROSSFADE_ASSIGN_OR_RETURN(const EvalReport second, judge(best.settings));
    CROSSFADE_ASSIGN_OR_RETURN(const Comparison comparison,
                               compare(first, second, first.bootstrap, context_.threads));
    facts.against_defaults = comparison.metrics[0].paired;
    return facts;
  }

  Status write(const TuneFacts& facts) const {
    CROSSFADE_ASSIGN_OR_RETURN(StagedFolder folder, StagedFolder::create(request_.out));
    const auto place = [&](const char* name) { return folder.path() + "/" + name; };
    std::string lines;
    for (const Try& one : facts.tries) lines += to_text(to_json(one)) + "\n";
    CROSSFADE_RETURN_IF_ERROR(write_file(place("tries.jsonl"), lines));
    CROSSFADE_RETURN_IF_ERROR(write_settings(
        place("best.settings"),
        "The best of " + std::to_string(facts.tries.size()) + " settings of " + facts.model +
            " by " + facts.metric + " on the validation part; for `crossfade train --settings`.",
        facts.best_settings));
    const Document document = tune_document(facts);
    CROSSFADE_RETURN_IF_ERROR(write_file(place("report.md"), to_markdown(document)));
    CROSSFADE_RETURN_IF_ERROR(write_file(place("report.html"), to_html(document)));
    if (request_.refit) CROSSFADE_RETURN_IF_ERROR(refit(facts, place("model")));
    return folder.commit();
  }

  Status refit(const TuneFacts& facts, const std::string& path) const {
    context_.progress.say("training the best on train and validation together");
    CROSSFADE_ASSIGN_OR_RETURN(const auto model, validation_.refit(facts.best_settings, context_));
    return save_model(
        *model, path,
        training_provenance(asked().seed, facts.best_settings, validation_.fingerprint()));
  }

  const TuneRequest& request_;
  const Validation& validation_;
  const SearchSpace& space_;
  const Clock& clock_;
  Context& context_;
};

}  // namespace

Result<TuneOutcome> tune(const TuneRequest& request, const Clock& clock, Context& context) {
  CROSSFADE_RETURN_IF_ERROR(refuse_existing(request.out));
  CROSSFADE_ASSIGN_OR_RETURN(const TrainerEntry trainer, find_trainer(request.validation.model));
  CROSSFADE_ASSIGN_OR_RETURN(
      const SearchSpace space,
      SearchSpace::make(request.validation.model, trainer.knobs, request.fixed));
  CROSSFADE_ASSIGN_OR_RETURN(const Validation validation,
                             Validation::open(request.validation, context));
  return Tuning(request, validation, space, clock, context).run();
}

}  // namespace crossfade
