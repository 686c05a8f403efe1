// What columns that are read have to fulfil; see sessions.h.
#include "crossfade/models/session_knn/sessions.h"

#include <algorithm>

namespace crossfade {
namespace {

bool rise_to(const Array<std::int64_t>& offsets, std::size_t size) {
  return !offsets.empty() && offsets[0] == 0 && std::is_sorted(offsets.begin(), offsets.end()) &&
         offsets[offsets.size() - 1] == static_cast<std::int64_t>(size);
}

bool below(const Array<std::int32_t>& values, std::int64_t limit) {
  return std::all_of(values.begin(), values.end(),
                     [&](std::int32_t value) { return value >= 0 && value < limit; });
}

}  // namespace

Status Sessions::check() const {
  const auto refuse = [](const char* what) {
    return data_invalid(std::string("the sessions of this model ") + what + "; train it again");
  };
  if (!rise_to(offsets, items.size()) || !rise_to(item_offsets, of_item.size()) ||
      !(end_ns.empty() || std::ssize(end_ns) == size()))
    return refuse("do not fit their offsets");
  if (!below(items, num_items())) return refuse("name items that it has not");
  if (!below(of_item, size())) return refuse("are not as many as its items name");
  return ok_status();
}

}  // namespace crossfade
