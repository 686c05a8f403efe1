// crossfade similar MODEL: the items most like one item, or those of every track of a catalogue.
#include "crossfade/base/file.h"
#include "crossfade/base/text.h"
#include "crossfade/bundle/similar_catalog.h"
#include "crossfade/cli/command.h"
#include "crossfade/cli/external_id.h"
#include "crossfade/cli/item_list.h"
#include "crossfade/cli/model_on_data.h"

namespace crossfade {
namespace {

class SimilarCommand final : public Command {
 public:
  std::string name() const override { return "similar"; }
  std::string summary() const override {
    return "show the items most like one item, or write those of a catalogue";
  }
  void declare(Arguments& arguments) override {
    arguments.positional("MODEL", model_, "a folder that train wrote");
    arguments.required("--data", data_, "the store that the model was trained on");
    arguments.option("--item", item_, "the item's id");
    arguments.option("--k", k_, "how many");
    arguments.option("--catalog", catalog_,
                     "instead of --item: tracks.json, whose every track is given what goes with it "
                     "(as `recommendations`, of which botify's contextual recommender plays)");
    arguments.option("--out", out_, "with --catalog: file to write it to");
  }

  Status run(Session& session) override {
    CROSSFADE_RETURN_IF_ERROR(check_arguments());
    CROSSFADE_ASSIGN_OR_RETURN(const ModelOnData both, open_model_on_data(model_, data_));
    if (!catalog_.empty()) return write_catalog(both, session);
    CROSSFADE_ASSIGN_OR_RETURN(const ItemIndex item, find_typed_id(both.items(), item_, "item"));
    print_items(session, "Items like " + item_, "similarity", both.model->similar(item, k_),
                both.items());
    return ok_status();
  }

 private:
  Status check_arguments() const {
    if (item_.empty() == catalog_.empty())
      return usage_error(
          "give --item ID for one item's list, or --catalog FILE --out FILE for all");
    if (catalog_.empty() != out_.empty())
      return usage_error("--catalog and --out belong together: what to read, and what to write");
    return out_.empty() ? ok_status() : refuse_existing(out_);
  }

  Status write_catalog(const ModelOnData& both, Session& session) const {
    CROSSFADE_ASSIGN_OR_RETURN(const Catalog catalog, Catalog::parse(catalog_));
    CROSSFADE_ASSIGN_OR_RETURN(
        const std::int64_t with_any,
        write_similar_catalog({catalog, both.items(), *both.model, k_}, out_, session.context));
    Document document("A catalogue with what goes with each track");
    document.add_paragraph("Wrote " + out_ + ": " + format_count(catalog.size()) + " tracks, " +
                           format_count(with_any) + " of them with recommendations.");
    session.print(document, Json::object()
                                .set("catalog", out_)
                                .set("tracks", catalog.size())
                                .set("with_recommendations", with_any));
    return ok_status();
  }

  std::string model_, data_, item_, catalog_, out_;
  std::int64_t k_ = 10;
};

}  // namespace

std::unique_ptr<Command> make_similar_command() {
  return std::make_unique<SimilarCommand>();
}

}  // namespace crossfade
