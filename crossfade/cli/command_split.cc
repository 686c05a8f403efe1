// crossfade split STORE: what to learn from, what to tune on, and what to be judged by.
#include "crossfade/base/file.h"
#include "crossfade/base/staged_folder.h"
#include "crossfade/base/text.h"
#include "crossfade/cli/command.h"
#include "crossfade/data/interactions_table.h"
#include "crossfade/data/split.h"
#include "crossfade/data/store.h"
#include "crossfade/io/parquet_writer.h"

namespace crossfade {
namespace {

std::int64_t count(const Dataset& dataset) {
  std::int64_t rows = 0;
  for (const Domain& domain : dataset.domains()) rows += domain.num_interactions();
  return rows;
}

class SplitCommand final : public Command {
 public:
  std::string name() const override { return "split"; }
  std::string summary() const override { return "cut a store into train, validation and test"; }
  void declare(Arguments& arguments) override {
    arguments.positional("STORE", store_, "a folder that import wrote");
    arguments.required("--by", by_, "the rule, see below");
    arguments.required("--out", out_, "folder for train, validation and test.parquet");
    arguments.option("--seed", seed_, "seed of rules that draw");
    arguments.flag("--no-validation", no_validation_, "leave the validation part in train");
    arguments.footer(describe_splits());
  }

  Status run(Session& session) override {
    CROSSFADE_ASSIGN_OR_RETURN(const SplitRule rule, parse_split(by_));
    CROSSFADE_RETURN_IF_ERROR(refuse_existing(out_));
    CROSSFADE_ASSIGN_OR_RETURN(const Store store, open_store(store_));
    const SplitOptions options{static_cast<std::uint64_t>(seed_), !no_validation_};
    CROSSFADE_ASSIGN_OR_RETURN(const Split split,
                               split_dataset(store.dataset, rule, options, session.context));

    CROSSFADE_ASSIGN_OR_RETURN(StagedFolder folder, StagedFolder::create(out_));
    CROSSFADE_RETURN_IF_ERROR(create_store(folder.path() + "/train", split.train));
    if (split.validation)
      CROSSFADE_RETURN_IF_ERROR(create_store(folder.path() + "/validation", *split.validation));
    CROSSFADE_RETURN_IF_ERROR(write_parquet(interactions_table(split.test),
                                            folder.path() + "/test.parquet", session.context));
    CROSSFADE_RETURN_IF_ERROR(folder.commit());
    report(session, split);
    return ok_status();
  }

 private:
  void report(const Session& session, const Split& split) const {
    TableBlock table({"part", "interactions", "where"});
    Json json = Json::object();
    const auto add = [&](const std::string& part, const Dataset& dataset, const std::string& file) {
      table.add_row({Cell::text(part), Cell::count(count(dataset)), Cell::text(out_ + file)});
      json.set(part, count(dataset));
    };
    add("train", split.train, "/train");
    if (split.validation) add("validation", *split.validation, "/validation");
    add("test", split.test, "/test.parquet");
    Document document("Split by " + by_);
    document.add_table(std::move(table));
    session.print(document, json);
  }

  std::string store_, by_, out_;
  std::int64_t seed_ = 1;
  bool no_validation_ = false;
};

}  // namespace

std::unique_ptr<Command> make_split_command() {
  return std::make_unique<SplitCommand>();
}

}  // namespace crossfade
