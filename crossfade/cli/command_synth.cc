// crossfade synth WORLD: a generated world's files, with the truth beside them.
#include "crossfade/base/file.h"
#include "crossfade/base/text.h"
#include "crossfade/cli/command.h"
#include "crossfade/cli/world_folder.h"
#include "crossfade/io/parquet_writer.h"

namespace crossfade {
namespace {

std::string all_knobs() {
  std::string text = "Worlds and their knobs (--set name=value):\n";
  for (const std::string& name : world_names()) {
    const WorldEntry world = *find_world(name);
    text += "\n" + name + ": " + world.summary + "\n" + describe_knobs(world.knobs);
  }
  return text;
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
    arguments.positional("WORLD", recipe_.world, "which: " + join(world_names(), ", "));
    arguments.required("--out", out_, "folder to write to");
    for (auto& [knob, value] : shortcuts_)
      arguments.option("--" + knob, value, "the same as --set " + knob + "=N");
    arguments.option("--set", recipe_.settings, "a knob: name=value; may be repeated");
    arguments.option("--seed", recipe_.seed, "seed of all randomness");
    arguments.footer(all_knobs());
  }

  Status run(Session& session) override {
    for (const auto& [knob, value] : shortcuts_)
      if (!value.empty()) recipe_.settings.push_back(knob + "=" + value);
    CROSSFADE_ASSIGN_OR_RETURN(const auto world, make_world(recipe_, session.context));
    CROSSFADE_ASSIGN_OR_RETURN(ArtifactWriter folder, create_world_folder(out_, recipe_));
    TableBlock files({"file", "what", "rows", "columns"});
    Json listed = Json::array();
    for (const TableInfo& info : world->tables()) {
      CROSSFADE_ASSIGN_OR_RETURN(const Table table, world->generate(info.name, session.context));
      const std::string file = world_file(info);
      CROSSFADE_ASSIGN_OR_RETURN(const std::string path, folder.make_place(file));
      CROSSFADE_RETURN_IF_ERROR(write_parquet(table, path, session.context));
      if (info.role == TableRole::kCatalogue && table.find("track"))
        CROSSFADE_RETURN_IF_ERROR(folder.add_text(info.name + ".json", catalogue_lines(table)));
      const auto rows = static_cast<std::int64_t>(table.num_rows());
      files.add_row({Cell::text(file), Cell::text(role_text(info.role)), Cell::count(rows),
                     Cell::text(info.columns)});
      listed.push(Json::object().set("file", file).set("rows", rows));
    }
    CROSSFADE_RETURN_IF_ERROR(folder.commit());
    Document document("The world " + recipe_.world + " in " + out_);
    document.add_table(std::move(files));
    session.print(document, Json::object().set("world", out_).set("files", std::move(listed)));
    return ok_status();
  }

 private:
  WorldRecipe recipe_;
  std::string out_;
  std::vector<std::pair<std::string, std::string>> shortcuts_{
      {"users", ""}, {"items", ""}, {"events", ""}};
};

}  // namespace

std::unique_ptr<Command> make_synth_command() {
  return std::make_unique<SynthCommand>();
}

}  // namespace crossfade
