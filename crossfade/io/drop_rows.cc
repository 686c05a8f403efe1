// Moves each kept value once, from the first gap on.
#include "crossfade/io/drop_rows.h"

#include <utility>

namespace crossfade {
namespace {

template <class T>
void drop_from(std::vector<T>& values, const std::vector<std::int64_t>& rows) {
  if (values.empty() || rows.empty()) return;
  std::size_t kept = static_cast<std::size_t>(rows[0]), next = 0;
  for (std::size_t row = kept; row < values.size(); ++row) {
    if (next < rows.size() && static_cast<std::size_t>(rows[next]) == row)
      ++next;
    else
      values[kept++] = std::move(values[row]);
  }
  values.resize(kept);
}

}  // namespace

void drop_rows(LogColumns& log, const std::vector<std::int64_t>& rows) {
  std::visit([&](auto& ids) { drop_from(ids, rows); }, log.users);
  std::visit([&](auto& ids) { drop_from(ids, rows); }, log.items);
  drop_from(log.time_ns, rows);
  drop_from(log.weights, rows);
  drop_from(log.kinds, rows);
  drop_from(log.sessions, rows);
}

}  // namespace crossfade
