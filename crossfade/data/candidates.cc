// Checks lists of candidates. Repeats are found with one mark per item (the last list that had it),
// so the whole check is linear in rows plus items.
#include "crossfade/data/candidates.h"

#include <cmath>
#include <limits>
#include <utility>

namespace crossfade {
namespace {

Status broken(const Candidates& candidates, std::int64_t list, const std::string& what) {
  return data_invalid("candidate list " + std::to_string(list) + " (user index " +
                      std::to_string(candidates.users[static_cast<std::size_t>(list)]) + ") " +
                      what);
}

Status check_shape(const Candidates& c) {
  if (c.offsets.size() != c.users.size() + 1 || c.offsets[0] != 0)
    return data_invalid("candidates of " + std::to_string(c.users.size()) + " users have " +
                        std::to_string(c.offsets.size()) + " offsets, or do not start at 0");
  if (c.scores.size() != c.items.size() || c.sources.size() != c.items.size())
    return data_invalid("candidates have " + std::to_string(c.items.size()) + " items, " +
                        std::to_string(c.scores.size()) + " scores and " +
                        std::to_string(c.sources.size()) + " sources; each row needs all three");
  for (std::size_t list = 0; list < c.users.size(); ++list)
    if (c.offsets[list + 1] < c.offsets[list])
      return broken(c, static_cast<std::int64_t>(list), "ends before it starts");
  if (c.offsets.back() != static_cast<std::int64_t>(c.items.size()))
    return data_invalid("candidate lists end at row " + std::to_string(c.offsets.back()) + " of " +
                        std::to_string(c.items.size()));
  return ok_status();
}

}  // namespace

Status Candidates::check(std::int64_t num_users, std::int64_t num_items) const {
  CROSSFADE_RETURN_IF_ERROR(check_shape(*this));
  std::vector<std::int64_t> last_list(static_cast<std::size_t>(num_items), -1);
  for (std::int64_t l = 0; l < num_lists(); ++l) {
    const auto at = static_cast<std::size_t>(l);
    if (users[at] < 0 || users[at] >= num_users)
      return broken(*this, l,
                    "is for a user beyond the " + std::to_string(num_users) + " there are");
    float previous = std::numeric_limits<float>::infinity();
    for (auto row = static_cast<std::size_t>(offsets[at]);
         row < static_cast<std::size_t>(offsets[at + 1]); ++row) {
      const ItemIndex item = items[row];
      if (item < 0 || item >= num_items)
        return broken(
            *this, l,
            "holds item index " + std::to_string(item) + " of " + std::to_string(num_items));
      if (std::exchange(last_list[static_cast<std::size_t>(item)], l) == l)
        return broken(*this, l, "holds item index " + std::to_string(item) + " twice");
      if (!std::isfinite(scores[row])) return broken(*this, l, "holds a score that is not finite");
      if (scores[row] > previous) return broken(*this, l, "has scores that rise");
      if (sources[row] >= source_names.size()) return broken(*this, l, "names an unknown source");
      previous = scores[row];
    }
  }
  return ok_status();
}

}  // namespace crossfade
