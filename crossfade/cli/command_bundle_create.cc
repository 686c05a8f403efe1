// crossfade bundle create: everything a service needs, in one folder.
#include "crossfade/base/file.h"
#include "crossfade/bundle/bundle.h"
#include "crossfade/cli/command.h"
#include "crossfade/cli/lists_for_bundle.h"
#include "crossfade/data/store/store.h"

namespace crossfade {
namespace {

class BundleCreateCommand final : public Command {
 public:
  std::string name() const override { return "bundle create"; }
  std::string summary() const override { return "pack models, histories and catalogue to serve"; }
  void declare(Arguments& arguments) override {
    arguments.required("--data", data_, "the store with the users' histories");
    arguments.required("--out", out_, "folder to write the bundle to");
    arguments.option("--model", models_, "a folder that train wrote; may be repeated");
    arguments.option("--lists", lists_, "personal lists: Parquet with user_id, item_id, score");
    arguments.option("--catalog", catalog_,
                     "tracks: a JSON object per line (track, artist, title)");
    arguments.option("--domain", domain_,
                     "whose tracks and lists these are; the first if not given");
  }

  Status run(Session& session) override {
    CROSSFADE_RETURN_IF_ERROR(refuse_existing(out_));
    CROSSFADE_ASSIGN_OR_RETURN(Store store,
                               open_store(data_, Verify::kFull, &session.context.threads));
    BundleInput input;
    input.dataset = std::move(store.dataset);
    for (const std::string& path : models_) {
      CROSSFADE_ASSIGN_OR_RETURN(BundleModel model, read_bundle_model(path));
      input.models.push_back(std::move(model));
    }
    input.catalog_path = catalog_;
    input.catalog_domain = domain_;
    if (!lists_.empty()) CROSSFADE_RETURN_IF_ERROR(add_lists(input, session));
    CROSSFADE_RETURN_IF_ERROR(create_bundle(std::move(input), out_, session.context));

    CROSSFADE_ASSIGN_OR_RETURN(const Json facts, inspect_bundle(out_));
    Document document("The bundle " + out_);
    document.add_paragraph("Serve it with: crossfade serve " + out_ + " --port 5001");
    session.print(document, facts);
    return ok_status();
  }

 private:
  Status add_lists(BundleInput& input, Session& session) const {
    std::size_t at = 0;
    if (!domain_.empty()) {
      CROSSFADE_ASSIGN_OR_RETURN(at, input.dataset.find_domain(domain_));
    }
    CROSSFADE_ASSIGN_OR_RETURN(Candidates lists,
                               read_lists(lists_, input.dataset, at, session.context));
    input.lists.resize(at + 1);
    input.lists[at] = std::move(lists);
    return ok_status();
  }

  std::string data_, out_, lists_, catalog_, domain_;
  std::vector<std::string> models_;
};

}  // namespace

std::unique_ptr<Command> make_bundle_create_command() {
  return std::make_unique<BundleCreateCommand>();
}

}  // namespace crossfade
