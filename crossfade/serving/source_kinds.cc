// kKinds is the list, and the functions above it make a source of each kind from a bundle; a new
// source is a source_x.{h,cc} and an entry there.
#include "crossfade/serving/source_kinds.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "crossfade/base/text.h"
#include "crossfade/serving/source_contextual.h"
#include "crossfade/serving/source_indexed.h"
#include "crossfade/serving/source_item_to_item.h"
#include "crossfade/serving/source_list.h"
#include "crossfade/serving/source_model.h"
#include "crossfade/serving/source_popular.h"
#include "crossfade/serving/source_random.h"
#include "crossfade/serving/source_sequential.h"
#include "crossfade/serving/source_sticky_mixture.h"
#include "crossfade/serving/source_top.h"

namespace crossfade {
namespace {

constexpr double kTopTracks = 100, kRandomBelow = 0.3;

using Made = std::shared_ptr<const Source>;
enum class Takes { kNever, kMaybe, kAlways };

struct Kind {
  const char* name;
  Takes part, number;
  const char* summary;
  Result<Made> (*make)(const SourceEntry& entry, const SourceInput& input);
};

const BundleDomain& domain_of(const SourceInput& input) {
  return input.bundle.domains()[input.bundle.catalog_domain()];
}

std::vector<std::string> part_names(const Bundle& bundle) {
  std::vector<std::string> names;
  for (const BundleLists& part : bundle.parts()) names.push_back(part.name);
  for (const BundleModel& part : bundle.models()) names.push_back(part.name());
  return names;
}

Status unknown_part(const std::string& name, const SourceInput& input) {
  return unknown_name("part of the bundle", name, part_names(input.bundle));
}

// The part's lists, if they hang on what the source asks by.
Result<BundleLists> lists_of(const SourceEntry& entry, const SourceInput& input, ListsBy by) {
  const BundleLists* part = input.bundle.find_lists(entry.part);
  if (!part && input.bundle.find_model(entry.part))
    return usage_error("the part '" + entry.part + "' is a model; model:" + entry.part +
                       " asks it, and " + entry.kind + " takes a file of lists");
  if (!part) return unknown_part(entry.part, input);
  if (part->by == by) return *part;
  const auto shape = [](ListsBy kind) {
    return kind == ListsBy::kNothing ? std::string("is one ranking")
                                     : "has lists by " + to_text(kind);
  };
  return usage_error("the part '" + entry.part + "' " + shape(part->by) + ", and " + entry.kind +
                     " takes one that " + shape(by) +
                     "; is the file of another year, or the kind another?");
}

template <class OverLists, ListsBy kBy>
Result<Made> make_over_lists(const SourceEntry& entry, const SourceInput& input) {
  CROSSFADE_ASSIGN_OR_RETURN(BundleLists lists, lists_of(entry, input, kBy));
  return Made(std::make_shared<OverLists>(std::move(lists)));
}

Status need_catalogue(const SourceEntry& entry, const SourceInput& input) {
  if (!input.bundle.catalog().empty()) return ok_status();
  return usage_error(entry.text + " needs the catalogue of the tracks; give --catalog");
}

Result<Made> make_random(const SourceEntry&, const SourceInput& input) {
  return Made(std::make_shared<RandomSource>(input.playable));
}

Result<Made> make_sticky_artist(const SourceEntry& entry, const SourceInput& input) {
  CROSSFADE_RETURN_IF_ERROR(need_catalogue(entry, input));
  return Made(std::make_shared<StickyArtistSource>(input.artists));
}

Result<Made> make_sticky_mixture(const SourceEntry& entry, const SourceInput& input) {
  CROSSFADE_RETURN_IF_ERROR(need_catalogue(entry, input));
  const double below = entry.number.value_or(kRandomBelow);
  if (!(below >= 0 && below <= 1))
    return usage_error(entry.text + ": give the share of a track below which the next is random");
  return Made(std::make_shared<StickyMixtureSource>(StickyArtistSource(input.artists),
                                                    RandomSource(input.playable), below));
}

Result<Made> make_top(const SourceEntry& entry, const SourceInput& input) {
  const double k = entry.number.value_or(kTopTracks);
  if (!(k >= 1 && k <= 1e9) || k != std::floor(k))
    return usage_error(entry.text + ": give how many of the most popular tracks, at least 1");
  std::span<const ItemIndex> ranking = domain_of(input).popular;
  BundleLists lists;  // keeps what `ranking` views
  if (!entry.part.empty()) {
    CROSSFADE_ASSIGN_OR_RETURN(lists, lists_of(entry, input, ListsBy::kNothing));
    ranking = lists.list(0);
  }
  ranking = ranking.first(std::min(ranking.size(), static_cast<std::size_t>(k)));
  return Made(std::make_shared<TopSource>(std::vector<ItemIndex>(ranking.begin(), ranking.end())));
}

// The catalogue's own recommendations as lists by item; tracks that it lacks are left out.
Result<BundleLists> lists_of_catalogue(const Bundle& bundle) {
  const std::size_t domain = bundle.catalog_domain();
  const auto find_item = [&](const ExternalId& id) { return bundle.find_item(domain, id); };
  const Catalog& catalog = bundle.catalog();
  ListPart part{"catalogue", {}, "the catalogue"};
  part.lists.by = ListsBy::kItem;
  part.lists.keys = std::vector<std::int64_t>(catalog.tracks().begin(), catalog.tracks().end());
  std::vector<std::int64_t> recommended;
  for (std::int64_t row = 0; row < catalog.size(); ++row) {
    for (const std::int64_t track : catalog.entry(row).recommendations)
      if (find_item(track) != kUnknown) recommended.push_back(track);
    part.lists.offsets.push_back(static_cast<std::int64_t>(recommended.size()));
  }
  part.lists.items = std::move(recommended);
  return make_bundle_lists(part, bundle.domains()[domain].num_items, find_item);
}

template <ContextualSource::Of kOf>
Result<Made> make_contextual(const SourceEntry& entry, const SourceInput& input) {
  BundleLists lists;
  if (entry.part.empty()) {
    CROSSFADE_RETURN_IF_ERROR(need_catalogue(entry, input));
    CROSSFADE_ASSIGN_OR_RETURN(lists, lists_of_catalogue(input.bundle));
    if (lists.items.empty())
      return usage_error("no track of the catalogue has recommendations; name the part that has: " +
                         entry.kind + ":PART");
  } else {
    CROSSFADE_ASSIGN_OR_RETURN(lists, lists_of(entry, input, ListsBy::kItem));
  }
  return Made(std::make_shared<ContextualSource>(std::move(lists), kOf));
}

Result<Made> make_model(const SourceEntry& entry, const SourceInput& input) {
  const BundleModel* part = input.bundle.find_model(entry.part);
  if (!part && input.bundle.find_lists(entry.part))
    return usage_error("the part '" + entry.part + "' is a file of lists, and model takes a model");
  if (!part) return unknown_part(entry.part, input);
  return Made(std::make_shared<ModelSource>(part->model, input.bundle.catalog_domain(),
                                            ModelSource::For::kAll));
}

Result<Made> make_list(const SourceEntry&, const SourceInput& input) {
  return Made(std::make_shared<ListSource>(domain_of(input)));
}

Result<Made> make_popular(const SourceEntry&, const SourceInput& input) {
  return Made(std::make_shared<PopularSource>(domain_of(input)));
}

using enum Takes;
constexpr Kind kKinds[] = {
    {"random", kNever, kNever, "any track", make_random},
    {"sticky_artist", kNever, kNever, "another track of the same artist", make_sticky_artist},
    {"sticky_mixture", kNever, kMaybe, "the same artist, or any track after a skip (below 0.3)",
     make_sticky_mixture},
    {"top", kMaybe, kMaybe, "one of the 100 most popular, or of a part's first", make_top},
    {"indexed", kAlways, kNever, "any of the user's list",
     make_over_lists<IndexedSource, ListsBy::kUser>},
    {"sequential", kAlways, kNever, "the user's list in its order",
     make_over_lists<SequentialSource, ListsBy::kUser>},
    {"contextual", kMaybe, kNever, "any of the list of the track just played",
     make_contextual<ContextualSource::Of::kJustPlayed>},
    {"contextual_start", kMaybe, kNever, "any of the list of the session's first track",
     make_contextual<ContextualSource::Of::kSessionStart>},
    {"i2i", kAlways, kNever, "the first of the list of a track lately liked",
     make_over_lists<ItemToItemSource, ListsBy::kItem>},
    {"model", kAlways, kNever, "the model's best for the user's history", make_model},
    {"list", kNever, kNever, "the best of the personal lists (--lists)", make_list},
    {"popular", kNever, kNever, "the most popular", make_popular},
};

std::string form_of(const Kind& kind) {
  std::string form = kind.name;
  if (kind.part == kAlways) form += ":PART";
  if (kind.part == kMaybe) form += "[:PART]";
  if (kind.number == kMaybe) form += kind.part == kMaybe ? "[,NUMBER]" : "[:NUMBER]";
  return form;
}

const Kind* find_kind(const std::string& name) {
  const auto found = std::find_if(std::begin(kKinds), std::end(kKinds),
                                  [&](const Kind& kind) { return name == kind.name; });
  return found == std::end(kKinds) ? nullptr : found;
}

}  // namespace

Result<SourceEntry> parse_source(const std::string& text) {
  const std::size_t colon = std::min(text.find(':'), text.size());
  SourceEntry entry;
  entry.text = text;
  entry.kind = text.substr(0, colon);
  const Kind* kind = find_kind(entry.kind);
  if (!kind) {
    std::vector<std::string> names;
    for (const Kind& known : kKinds) names.emplace_back(known.name);
    return unknown_name("kind of source", entry.kind, names);
  }
  if (colon < text.size()) {
    for (const std::string& word : split(text.substr(colon + 1), ',')) {
      const auto number = parse_double(word);
      const bool again = number ? entry.number.has_value() : !entry.part.empty();
      const bool taken = (number ? kind->number : kind->part) != kNever;
      if (word.empty() || again || !taken)
        return usage_error("'" + text + "' is not a source; write " + form_of(*kind));
      if (number)
        entry.number = number;
      else
        entry.part = word;
    }
  }
  if (kind->part == kAlways && entry.part.empty())
    return usage_error("'" + text + "' names no part; write " + form_of(*kind));
  return entry;
}

Result<Made> make_source(const SourceEntry& entry, const SourceInput& input) {
  const Kind* kind = find_kind(entry.kind);
  CROSSFADE_CHECK(kind != nullptr, "parse_source() knows the kinds");
  return kind->make(entry, input);
}

std::string describe_source_kinds() {
  std::string text;
  for (const Kind& kind : kKinds) {
    std::string form = form_of(kind);
    form.resize(std::max<std::size_t>(form.size() + 2, 28), ' ');
    text += "  " + form + kind.summary + "\n";
  }
  return text;
}

}  // namespace crossfade
