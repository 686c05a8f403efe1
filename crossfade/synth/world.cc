// Looks worlds up by name, and joins the blocks of a table.
#include "crossfade/synth/world.h"

#include <utility>
#include <variant>

#include "crossfade/base/text.h"
#include "crossfade/synth/list.h"

namespace crossfade {

#define CROSSFADE_DECLARE_WORLD(identifier, name) WorldEntry identifier##_world();
CROSSFADE_WORLDS(CROSSFADE_DECLARE_WORLD)
#undef CROSSFADE_DECLARE_WORLD

namespace {

template <class T>
void append(std::vector<T>& rows, const std::vector<T>& more) {
  rows.insert(rows.end(), more.begin(), more.end());
}

template <class T>
void append(Lists<T>& rows, const Lists<T>& more) {
  for (std::size_t row = 0; row < more.size(); ++row) rows.push_back(more[row]);
}

}  // namespace

Result<Table> World::generate(const std::string& table, Context& context) const {
  Table whole;
  CROSSFADE_RETURN_IF_ERROR(stream(
      table,
      [&](const Table& block) {
        if (whole.columns.empty()) {
          whole = block;
          return ok_status();
        }
        for (std::size_t c = 0; c < whole.columns.size(); ++c) {
          Column& to = whole.columns[c];
          std::visit(
              [&](auto& rows) {
                append(rows, std::get<std::decay_t<decltype(rows)>>(block.columns[c].values));
              },
              to.values);
          to.nulls.insert(to.nulls.end(), block.columns[c].nulls.begin(),
                          block.columns[c].nulls.end());
        }
        return ok_status();
      },
      context));
  return whole;
}

std::vector<std::string> world_names() {
#define CROSSFADE_NAME_WORLD(identifier, name) name,
  return {CROSSFADE_WORLDS(CROSSFADE_NAME_WORLD)};
#undef CROSSFADE_NAME_WORLD
}

Result<WorldEntry> find_world(const std::string& wanted) {
#define CROSSFADE_FIND_WORLD(identifier, name) \
  if (wanted == name) return identifier##_world();
  CROSSFADE_WORLDS(CROSSFADE_FIND_WORLD)
#undef CROSSFADE_FIND_WORLD
  return unknown_name("world", wanted, world_names());
}

}  // namespace crossfade
