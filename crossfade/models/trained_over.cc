// Compares prefixes of vocabularies by their fingerprints; see trained_over.h.
#include "crossfade/models/trained_over.h"

#include <limits>

#include "crossfade/base/hash.h"
#include "crossfade/base/text.h"

namespace crossfade {
namespace {

Result<std::int32_t> count_at(const Json& json, const std::string& name) {
  CROSSFADE_ASSIGN_OR_RETURN(const std::int64_t count, json.int_at(name));
  if (count < 0 || count > std::numeric_limits<std::int32_t>::max())
    return data_invalid("the member '" + name + "' is no count");
  return static_cast<std::int32_t>(count);
}

// SHA-256 over the first `count` ids.
std::string fingerprint(const Vocabulary& ids, std::int32_t count) {
  Sha256 sha;
  const auto update = [&](const auto& column) {
    sha.update({reinterpret_cast<const char*>(column.data()), column.size_bytes()});
  };
  const auto rows = static_cast<std::size_t>(count);
  if (ids.is_text() && count > 0) {
    // The offsets tell where each id ends, so no two lists of ids give the same bytes.
    const auto offsets = ids.texts().offsets().span().first(rows + 1);
    sha.update("texts");
    update(offsets);
    update(ids.texts().bytes().span().first(static_cast<std::size_t>(offsets.back())));
  } else {
    sha.update("numbers");
    update(ids.numbers().span().first(rows));
  }
  return sha.finish_hex();
}

std::string misfit_of(const Vocabulary& now, std::int32_t count, const std::string& trained,
                      const std::string& what) {
  if (now.size() < count)
    return "has " + format_count(now.size()) + " " + what + " and the model was trained over " +
           format_count(count);
  if (fingerprint(now, count) != trained)
    return "has other " + what + " than the model was trained over, or in another order";
  return "";
}

}  // namespace

TrainedOver TrainedOver::of(const Dataset& dataset, std::size_t domain_index) {
  const Vocabulary& items = dataset.domains()[domain_index].items;
  const Vocabulary& users = dataset.users();
  return {users.size(), items.size(), fingerprint(users, users.size()),
          fingerprint(items, items.size())};
}

Result<TrainedOver> TrainedOver::from_json(const Json& json) {
  TrainedOver trained_over;
  CROSSFADE_ASSIGN_OR_RETURN(trained_over.num_users, count_at(json, "num_users"));
  CROSSFADE_ASSIGN_OR_RETURN(trained_over.num_items, count_at(json, "num_items"));
  CROSSFADE_ASSIGN_OR_RETURN(trained_over.users, json.string_at("users"));
  CROSSFADE_ASSIGN_OR_RETURN(trained_over.items, json.string_at("items"));
  return trained_over;
}

Json TrainedOver::to_json() const {
  return Json::object()
      .set("num_users", std::int64_t{num_users})
      .set("num_items", std::int64_t{num_items})
      .set("users", users)
      .set("items", items);
}

std::string TrainedOver::misfit(const Dataset& dataset, std::size_t domain_index) const {
  const Vocabulary& known = dataset.domains()[domain_index].items;
  const std::string wrong_items = misfit_of(known, num_items, items, "items");
  return wrong_items.empty() ? misfit_of(dataset.users(), num_users, users, "users") : wrong_items;
}

}  // namespace crossfade
