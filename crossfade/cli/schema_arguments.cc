// The options that describe the columns of a log, for import and describe.
#include "crossfade/cli/schema_arguments.h"

namespace crossfade {

void SchemaArguments::declare(Arguments& arguments, const std::string& of) {
  const auto option = [&](const char* name, std::string& field, const char* help) {
    arguments.option(name, field, of + help);
  };
  option("--schema", choice.preset, "a published log's columns, see below");
  option("--user", choice.user, "column of the user's id");
  option("--item", choice.item, "column of the item's id");
  option("--time", choice.time, "column of the time, or none");
  option("--time-unit", choice.time_unit, "unit of plain numbers: auto, s, ms, us, ns");
  option("--order", choice.order,
         "column that orders rows of equal times (0 to 999999999), or none");
  option("--ids", choice.ids, "text: ids stay text where a file has numbers; or auto");
  option("--weight", choice.weight, "column of the weight (rating, plays), or none");
  option("--kind", choice.kind, "column of the event's kind, or none");
  option("--weights", choice.weights, "weights by kind, as click=1,cart=3,purchase=5");
  option("--only-kinds", choice.only_kinds, "kinds to keep, as cart,purchase");
  option("--play-length", choice.play_length,
         "column of the seconds listened, which weigh a play, or none");
  option("--skip-under", choice.skip_under, "a shorter play weighs 0, as 30s");
  option("--full-play", choice.full_play,
         "a play of this length weighs 1, a shorter one its share; 0: all weigh 1");
  option("--session", choice.session, "column of the session's id, or none");
}

bool SchemaArguments::said() const {
  for (const std::string* text :
       {&choice.preset, &choice.user, &choice.item, &choice.time, &choice.time_unit, &choice.order,
        &choice.ids, &choice.weight, &choice.kind, &choice.weights, &choice.only_kinds,
        &choice.play_length, &choice.skip_under, &choice.full_play, &choice.session})
    if (!text->empty()) return true;
  return false;
}

std::string all_presets() {
  std::string text = "Schemas (--schema NAME):\n";
  for (const LogSchema& preset : schema_presets())
    text += "  " + preset.name + "  " + preset.summary + "\n";
  return text;
}

}  // namespace crossfade
