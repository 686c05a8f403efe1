// Hash, scatter by the hash's upper bits (stable, so parts keep the order of the log), then look
// every row of a part up among the earlier ones.
#include "crossfade/io/duplicate_rows.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "crossfade/base/hash.h"
#include "crossfade/base/rng.h"

namespace crossfade {
namespace {

constexpr std::int64_t kRowsPerBlock = 1 << 18;
constexpr std::int64_t kRowsPerPart = 1 << 15;

struct HashedRow {
  std::uint64_t hash;
  std::int64_t row;
};

std::size_t at(std::int64_t row) {
  return static_cast<std::size_t>(row);
}

std::uint64_t hash_of(const IdColumn& ids, std::size_t row) {
  if (const auto* numbers = std::get_if<std::vector<std::int64_t>>(&ids))
    return mix64(static_cast<std::uint64_t>((*numbers)[row]));
  return hash_bytes(std::get<std::vector<std::string>>(ids)[row]);
}

// Weights by their bits, so that equal rows have equal hashes; -0 and NaN are values like others.
std::uint32_t bits_of(float weight) {
  return std::bit_cast<std::uint32_t>(weight);
}

std::uint64_t hash_of(const LogColumns& log, std::size_t row) {
  std::uint64_t hash = mix64(hash_of(log.users, row)) ^ hash_of(log.items, row);
  if (!log.time_ns.empty()) hash = mix64(hash) + static_cast<std::uint64_t>(log.time_ns[row]);
  if (!log.weights.empty()) hash = mix64(hash) + bits_of(log.weights[row]);
  if (!log.kinds.empty()) hash = mix64(hash) + log.kinds[row];
  return mix64(hash);
}

bool same(const LogColumns& log, std::size_t a, std::size_t b) {
  const auto same_id = [&](const auto& ids) { return ids[a] == ids[b]; };
  return std::visit(same_id, log.users) && std::visit(same_id, log.items) &&
         (log.time_ns.empty() || log.time_ns[a] == log.time_ns[b]) &&
         (log.weights.empty() || bits_of(log.weights[a]) == bits_of(log.weights[b])) &&
         (log.kinds.empty() || log.kinds[a] == log.kinds[b]);
}

// The rows by part; part p is [starts[p], starts[p + 1]).
struct Parts {
  std::vector<HashedRow> rows;
  std::vector<std::int64_t> starts;
};

Parts scatter(const LogColumns& log, std::int64_t num_rows, ThreadPool& threads) {
  const auto num_parts = std::bit_ceil(static_cast<std::uint64_t>(1 + num_rows / kRowsPerPart));
  const int shift = 64 - std::bit_width(num_parts - 1);
  const auto part_of = [shift](std::uint64_t hash) { return shift == 64 ? 0 : hash >> shift; };
  const std::int64_t num_blocks = (num_rows + kRowsPerBlock - 1) / kRowsPerBlock;
  std::vector<std::vector<std::int64_t>> next(at(num_blocks), std::vector<std::int64_t>(num_parts));
  std::vector<std::uint64_t> hashes(at(num_rows));
  threads.parallel_for(num_rows, kRowsPerBlock, [&](std::int64_t begin, std::int64_t end, int) {
    auto& counts = next[at(begin / kRowsPerBlock)];
    for (std::int64_t row = begin; row < end; ++row) {
      hashes[at(row)] = hash_of(log, at(row));
      ++counts[part_of(hashes[at(row)])];
    }
  });
  Parts parts;
  parts.starts.push_back(0);
  for (std::size_t part = 0; part < num_parts; ++part) {
    std::int64_t place = parts.starts.back();
    for (auto& counts : next) place += std::exchange(counts[part], place);
    parts.starts.push_back(place);
  }
  parts.rows.resize(at(num_rows));
  threads.parallel_for(num_rows, kRowsPerBlock, [&](std::int64_t begin, std::int64_t end, int) {
    auto& places = next[at(begin / kRowsPerBlock)];
    for (std::int64_t row = begin; row < end; ++row)
      parts.rows[at(places[part_of(hashes[at(row)])]++)] = {hashes[at(row)], row};
  });
  return parts;
}

// The repeats among the rows of one part.
std::vector<std::int64_t> find_in_part(const LogColumns& log, const HashedRow* rows,
                                       std::size_t count) {
  std::vector<std::int64_t> repeats;
  const std::size_t mask = std::bit_ceil(2 * count) - 1;
  std::vector<const HashedRow*> slots(mask + 1, nullptr);
  for (const HashedRow* row = rows; row != rows + count; ++row) {
    // The upper bits chose the part; the lower ones choose the slot.
    std::size_t slot = row->hash & mask;
    while (slots[slot] &&
           !(slots[slot]->hash == row->hash && same(log, at(slots[slot]->row), at(row->row))))
      slot = (slot + 1) & mask;
    if (slots[slot])
      repeats.push_back(row->row);
    else
      slots[slot] = row;
  }
  return repeats;
}

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

std::vector<std::int64_t> find_duplicate_rows(const LogColumns& log, Context& context) {
  const auto num_rows = static_cast<std::int64_t>(size_of(log.users));
  if (num_rows == 0) return {};
  const Parts parts = scatter(log, num_rows, context.threads);
  const std::int64_t num_parts = std::ssize(parts.starts) - 1;
  std::vector<std::vector<std::int64_t>> found(at(num_parts));
  context.threads.parallel_for(num_parts, 1, [&](std::int64_t part, std::int64_t, int) {
    const std::int64_t begin = parts.starts[at(part)];
    found[at(part)] =
        find_in_part(log, parts.rows.data() + begin, at(parts.starts[at(part + 1)] - begin));
  });
  std::vector<std::int64_t> all;
  for (const auto& rows : found) all.insert(all.end(), rows.begin(), rows.end());
  std::sort(all.begin(), all.end());
  return all;
}

void drop_rows(LogColumns& log, const std::vector<std::int64_t>& rows) {
  std::visit([&](auto& ids) { drop_from(ids, rows); }, log.users);
  std::visit([&](auto& ids) { drop_from(ids, rows); }, log.items);
  drop_from(log.time_ns, rows);
  drop_from(log.weights, rows);
  drop_from(log.kinds, rows);
  drop_from(log.sessions, rows);
}

}  // namespace crossfade
