// Ids become indices once, when the bundle is made; a start maps what is here.
#include "crossfade/bundle/bundle_lists.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace crossfade {
namespace {

constexpr std::size_t kMaxNameBytes = 64;

Status check_name(const std::string& name) {
  const auto is_plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  };
  if (!name.empty() && name.size() <= kMaxNameBytes &&
      std::all_of(name.begin(), name.end(), is_plain))
    return ok_status();
  return usage_error("a part is called '" + name +
                     "'; give it a name of at most 64 letters, digits, '_' and '-'");
}

ExternalId id_at(const IdColumn& ids, std::size_t row) {
  return std::visit([&](const auto& values) { return ExternalId(values[row]); }, ids);
}

using FindItem = std::function<ItemIndex(const ExternalId&)>;

// All ids of a column under their indices.
Result<std::vector<ItemIndex>> find_items(const IdColumn& ids, const FindItem& find_item) {
  std::vector<ItemIndex> items(size_of(ids));
  for (std::size_t row = 0; row < items.size(); ++row) {
    const ExternalId id = id_at(ids, row);
    items[row] = find_item(id);
    if (items[row] == kUnknown)
      return data_invalid("item " + to_text(id) +
                          " is neither in the data nor in the catalogue; is the file of another "
                          "year than the catalogue?");
  }
  return items;
}

Result<Vocabulary> users_of(const IdColumn& keys) {
  if (const auto* numbers = std::get_if<std::vector<std::int64_t>>(&keys))
    return Vocabulary::checked(Array<std::int64_t>(*numbers));
  return Vocabulary::checked(StringArray(std::get<std::vector<std::string>>(keys)));
}

// Lists in the order of their keys become one list per item, empty where there is none.
Status lay_out_by_item(const ListFile& lists, std::int64_t num_items, const FindItem& find_item,
                       std::vector<ItemIndex>& items, BundleLists& part) {
  CROSSFADE_ASSIGN_OR_RETURN(const auto keys, find_items(lists.keys, find_item));
  std::vector<std::int64_t> list_of(static_cast<std::size_t>(num_items), -1), offsets{0};
  for (std::size_t l = 0; l < keys.size(); ++l) {
    std::int64_t& list = list_of[static_cast<std::size_t>(keys[l])];
    if (list >= 0)
      return data_invalid("item " + to_text(id_at(lists.keys, l)) +
                          " has two lists; keep one of them");
    list = static_cast<std::int64_t>(l);
  }
  std::vector<ItemIndex> in_order;
  in_order.reserve(items.size());
  for (const std::int64_t list : list_of) {
    if (list >= 0) {
      const auto at = static_cast<std::size_t>(list);
      in_order.insert(in_order.end(), items.begin() + lists.offsets[at],
                      items.begin() + lists.offsets[at + 1]);
    }
    offsets.push_back(static_cast<std::int64_t>(in_order.size()));
  }
  items = std::move(in_order);
  part.offsets = std::move(offsets);
  return ok_status();
}

}  // namespace

std::span<const ItemIndex> BundleLists::list_of_user(const ExternalId& user) const {
  const std::int32_t row = users.find(user);
  if (row == kUnknown) return {};
  return list(row);
}

std::span<const ItemIndex> BundleLists::list_of_item(ItemIndex item) const {
  if (item < 0 || static_cast<std::size_t>(item) + 1 >= offsets.size()) return {};
  return list(item);
}

Status BundleLists::check(std::int64_t num_items) const {
  const std::int64_t num_lists = by == ListsBy::kUser   ? users.size()
                                 : by == ListsBy::kItem ? num_items
                                                        : 1;
  const auto in_range = [&](ItemIndex item) { return item >= 0 && item < num_items; };
  if (offsets.size() == static_cast<std::size_t>(num_lists) + 1 && offsets[0] == 0 &&
      offsets[offsets.size() - 1] == static_cast<std::int64_t>(items.size()) &&
      std::is_sorted(offsets.begin(), offsets.end()) &&
      std::all_of(items.begin(), items.end(), in_range))
    return ok_status();
  return data_invalid("the lists of the part '" + name + "' do not fit the items");
}

Status BundleLists::save(ArtifactWriter& writer, const std::string& folder) const {
  if (by == ListsBy::kUser) CROSSFADE_RETURN_IF_ERROR(users.save(writer, folder + "/users"));
  CROSSFADE_RETURN_IF_ERROR(writer.add<std::int64_t>(folder + "/offsets.npy", offsets));
  return writer.add<ItemIndex>(folder + "/items.npy", items);
}

Result<BundleLists> BundleLists::load(const Artifact& artifact, const std::string& folder,
                                      std::string name, ListsBy by) {
  BundleLists part;
  part.name = std::move(name);
  part.by = by;
  if (by == ListsBy::kUser) {
    CROSSFADE_ASSIGN_OR_RETURN(part.users, Vocabulary::load(artifact, folder + "/users"));
  }
  CROSSFADE_ASSIGN_OR_RETURN(auto offsets, artifact.read<std::int64_t>(folder + "/offsets.npy"));
  CROSSFADE_ASSIGN_OR_RETURN(auto items, artifact.read<ItemIndex>(folder + "/items.npy"));
  part.offsets = std::move(offsets.values);
  part.items = std::move(items.values);
  return part;
}

Result<BundleLists> make_bundle_lists(const ListPart& part, std::int64_t num_items,
                                      const FindItem& find_item) {
  CROSSFADE_RETURN_IF_ERROR(check_name(part.name));
  BundleLists made;
  made.name = part.name;
  made.by = part.lists.by;
  const auto make = [&]() -> Status {
    CROSSFADE_ASSIGN_OR_RETURN(auto items, find_items(part.lists.items, find_item));
    if (made.by == ListsBy::kItem) {
      CROSSFADE_RETURN_IF_ERROR(lay_out_by_item(part.lists, num_items, find_item, items, made));
    } else {
      made.offsets = std::vector<std::int64_t>(part.lists.offsets);
      if (made.by == ListsBy::kUser) {
        CROSSFADE_ASSIGN_OR_RETURN(made.users, users_of(part.lists.keys));
      }
    }
    made.items = std::move(items);
    return made.check(num_items);
  };
  if (const Status status = make(); !status.ok()) return status.at(part.path);
  return made;
}

}  // namespace crossfade
