// crossfade synth WORLD: a generated world's files, with the truth beside them.
#include "crossfade/base/text.h"
#include "crossfade/cli/botify_folder.h"
#include "crossfade/cli/command.h"
#include "crossfade/cli/world_folder.h"
#include "crossfade/cli/world_table_writer.h"

namespace crossfade {
namespace {

std::string all_knobs() {
  std::string text = "Worlds and their knobs (--set name=value):\n";
  for (const std::string& name : world_names()) {
    const WorldEntry world = *find_world(name);
    text += "\n" + name + ": " + world.summary + "\n" + describe_knobs(world.knobs);
  }
  return text + describe_botify_knobs();
}

std::string role_text(TableRole role) {
  switch (role) {
    case TableRole::kLog:
      return "log";
    case TableRole::kCatalogue:
      return "catalogue";
    case TableRole::kTruth:
      return "truth";
  }
  return "";
}

class SynthCommand final : public Command {
 public:
  std::string name() const override { return "synth"; }
  std::string summary() const override { return "generate a world's logs, with the truth beside"; }
  void declare(Arguments& arguments) override {
    arguments.positional("WORLD", recipe_.world,
                         "which: " + join(world_names(), ", ") + ", botify");
    arguments.required("--out", out_, "folder to write to");
    for (auto& [knob, value] : shortcuts_)
      arguments.option("--" + knob, value, "the same as --set " + knob + "=N");
    arguments.option("--set", recipe_.settings, "a knob: name=value; may be repeated");
    arguments.option("--scale", scale_, "full: as large as the published logs; --set goes on top");
    arguments.option("--seed", recipe_.seed, "seed of all randomness");
    arguments.flag("--no-truth", no_truth_, "leave the truth out; oracle needs no file of it");
    arguments.option("--generation", botify_.generation,
                     "of botify: 2022 (which --from takes) or 2026");
    arguments.option("--from", botify_.from, "botify: a store to make the world of, not invented");
    arguments.option("--vectors", botify_.vectors, "and a .npy with a row per item, as als has it");
    arguments.option("--domain", botify_.domain, "and which of the store's domains");
    arguments.option("--least-items", botify_.least_items, "users who took fewer do not count");
    arguments.footer(all_knobs());
  }

  Status run(Session& session) override {
    if (recipe_.world == "botify") return make_botify(session);
    CROSSFADE_RETURN_IF_ERROR(complete_recipe());
    CROSSFADE_ASSIGN_OR_RETURN(const auto world, make_world(recipe_, session.context));
    CROSSFADE_ASSIGN_OR_RETURN(ArtifactWriter folder, create_world_folder(out_, recipe_));
    TableBlock files({"file", "what", "rows", "columns"});
    Json listed = Json::array();
    for (const TableInfo& info : world->tables()) {
      if (no_truth_ && info.role == TableRole::kTruth) continue;
      CROSSFADE_ASSIGN_OR_RETURN(const std::int64_t rows,
                                 write_table(*world, info, folder, session.context));
      files.add_row({Cell::text(world_file(info)), Cell::text(role_text(info.role)),
                     Cell::count(rows), Cell::text(info.columns)});
      listed.push(Json::object().set("file", world_file(info)).set("rows", rows));
    }
    CROSSFADE_RETURN_IF_ERROR(folder.commit());
    Document document("The world " + recipe_.world + " in " + out_);
    document.add_table(std::move(files));
    session.print(document, Json::object().set("world", out_).set("files", std::move(listed)));
    return ok_status();
  }

 private:
  // Not a log but a world to play listeners in: other files, other knobs.
  Status make_botify(Session& session) {
    if (!scale_.empty())
      return usage_error("botify has the published size already; set --users or --set tracks=N");
    for (const auto& [knob, value] : shortcuts_) {
      if (value.empty()) continue;
      if (knob == "events") return usage_error("botify has no events; `simulate` makes them");
      botify_.settings.push_back((knob == "items" ? "tracks" : knob) + "=" + value);
    }
    botify_.settings.insert(botify_.settings.end(), recipe_.settings.begin(),
                            recipe_.settings.end());
    botify_.out = out_;
    botify_.seed = recipe_.seed;
    CROSSFADE_ASSIGN_OR_RETURN(TableBlock files, write_botify_folder(botify_, session.context));
    Document document("The world botify in " + out_);
    document.add_table(std::move(files));
    document.add_paragraph("Play listeners in it with: crossfade simulate --world " + out_);
    session.print(document, Json::object().set("world", out_));
    return ok_status();
  }

  // The settings in the order of their weight: scale, shortcuts, --set.
  Status complete_recipe() {
    std::vector<std::string> settings;
    if (scale_ == "full") {
      CROSSFADE_ASSIGN_OR_RETURN(const WorldEntry entry, find_world(recipe_.world));
      settings = entry.full;
    } else if (!scale_.empty()) {
      return unknown_name("scale", scale_, {"full"});
    }
    for (const auto& [knob, value] : shortcuts_)
      if (!value.empty()) settings.push_back(knob + "=" + value);
    settings.insert(settings.end(), recipe_.settings.begin(), recipe_.settings.end());
    recipe_.settings = std::move(settings);
    return ok_status();
  }

  // Returns the number of rows.
  static Result<std::int64_t> write_table(const World& world, const TableInfo& info,
                                          ArtifactWriter& folder, Context& context) {
    CROSSFADE_ASSIGN_OR_RETURN(std::string path, folder.make_place(world_file(info)));
    std::string lines;
    if (info.role == TableRole::kCatalogue && info.columns.starts_with("track,")) {
      CROSSFADE_ASSIGN_OR_RETURN(lines, folder.make_place(info.name + ".json"));
    }
    WorldTableWriter writer(info, std::move(path), std::move(lines));
    CROSSFADE_RETURN_IF_ERROR(world.stream(
        info.name, [&](const Table& block) { return writer.write(block, context); }, context));
    CROSSFADE_RETURN_IF_ERROR(writer.close());
    return writer.rows();
  }

  WorldRecipe recipe_;
  BotifyFolderRequest botify_;
  std::string out_, scale_;
  bool no_truth_ = false;
  std::vector<std::pair<std::string, std::string>> shortcuts_{
      {"users", ""}, {"items", ""}, {"events", ""}};
};

}  // namespace

std::unique_ptr<Command> make_synth_command() {
  return std::make_unique<SynthCommand>();
}

}  // namespace crossfade
