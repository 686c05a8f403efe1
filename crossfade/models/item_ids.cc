// Vocabularies in a model's folder; see item_ids.h.
#include "crossfade/models/item_ids.h"

#include <algorithm>
#include <utility>

namespace crossfade {
namespace {

std::string columns_of(std::size_t place) {
  return "ids/" + std::to_string(place);
}

bool same_ids(const Vocabulary& a, const Vocabulary& b) {
  if (a.is_text() != b.is_text() || a.size() != b.size()) return false;
  if (!a.is_text()) return std::ranges::equal(a.numbers().span(), b.numbers().span());
  return std::ranges::equal(a.texts().offsets().span(), b.texts().offsets().span()) &&
         std::ranges::equal(a.texts().bytes().span(), b.texts().bytes().span());
}

}  // namespace

Status ItemIds::save(ArtifactWriter& writer) const {
  Json list = Json::array();
  for (const OfDomain& domain : domains) {
    CROSSFADE_RETURN_IF_ERROR(domain.items.save(writer, columns_of(domain.place)));
    list.push(Json::object()
                  .set("place", static_cast<std::int64_t>(domain.place))
                  .set("domain", domain.name));
  }
  writer.metadata().set("ids", std::move(list));
  return ok_status();
}

Result<ItemIds> ItemIds::load(const Artifact& artifact) {
  const Json::Array* list = artifact.metadata()["ids"].as_array();
  if (!list || list->empty())
    return data_invalid(
        "does not hold the ids of its items, which histories and lists need; train it again, or "
        "give the store it was trained on with --data");
  ItemIds ids;
  for (const Json& entry : *list) {
    OfDomain domain;
    CROSSFADE_ASSIGN_OR_RETURN(const std::int64_t place, entry.int_at("place"));
    CROSSFADE_ASSIGN_OR_RETURN(domain.name, entry.string_at("domain"));
    if (place < 0 || place > 1'000'000)
      return data_invalid("the domain '" + domain.name + "' has no place");
    domain.place = static_cast<std::size_t>(place);
    CROSSFADE_ASSIGN_OR_RETURN(domain.items, Vocabulary::load(artifact, columns_of(domain.place)));
    ids.domains.push_back(std::move(domain));
  }
  return ids;
}

Status ItemIds::add(const ItemIds& more) {
  for (const OfDomain& domain : more.domains) {
    const auto found = std::find_if(domains.begin(), domains.end(), [&](const OfDomain& known) {
      return known.place == domain.place || known.name == domain.name;
    });
    if (found == domains.end()) {
      domains.push_back(domain);
      continue;
    }
    if (found->place != domain.place || found->name != domain.name ||
        !same_ids(found->items, domain.items))
      return data_invalid("was trained over other items of the domain '" + domain.name +
                          "' than the models before it; train them on one store");
  }
  return ok_status();
}

ItemIds item_ids_of(const Dataset& dataset, std::size_t target,
                    const std::vector<std::size_t>& others) {
  ItemIds ids;
  std::vector<std::size_t> places{target};
  places.insert(places.end(), others.begin(), others.end());
  for (const std::size_t place : places)
    if (std::none_of(ids.domains.begin(), ids.domains.end(),
                     [&](const ItemIds::OfDomain& known) { return known.place == place; }))
      ids.domains.push_back({place, dataset.domains()[place].name, dataset.domains()[place].items});
  return ids;
}

}  // namespace crossfade
