// crossfade oracle WORLD: the lists of one who knows everybody's true taste. An upper bound for any
// recommender on a generated world, made for the same users and histories as a recommender's lists.
#include "crossfade/base/file.h"
#include "crossfade/base/text.h"
#include "crossfade/cli/command.h"
#include "crossfade/cli/world_folder.h"
#include "crossfade/data/store/store.h"
#include "crossfade/io/parquet_writer.h"

namespace crossfade {
namespace {

// The histories of a domain under the ids that the world knows.
Result<KnownHistories> known_histories(const Dataset& dataset, const Domain& domain) {
  if (dataset.users().is_text() || domain.items.is_text())
    return usage_error("a world's ids are numbers, and this store's are text");
  KnownHistories known;
  for (UserIndex user = 0; user < dataset.num_users(); ++user) {
    known.users.push_back(dataset.users().numbers()[static_cast<std::size_t>(user)]);
    for (const ItemIndex item : domain.history(user).items)
      known.items.push_back(domain.items.numbers()[static_cast<std::size_t>(item)]);
    known.offsets.push_back(static_cast<std::int64_t>(known.items.size()));
  }
  return known;
}

class OracleCommand final : public Command {
 public:
  std::string name() const override { return "oracle"; }
  std::string summary() const override { return "write a world's best possible lists"; }
  void declare(Arguments& arguments) override {
    arguments.positional("WORLD", world_, "a folder that synth wrote");
    arguments.required("--data", data_, "the store whose histories are known");
    arguments.required("--out", out_, "Parquet file: user_id, item_id, score, rank, source");
    arguments.option("--domain", domain_, "which domain, named as the world's log");
    arguments.option("--k", k_, "items per user");
    arguments.flag("--keep-seen", keep_seen_, "items of a user's history may come again");
    arguments.flag("--next", next_, "foresee the very next event, not all that follow");
  }

  Status run(Session& session) override {
    CROSSFADE_RETURN_IF_ERROR(refuse_existing(out_));
    CROSSFADE_ASSIGN_OR_RETURN(const WorldRecipe recipe, read_world_recipe(world_));
    CROSSFADE_ASSIGN_OR_RETURN(const Store store,
                               open_store(data_, Verify::kFull, &session.context.threads));
    CROSSFADE_ASSIGN_OR_RETURN(const std::size_t at, store.dataset.find_domain(domain_));
    const Domain& domain = store.dataset.domains()[at];
    CROSSFADE_ASSIGN_OR_RETURN(const KnownHistories known, known_histories(store.dataset, domain));
    CROSSFADE_ASSIGN_OR_RETURN(const auto world, make_world(recipe, session.context));
    const OracleRequest request{domain.name, known, k_, keep_seen_,
                                next_ ? Horizon::kNext : Horizon::kLater};
    CROSSFADE_ASSIGN_OR_RETURN(const Table table, world->oracle(request, session.context));
    CROSSFADE_RETURN_IF_ERROR(write_parquet(table, out_, session.context));
    const auto rows = static_cast<std::int64_t>(table.num_rows());
    Document document("The oracle's lists");
    document.add_paragraph("Wrote " + format_count(rows) + " rows to " + out_ + ".");
    session.print(document, Json::object().set("file", out_).set("rows", rows));
    return ok_status();
  }

 private:
  std::string world_, data_, out_, domain_;
  std::int64_t k_ = 10;
  bool keep_seen_ = false, next_ = false;
};

}  // namespace

std::unique_ptr<Command> make_oracle_command() {
  return std::make_unique<OracleCommand>();
}

}  // namespace crossfade
