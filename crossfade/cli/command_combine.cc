// crossfade combine MODELS...: several models become one, which is recommended from, packed into a
// bundle and served like any other.
#include <memory>
#include <utility>

#include "crossfade/base/file.h"
#include "crossfade/base/text.h"
#include "crossfade/cli/blend_arguments.h"
#include "crossfade/cli/command.h"
#include "crossfade/models/blend/blend_model.h"
#include "crossfade/models/storage.h"

namespace crossfade {
namespace {

class CombineCommand final : public Command {
 public:
  std::string name() const override { return "combine"; }
  std::string summary() const override { return "make one model of several, with fallbacks"; }
  void declare(Arguments& arguments) override {
    arguments.positional("MODELS", models_, "folders that train wrote, on one store and domain");
    arguments.required("--out", out_, "folder to write the model to");
    blend_.declare(arguments, "model");
    arguments.option("--fallback", fallbacks_,
                     "a model that fills lists which are too short; may be repeated");
    arguments.option("--cold-events", cold_events_,
                     "users with at most so many events are answered by the fallbacks alone");
  }

  Status run(Session& session) override {
    CROSSFADE_RETURN_IF_ERROR(refuse_existing(out_));
    CROSSFADE_ASSIGN_OR_RETURN(BlendConfig config, blend_.config());
    CROSSFADE_RETURN_IF_ERROR(
        apply_settings(config, "blend", {"cold_events=" + std::to_string(cold_events_)}));
    CROSSFADE_ASSIGN_OR_RETURN(const auto weights, blend_.weights_of(models_.size()));
    std::vector<BlendPart> parts;
    ItemIds ids;
    TableBlock table({"model", "generator", "weight"});
    for (std::size_t m = 0; m < models_.size() + fallbacks_.size(); ++m) {
      const bool fallback = m >= models_.size();
      const std::string& path = fallback ? fallbacks_[m - models_.size()] : models_[m];
      CROSSFADE_ASSIGN_OR_RETURN(SavedModel saved, load_saved_model(path));
      const Status alike = ids.add(saved.ids);
      if (!alike.ok()) return data_invalid(path + " " + alike.message());
      table.add_row({Cell::text(path), Cell::text(std::string(saved.model->name())),
                     fallback ? Cell::text("fallback") : Cell::number(weights[m], 3)});
      parts.push_back({std::move(saved.model), fallback ? 1 : weights[m], fallback,
                       std::move(saved.provenance)});
    }
    CROSSFADE_ASSIGN_OR_RETURN(const auto model, BlendModel::make(config, std::move(parts)));
    CROSSFADE_RETURN_IF_ERROR(save_model(*model, out_, Json::object().set("by", blend_.by), ids));
    Document document("Combined " + format_count(std::ssize(models_)) + " models by " + blend_.by);
    document.add_table(std::move(table));
    document.add_paragraph("Wrote " + out_ + ".");
    session.print(document, Json::object().set("model", out_));
    return ok_status();
  }

 private:
  std::vector<std::string> models_, fallbacks_;
  std::string out_;
  BlendArguments blend_;
  std::int64_t cold_events_ = BlendConfig().cold_events;
};

}  // namespace

std::unique_ptr<Command> make_combine_command() {
  return std::make_unique<CombineCommand>();
}

}  // namespace crossfade
