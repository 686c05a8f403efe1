// Searches, holds the best against the defaults, writes the folder.
#include "crossfade/pipeline/tune.h"

#include <memory>
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
    CROSSFADE_ASSIGN_OR_RETURN(const std::vector<Try> finished, finished_tries());
    const std::string part = place() + ".tuning";
    CROSSFADE_RETURN_IF_ERROR(make_folder(part));
    CROSSFADE_ASSIGN_OR_RETURN(TryJournal journal,
                               TryJournal::open(part + "/tries.jsonl", identity()));
    if (journal.began_anew())
      context_.progress.say("the tries in " + part + " were of another search and are gone");
    for (std::size_t i = journal.tries().size(); i < finished.size(); ++i)
      CROSSFADE_RETURN_IF_ERROR(journal.add(finished[i]));
    if (!journal.tries().empty())
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

  std::string place() const {
    std::string out = request_.out;
    while (out.size() > 1 && out.back() == '/') out.pop_back();
    return out;
  }

  // The tries that OUT holds already; none if there is no OUT.
  Result<std::vector<Try>> finished_tries() const {
    const std::string& out = request_.out;
    if (!path_exists(out)) return std::vector<Try>();
    CROSSFADE_ASSIGN_OR_RETURN(const std::string search, read_file(out + "/search.json"));
    if (search != to_pretty_text(identity()))
      return usage_error(out +
                         " holds another search (its model, metric, seed, fixed knobs, data, "
                         "engine or processor differ: see search.json there); give another --out");
    CROSSFADE_ASSIGN_OR_RETURN(std::vector<Try> tries, read_tries(out + "/tries.jsonl"));
    if (static_cast<std::int64_t>(tries.size()) >= request_.budget.tries)
      return usage_error(out + " holds " + std::to_string(tries.size()) +
                         " tries of this search already; a larger --budget goes on with them");
    return tries;
  }

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
        .set("with", json_list(asked().with))
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
  Result<EvalReport> judge(const std::vector<std::string>& settings, double share = 1) {
    SilentProgress silent;
    Context quiet{context_.threads, silent, context_.stop};
    if (!model_ || settings != settings_) {
      model_.reset();
      CROSSFADE_ASSIGN_OR_RETURN(model_, validation_.train(with_fixed(settings), quiet));
      settings_ = settings;
    }
    return validation_.judge(*model_, share, quiet);
  }

  Status search(TryJournal& journal) {
    SearchOptions options;
    options.seed = asked().seed;
    const TriesRequest tries{space_, options, request_.budget, asked().metric,
                             validation_.num_users()};
    const ScoreTry score = [&](const std::vector<std::string>& settings,
                               const Rung& rung) -> Result<RungScore> {
      CROSSFADE_ASSIGN_OR_RETURN(const EvalReport report, judge(settings, rung.users));
      return RungScore{0, report.counts.users, report.metrics[0].mean, report.metrics[0].interval};
    };
    return make_tries(tries, score, journal, clock_, context_);
  }

  Result<TuneFacts> find_out(const std::vector<Try>& tries) {
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
    CROSSFADE_ASSIGN_OR_RETURN(StagedFolder folder, StagedFolder::replace(request_.out));
    const auto inside = [&](const char* name) { return folder.path() + "/" + name; };
    std::string lines;
    for (const Try& one : facts.tries) lines += to_text(to_json(one)) + "\n";
    CROSSFADE_RETURN_IF_ERROR(write_file(inside("tries.jsonl"), lines));
    CROSSFADE_RETURN_IF_ERROR(write_file(inside("search.json"), to_pretty_text(identity())));
    CROSSFADE_RETURN_IF_ERROR(write_settings(
        inside("best.settings"),
        "The best of " + std::to_string(facts.tries.size()) + " settings of " + facts.model +
            " by " + facts.metric + " on the validation part; for `crossfade train --settings`.",
        facts.best_settings));
    const Document document = tune_document(facts);
    CROSSFADE_RETURN_IF_ERROR(write_file(inside("report.md"), to_markdown(document)));
    CROSSFADE_RETURN_IF_ERROR(write_file(inside("report.html"), to_html(document)));
    if (request_.refit) CROSSFADE_RETURN_IF_ERROR(refit(facts, inside("model")));
    return folder.commit();
  }

  Status refit(const TuneFacts& facts, const std::string& path) const {
    context_.progress.say("training the best on train and validation together");
    CROSSFADE_ASSIGN_OR_RETURN(const auto model, validation_.refit(facts.best_settings, context_));
    return save_model(
        *model, path,
        training_provenance(asked().seed, facts.best_settings, validation_.fingerprint())
            .set("with", json_list(asked().with)),
        validation_.item_ids());
  }

  const TuneRequest& request_;
  const Validation& validation_;
  const SearchSpace& space_;
  const Clock& clock_;
  Context& context_;
  std::unique_ptr<Model> model_;       // the one that was trained last
  std::vector<std::string> settings_;  // its
};

}  // namespace

Result<TuneOutcome> tune(const TuneRequest& request, const Clock& clock, Context& context) {
  if (!path_exists(request.out + "/search.json"))
    CROSSFADE_RETURN_IF_ERROR(refuse_existing(request.out));
  CROSSFADE_ASSIGN_OR_RETURN(const TrainerEntry trainer, find_trainer(request.validation.model));
  const std::string& model = request.validation.model;
  CROSSFADE_ASSIGN_OR_RETURN(const auto knobs, with_ranges(model, trainer.knobs, request.ranges));
  CROSSFADE_ASSIGN_OR_RETURN(const SearchSpace space,
                             SearchSpace::make(model, knobs, request.fixed));
  CROSSFADE_ASSIGN_OR_RETURN(const Validation validation,
                             Validation::open(request.validation, context));
  return Tuning(request, validation, space, clock, context).run();
}

}  // namespace crossfade
