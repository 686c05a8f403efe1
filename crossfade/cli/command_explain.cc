// crossfade explain MODEL: which items of a user's history speak for an item, and how much.
#include "crossfade/cli/command.h"
#include "crossfade/cli/external_id.h"
#include "crossfade/cli/item_list.h"
#include "crossfade/cli/model_on_data.h"

namespace crossfade {
namespace {

class ExplainCommand final : public Command {
 public:
  std::string name() const override { return "explain"; }
  std::string summary() const override { return "show why a user gets an item"; }
  void declare(Arguments& arguments) override {
    arguments.positional("MODEL", model_, "a folder that train wrote");
    arguments.required("--data", data_, "the store with the user's history");
    arguments.required("--user", user_, "the user's id");
    arguments.required("--item", item_, "the item's id");
    arguments.option("--k", k_, "how many items of the history to show");
  }

  Status run(Session& session) override {
    CROSSFADE_ASSIGN_OR_RETURN(const ModelOnData both, open_model_on_data(model_, data_));
    CROSSFADE_ASSIGN_OR_RETURN(const ItemIndex item, find_typed_id(both.items(), item_, "item"));
    CROSSFADE_ASSIGN_OR_RETURN(const UserIndex user,
                               find_typed_id(both.dataset.users(), user_, "user"));
    const DatasetUser history(both.dataset, user);
    print_items(session, "Why " + user_ + " gets " + item_, "contribution",
                both.model->explain(history.view(), both.domain, item, k_), both.items());
    return ok_status();
  }

 private:
  std::string model_, data_, user_, item_;
  std::int64_t k_ = 10;
};

}  // namespace

std::unique_ptr<Command> make_explain_command() {
  return std::make_unique<ExplainCommand>();
}

}  // namespace crossfade
