// crossfade export STORE --as FORM: a store as the files that a published system works on.
#include <limits>
#include <utility>

#include "crossfade/base/file.h"
#include "crossfade/base/text.h"
#include "crossfade/cli/command.h"
#include "crossfade/cli/model_on_data.h"
#include "crossfade/cli/truth_of_domain.h"
#include "crossfade/data/moments.h"
#include "crossfade/data/store/store.h"
#include "crossfade/io/table_reader.h"
#include "crossfade/pipeline/practicum_export.h"
#include "crossfade/pipeline/practicum_recommendations.h"

namespace crossfade {
namespace {

class ExportCommand final : public Command {
 public:
  std::string name() const override { return "export"; }
  std::string summary() const override { return "write a store as a published system's files"; }
  void declare(Arguments& arguments) override {
    arguments.positional("STORE", store_, "a folder that import wrote");
    arguments.required("--as", form_, "which files: practicum, or practicum-recommendations");
    arguments.option("--tracks", tracks_,
                     "file of tracks: track_id, albums, artists, genres; else what import attached "
                     "with --items");
    arguments.option("--names", names_,
                     "file of names: id, type, name; else what import attached with --names");
    arguments.required("--out", out_, "folder to write to");
    arguments.option("--domain", domain_, "which domain, if the store has several");
    arguments.option("--model", model_, "of recommendations: the model of the personal lists");
    arguments.option("--similar", similar_,
                     "of recommendations: the model of similar tracks; --model if not given");
    arguments.option("--test", test_, "of recommendations: what was held back of the store");
    arguments.option("--since", since_,
                     "of recommendations: the day from which popular tracks are counted, as in "
                     "2022-09-01; all if not given");
  }

  Status run(Session& session) override {
    if (form_ != "practicum" && form_ != kRecommendations)
      return unknown_name("form of files", form_, {"practicum", kRecommendations});
    const bool lists = form_ == kRecommendations;
    if (lists && (model_.empty() || test_.empty()))
      return usage_error("--as " + form_ + " needs --model and --test");
    if (!lists && !(model_ + similar_ + test_ + since_).empty())
      return usage_error("--model, --similar, --test and --since are of --as " +
                         std::string(kRecommendations));
    CROSSFADE_RETURN_IF_ERROR(refuse_existing(out_));
    CROSSFADE_ASSIGN_OR_RETURN(const Store store, open_store(store_));
    CROSSFADE_ASSIGN_OR_RETURN(const std::size_t at, store.dataset.find_domain(domain_));
    const Domain& domain = store.dataset.domains()[at];
    CROSSFADE_ASSIGN_OR_RETURN(const PracticumCatalogue catalogue,
                               find_catalogue(domain, session.context));
    if (lists) return write_lists(session, store.dataset, at, catalogue);
    CROSSFADE_ASSIGN_OR_RETURN(
        const PracticumExport exported,
        export_practicum(store.dataset, domain, catalogue, out_, session.context));
    session.print(practicum_document(exported, out_), to_json(exported));
    return ok_status();
  }

 private:
  static constexpr const char* kRecommendations = "practicum-recommendations";

  Status write_lists(const Session& session, const Dataset& train, std::size_t domain,
                     const PracticumCatalogue& catalogue) const {
    std::int64_t since_ns = std::numeric_limits<std::int64_t>::min();
    if (!since_.empty()) {
      const auto day = parse_day(since_);
      if (!day) return usage_error("--since is a day, as in 2022-09-01; '" + since_ + "' is not");
      since_ns = *day;
    }
    CROSSFADE_ASSIGN_OR_RETURN(const ModelOnData personal, open_model_on_data(model_, store_));
    CROSSFADE_ASSIGN_OR_RETURN(const ModelOnData similar,
                               open_model_on_data(similar_.empty() ? model_ : similar_, store_));
    for (const ModelOnData* model : {&personal, &similar})
      if (model->domain != domain)
        return usage_error("the model " + std::string(model->model->name()) +
                           " recommends items of the domain '" + model->model->domain() +
                           "', and the files are of '" + train.domains()[domain].name + "'");
    CROSSFADE_ASSIGN_OR_RETURN(Table test,
                               read_truth_of(test_, train.domains()[domain].name, session.context));
    const PracticumLists asked{train,          domain,          catalogue, *personal.model,
                               *similar.model, std::move(test), since_ns};
    CROSSFADE_ASSIGN_OR_RETURN(const PracticumServed served,
                               write_practicum_lists(asked, out_, session.context));
    session.print(practicum_document(served, out_), to_json(served));
    return ok_status();
  }

  Result<PracticumCatalogue> find_catalogue(const Domain& domain, Context& context) const {
    if (tracks_.empty() && names_.empty()) return PracticumCatalogue::make(domain);
    if (tracks_.empty() || names_.empty())
      return usage_error(
          "--tracks and --names belong together: give both, or neither to take what import "
          "attached");
    CROSSFADE_ASSIGN_OR_RETURN(const Table tracks, read_table(tracks_, {}, context));
    CROSSFADE_ASSIGN_OR_RETURN(const Table names, read_table(names_, {}, context));
    return PracticumCatalogue::make(tracks, names);
  }

  std::string store_, form_, tracks_, names_, out_, domain_, model_, similar_, test_, since_;
};

}  // namespace

std::unique_ptr<Command> make_export_command() {
  return std::make_unique<ExportCommand>();
}

}  // namespace crossfade
