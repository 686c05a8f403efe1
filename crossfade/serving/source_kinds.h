// The kinds of sources that a flow can name, and what each takes behind its colon: one list, in
// source_kinds.cc.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "crossfade/bundle/bundle.h"
#include "crossfade/serving/source.h"
#include "crossfade/serving/source_sticky_artist.h"

namespace crossfade {

// One source of a flow, as it is written.
struct SourceEntry {
  std::string text;              // "top:tops,100"
  std::string kind;              // "top"
  std::string part;              // "tops", "" if none is named
  std::optional<double> number;  // 100
  bool operator==(const SourceEntry&) const = default;
};

// Errors (usage): an unknown kind; a part or a number that the kind does not take, or lacks.
Result<SourceEntry> parse_source(const std::string& text);

// What sources are made of: of the catalogue's domain.
struct SourceInput {
  const Bundle& bundle;
  std::vector<ItemIndex> playable;         // items that may be played
  std::shared_ptr<const Artists> artists;  // of the bundle's catalogue
};

// Errors (usage): a part that the bundle lacks (names the nearest), or whose lists hang on
// something else than the kind needs; no catalogue where it needs one.
Result<std::shared_ptr<const Source>> make_source(const SourceEntry& entry,
                                                  const SourceInput& input);

// One line per kind, for people.
std::string describe_source_kinds();

}  // namespace crossfade
