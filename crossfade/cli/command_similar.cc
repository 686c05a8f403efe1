// crossfade similar MODEL: the items most like one item.
#include "crossfade/cli/command.h"
#include "crossfade/cli/external_id.h"
#include "crossfade/cli/item_list.h"
#include "crossfade/cli/model_on_data.h"

namespace crossfade {
namespace {

class SimilarCommand final : public Command {
 public:
  std::string name() const override { return "similar"; }
  std::string summary() const override { return "show the items most like one item"; }
  void declare(Arguments& arguments) override {
    arguments.positional("MODEL", model_, "a folder that train wrote");
    arguments.required("--data", data_, "the store that the model was trained on");
    arguments.required("--item", item_, "the item's id");
    arguments.option("--k", k_, "how many");
  }

  Status run(Session& session) override {
    CROSSFADE_ASSIGN_OR_RETURN(const ModelOnData both, open_model_on_data(model_, data_));
    CROSSFADE_ASSIGN_OR_RETURN(const ItemIndex item, find_typed_id(both.items(), item_, "item"));
    print_items(session, "Items like " + item_, "similarity", both.model->similar(item, k_),
                both.items());
    return ok_status();
  }

 private:
  std::string model_, data_, item_;
  std::int64_t k_ = 10;
};

}  // namespace

std::unique_ptr<Command> make_similar_command() {
  return std::make_unique<SimilarCommand>();
}

}  // namespace crossfade
