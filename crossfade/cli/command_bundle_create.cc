// crossfade bundle create: everything a service needs, in one folder.
#include "crossfade/base/file.h"
#include "crossfade/bundle/bundle.h"
#include "crossfade/cli/command.h"
#include "crossfade/cli/flows_file.h"
#include "crossfade/cli/lists_for_bundle.h"
#include "crossfade/data/store/store.h"
#include "crossfade/serving/flows.h"

namespace crossfade {
namespace {

class BundleCreateCommand final : public Command {
 public:
  std::string name() const override { return "bundle create"; }
  std::string summary() const override { return "pack models, histories and catalogue to serve"; }
  void declare(Arguments& arguments) override {
    arguments.option("--data", data_,
                     "the store with the users' histories; none: a catalogue alone");
    arguments.required("--out", out_, "folder to write the bundle to");
    arguments.option("--model", models_, "a folder that train wrote; may be repeated");
    arguments.option("--lists", lists_, "personal lists: Parquet with user_id, item_id, score");
    arguments.option("--catalog", catalog_,
                     "tracks: a JSON object per line (track, artist, title)");
    arguments.option("--domain", domain_,
                     "whose tracks and lists these are; the first if not given");
    arguments.option("--flows", flows_, "parts, flows and experiments: a TOML file");
    arguments.option("--botify", botify_, "botify's config.json: its catalogue and lists as parts");
    arguments.footer("Sources of flows:\n" + describe_source_kinds());
  }

  Status run(Session& session) override {
    CROSSFADE_RETURN_IF_ERROR(refuse_existing(out_));
    BundleInput input;
    input.catalog_path = catalog_;
    input.catalog_domain = domain_;
    NamedPaths parts;
    FlowsFile flows;
    CROSSFADE_RETURN_IF_ERROR(read_descriptions(input, parts, flows));
    if (!data_.empty()) {
      CROSSFADE_ASSIGN_OR_RETURN(Store store,
                                 open_store(data_, Verify::kFull, &session.context.threads));
      input.dataset = std::move(store.dataset);
    } else if (input.catalog_path.empty()) {
      return usage_error("give --data STORE, or --catalog FILE for a service without a log yet");
    }
    for (const std::string& path : models_) {
      CROSSFADE_ASSIGN_OR_RETURN(BundleModel model, read_bundle_model(path));
      input.models.push_back(std::move(model));
    }
    CROSSFADE_RETURN_IF_ERROR(add_parts(parts, input, session.context));
    if (!lists_.empty()) CROSSFADE_RETURN_IF_ERROR(add_lists(input, session));
    CROSSFADE_ASSIGN_OR_RETURN(const Bundle bundle, Bundle::assemble(std::move(input)));
    if (const auto made = Flows::make(bundle, bundle.flows(), flows.lines); !made.ok())
      return made.status().at(flows_);
    CROSSFADE_RETURN_IF_ERROR(bundle.save(out_, session.context));

    CROSSFADE_ASSIGN_OR_RETURN(const Json facts, inspect_bundle(out_));
    Document document("The bundle " + out_);
    document.add_paragraph("Serve it with: crossfade serve " + out_ + " --port 5001");
    session.print(document, facts);
    return ok_status();
  }

 private:
  // What flows.toml and botify's configuration say.
  Status read_descriptions(BundleInput& input, NamedPaths& parts, FlowsFile& flows) const {
    if (!botify_.empty()) {
      CROSSFADE_ASSIGN_OR_RETURN(BotifyConfig config, read_botify_config(botify_));
      parts = std::move(config.parts);
      if (input.catalog_path.empty()) input.catalog_path = config.catalog;
    }
    if (!flows_.empty()) {
      CROSSFADE_ASSIGN_OR_RETURN(flows, read_flows_file(flows_));
      parts.insert(parts.end(), flows.parts.begin(), flows.parts.end());
      input.flows = flows.plan;
    }
    return ok_status();
  }

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

  std::string data_, out_, lists_, catalog_, domain_, flows_, botify_;
  std::vector<std::string> models_;
};

}  // namespace

std::unique_ptr<Command> make_bundle_create_command() {
  return std::make_unique<BundleCreateCommand>();
}

}  // namespace crossfade
