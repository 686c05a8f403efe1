// The check of what a caller hands in; everything after it may trust the indices.
#include "crossfade/evaluation/ranked_lists.h"

#include <string>

namespace crossfade {
namespace {

Status broken(const ListsView& lists, std::size_t l, const std::string& what) {
  return data_invalid("list " + std::to_string(l) + " (user index " +
                      std::to_string(lists.users[l]) + ") " + what);
}

}  // namespace

Status ListsView::check(std::int64_t num_users, std::int64_t num_items) const {
  if (offsets.size() != users.size() + 1 || offsets[0] != 0 ||
      offsets.back() != static_cast<std::int64_t>(items.size()))
    return data_invalid("the offsets of " + std::to_string(users.size()) +
                        " lists do not fit their " + std::to_string(items.size()) + " items");
  std::vector<bool> seen(static_cast<std::size_t>(num_users));
  for (std::size_t l = 0; l < users.size(); ++l) {
    if (offsets[l + 1] < offsets[l]) return broken(*this, l, "ends before it starts");
    if (users[l] < 0 || users[l] >= num_users)
      return broken(*this, l,
                    "is for a user beyond the " + std::to_string(num_users) + " there are");
    const auto user = static_cast<std::size_t>(users[l]);
    if (seen[user]) return broken(*this, l, "is the user's second; give one list per user");
    seen[user] = true;
  }
  for (const ItemIndex item : items)
    if (item < 0 || item >= num_items)
      return data_invalid("a list holds item index " + std::to_string(item) + " of " +
                          std::to_string(num_items));
  return ok_status();
}

}  // namespace crossfade
