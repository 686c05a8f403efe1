// crossfade export STORE --as practicum: a store as the files that a published system works on.
#include "crossfade/base/file.h"
#include "crossfade/base/text.h"
#include "crossfade/cli/command.h"
#include "crossfade/data/store/store.h"
#include "crossfade/io/table_reader.h"
#include "crossfade/pipeline/practicum_export.h"

namespace crossfade {
namespace {

class ExportCommand final : public Command {
 public:
  std::string name() const override { return "export"; }
  std::string summary() const override { return "write a store as a published system's files"; }
  void declare(Arguments& arguments) override {
    arguments.positional("STORE", store_, "a folder that import wrote");
    arguments.required("--as", form_, "which files: practicum");
    arguments.option("--tracks", tracks_,
                     "file of tracks: track_id, albums, artists, genres; else what import attached "
                     "with --items");
    arguments.option("--names", names_,
                     "file of names: id, type, name; else what import attached with --names");
    arguments.required("--out", out_, "folder to write to");
    arguments.option("--domain", domain_, "which domain, if the store has several");
  }

  Status run(Session& session) override {
    if (form_ != "practicum") return unknown_name("form of files", form_, {"practicum"});
    CROSSFADE_RETURN_IF_ERROR(refuse_existing(out_));
    CROSSFADE_ASSIGN_OR_RETURN(const Store store, open_store(store_));
    CROSSFADE_ASSIGN_OR_RETURN(const std::size_t at, store.dataset.find_domain(domain_));
    const Domain& domain = store.dataset.domains()[at];
    CROSSFADE_ASSIGN_OR_RETURN(const PracticumCatalogue catalogue,
                               find_catalogue(domain, session.context));
    CROSSFADE_ASSIGN_OR_RETURN(
        const PracticumExport exported,
        export_practicum(store.dataset, domain, catalogue, out_, session.context));
    session.print(practicum_document(exported, out_), to_json(exported));
    return ok_status();
  }

 private:
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

  std::string store_, form_, tracks_, names_, out_, domain_;
};

}  // namespace

std::unique_ptr<Command> make_export_command() {
  return std::make_unique<ExportCommand>();
}

}  // namespace crossfade
