// Numbers in a narrow range are looked up in a flat array; other ids in an open-addressing table of
// (hash, index) slots, a block of rows at a time, so that the slots of the next rows are on their
// way from memory while the current ones are compared.
//
// A block of the log is looked up first, on all threads: most of its ids are known. The rows with
// unknown ids, in their order, are then added by one thread.
#include "crossfade/data/id_encoder.h"

#include <algorithm>
#include <array>
#include <bit>
#include <limits>
#include <utility>
#include <variant>
#include <vector>

#include "crossfade/base/hash.h"
#include "crossfade/base/rng.h"

namespace crossfade {
namespace {

constexpr auto kMaxSize = static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max());
constexpr std::int64_t kGrain = 1 << 16;
constexpr std::size_t kAhead = 64;  // rows whose slots are fetched together
// A flat array may have this many entries whatever the number of ids, or so many per id.
constexpr std::uint64_t kFlatEntries = 1 << 22, kFlatEntriesPerId = 8;

// Ids that are numbers. mix64 is a bijection, so equal hashes mean equal ids.
struct NumberIds {
  std::vector<std::int64_t> numbers;

  explicit NumberIds(const IdList& known) : numbers(known.numbers.begin(), known.numbers.end()) {}
  static std::uint64_t hash(std::int64_t id) { return mix64(static_cast<std::uint64_t>(id)); }
  std::size_t size() const { return numbers.size(); }
  std::int64_t at(std::size_t index) const { return numbers[index]; }
  static bool same(std::size_t, std::int64_t) { return true; }
  void add(std::int64_t id) { numbers.push_back(id); }
};

struct TextIds {
  std::vector<char> bytes;
  std::vector<std::int64_t> offsets{0};

  explicit TextIds(const IdList& known)
      : bytes(known.texts.bytes().begin(), known.texts.bytes().end()) {
    if (known.size() > 0)
      offsets.assign(known.texts.offsets().begin(), known.texts.offsets().end());
  }
  static std::uint64_t hash(std::string_view id) { return hash_bytes(id); }
  std::size_t size() const { return offsets.size() - 1; }
  std::string_view at(std::size_t index) const {
    return {bytes.data() + offsets[index],
            static_cast<std::size_t>(offsets[index + 1] - offsets[index])};
  }
  bool same(std::size_t index, std::string_view id) const { return at(index) == id; }
  void add(std::string_view id) {
    bytes.insert(bytes.end(), id.begin(), id.end());
    offsets.push_back(static_cast<std::int64_t>(bytes.size()));
  }
};

// Open addressing, linear probing, at most half full.
class Slots {
 public:
  // Makes room for `count` ids in all; moves the slots only when they would be over half full.
  void reserve(std::size_t count) {
    if (2 * count <= slots_.size()) return;
    std::vector<Slot> old(std::bit_ceil(std::max<std::size_t>(4 * count, 1024)));
    std::swap(old, slots_);
    for (const Slot& slot : old)
      if (slot.index != kUnknown) *find(slot.hash, [](std::int32_t) { return false; }) = slot;
  }
  void prefetch(std::uint64_t hash) const {
    __builtin_prefetch(&slots_[hash & (slots_.size() - 1)]);
  }

  struct Slot {
    std::uint64_t hash = 0;
    std::int32_t index = kUnknown;
  };
  // The slot of the id with this hash that `same` accepts, or the empty one where it belongs.
  template <class Same>
  Slot* find(std::uint64_t hash, const Same& same) {
    const std::uint64_t mask = slots_.size() - 1;
    std::uint64_t at = hash & mask;
    while (slots_[at].index != kUnknown && (slots_[at].hash != hash || !same(slots_[at].index)))
      at = (at + 1) & mask;
    return &slots_[at];
  }

 private:
  std::vector<Slot> slots_;
};

// The rows of a block whose ids are not known yet, rising, by the pieces that threads looked at.
using UnknownRows = std::vector<std::vector<std::uint32_t>>;

// Runs body(begin, end) over the rows in pieces and collects what each hands back.
template <class Body>
UnknownRows look_up(std::size_t rows, ThreadPool* threads, const Body& body) {
  UnknownRows unknown((rows + kGrain - 1) / kGrain);
  const auto run = [&](std::int64_t begin, std::int64_t end, int) {
    for (std::int64_t at = begin; at < end; at += kGrain)
      unknown[static_cast<std::size_t>(at / kGrain)] =
          body(static_cast<std::size_t>(at), static_cast<std::size_t>(std::min(end, at + kGrain)));
  };
  const auto size = static_cast<std::int64_t>(rows);
  if (threads)
    threads->parallel_for(size, kGrain, run);
  else if (size > 0)
    run(0, size, 0);
  return unknown;
}

// Ids behind a hash table.
template <class Ids, class Key>
class HashedEncoder {
 public:
  void fill(const Ids& ids) {
    slots_.reserve(ids.size() + kAhead);
    for (std::size_t i = 0; i < ids.size(); ++i) {
      const std::uint64_t hash = Ids::hash(ids.at(i));
      *slots_.find(hash, [](std::int32_t) { return false; }) = {hash, static_cast<std::int32_t>(i)};
    }
  }

  // False when there are too many distinct ids.
  bool encode(Ids& ids, const std::vector<Key>& column, std::span<std::int32_t> indices,
              ThreadPool* threads) {
    slots_.reserve(ids.size() + kAhead);
    const UnknownRows unknown =
        look_up(column.size(), threads, [&](std::size_t begin, std::size_t end) {
          std::vector<std::uint32_t> rows;
          for_each(column, begin, end, [&](std::size_t row, std::uint64_t hash) {
            indices[row] = find(ids, column[row], hash)->index;
            if (indices[row] == kUnknown) rows.push_back(static_cast<std::uint32_t>(row));
          });
          return rows;
        });
    for (const auto& rows : unknown)
      if (!add(ids, column, rows, indices)) return false;
    return true;
  }

 private:
  Slots::Slot* find(const Ids& ids, const Key& key, std::uint64_t hash) {
    return slots_.find(
        hash, [&](std::int32_t index) { return ids.same(static_cast<std::size_t>(index), key); });
  }

  template <class Visit>
  void for_each(const std::vector<Key>& column, std::size_t begin, std::size_t end,
                const Visit& visit) {
    std::array<std::uint64_t, kAhead> hashes{};
    for (; begin < end; begin += kAhead) {
      const std::size_t count = std::min(kAhead, end - begin);
      for (std::size_t i = 0; i < count; ++i) {
        hashes[i] = Ids::hash(column[begin + i]);
        slots_.prefetch(hashes[i]);
      }
      for (std::size_t i = 0; i < count; ++i) visit(begin + i, hashes[i]);
    }
  }

  bool add(Ids& ids, const std::vector<Key>& column, const std::vector<std::uint32_t>& rows,
           std::span<std::int32_t> indices) {
    for (const std::uint32_t row : rows) {
      slots_.reserve(ids.size() + kAhead);
      const std::uint64_t hash = Ids::hash(column[row]);
      Slots::Slot* slot = find(ids, column[row], hash);
      if (slot->index == kUnknown) {
        if (ids.size() == kMaxSize) return false;
        *slot = {hash, static_cast<std::int32_t>(ids.size())};
        ids.add(column[row]);
      }
      indices[row] = slot->index;
    }
    return true;
  }

  Slots slots_;
};

// Numbers behind a flat array over their range, while that is narrow.
class FlatEncoder {
 public:
  // Covers the ids and [low, high] too; false if that would be too wide.
  bool cover(const NumberIds& ids, std::int64_t low, std::int64_t high) {
    if (low >= low_ && distance(high, low_) < table_.size()) return true;
    if (!table_.empty()) {
      low = std::min(low, low_);
      high = std::max(high, low_ + static_cast<std::int64_t>(table_.size() - 1));
    } else if (!ids.numbers.empty()) {
      const auto [least, most] = std::minmax_element(ids.numbers.begin(), ids.numbers.end());
      low = std::min(low, *least);
      high = std::max(high, *most);
    }
    const std::uint64_t range = distance(high, low);
    if (range >= std::max<std::uint64_t>(kFlatEntries, kFlatEntriesPerId * ids.size()))
      return false;
    // Half again as wide as needed: a range that creeps up is not copied for every block.
    std::uint64_t entries = range + 1 + range / 2;
    const std::uint64_t above = distance(std::numeric_limits<std::int64_t>::max(), low);
    entries = std::min(entries, above == UINT64_MAX ? above : above + 1);
    table_.assign(entries, kUnknown);
    low_ = low;
    for (std::size_t i = 0; i < ids.size(); ++i)
      table_[distance(ids.numbers[i], low_)] = static_cast<std::int32_t>(i);
    return true;
  }

  bool encode(NumberIds& ids, const std::vector<std::int64_t>& column,
              std::span<std::int32_t> indices, ThreadPool* threads) {
    const UnknownRows unknown =
        look_up(column.size(), threads, [&](std::size_t begin, std::size_t end) {
          std::vector<std::uint32_t> rows;
          for (std::size_t row = begin; row < end; ++row) {
            indices[row] = table_[distance(column[row], low_)];
            if (indices[row] == kUnknown) rows.push_back(static_cast<std::uint32_t>(row));
          }
          return rows;
        });
    for (const auto& rows : unknown)
      for (const std::uint32_t row : rows) {
        std::int32_t& index = table_[distance(column[row], low_)];
        if (index == kUnknown) {
          if (ids.size() == kMaxSize) return false;
          index = static_cast<std::int32_t>(ids.size());
          ids.add(column[row]);
        }
        indices[row] = index;
      }
    return true;
  }

 private:
  static std::uint64_t distance(std::int64_t id, std::int64_t low) {
    return static_cast<std::uint64_t>(id) - static_cast<std::uint64_t>(low);
  }

  std::int64_t low_ = 0;
  std::vector<std::int32_t> table_;
};

// The least and the largest number.
std::pair<std::int64_t, std::int64_t> range_of(const std::vector<std::int64_t>& column,
                                               ThreadPool* threads) {
  using Range = std::pair<std::int64_t, std::int64_t>;
  const auto of_part = [&](std::int64_t begin, std::int64_t end) {
    Range range(column[static_cast<std::size_t>(begin)], column[static_cast<std::size_t>(begin)]);
    for (auto row = static_cast<std::size_t>(begin); row < static_cast<std::size_t>(end); ++row) {
      range.first = std::min(range.first, column[row]);
      range.second = std::max(range.second, column[row]);
    }
    return range;
  };
  if (!threads) return of_part(0, std::ssize(column));
  return threads->map_reduce(std::ssize(column), kGrain, Range(column[0], column[0]), of_part,
                             [](Range& total, const Range& part) {
                               total.first = std::min(total.first, part.first);
                               total.second = std::max(total.second, part.second);
                             });
}

struct NumberEncoder {
  using Key = std::int64_t;
  NumberIds ids;
  bool flat = true;
  FlatEncoder flat_table;
  HashedEncoder<NumberIds, std::int64_t> hashed;

  explicit NumberEncoder(const IdList& known) : ids(known) {}

  bool encode(const std::vector<std::int64_t>& column, std::span<std::int32_t> indices,
              ThreadPool* threads) {
    if (column.empty()) return true;
    if (flat) {
      const auto [low, high] = range_of(column, threads);
      if (flat_table.cover(ids, low, high)) return flat_table.encode(ids, column, indices, threads);
      flat = false;
      flat_table = {};
      hashed.fill(ids);
    }
    return hashed.encode(ids, column, indices, threads);
  }
};

struct TextEncoder {
  using Key = std::string;
  TextIds ids;
  HashedEncoder<TextIds, std::string> hashed;

  explicit TextEncoder(const IdList& known) : ids(known) { hashed.fill(ids); }

  bool encode(const std::vector<std::string>& column, std::span<std::int32_t> indices,
              ThreadPool* threads) {
    return hashed.encode(ids, column, indices, threads);
  }
};

}  // namespace

struct IdEncoder::State {
  std::variant<std::monostate, NumberEncoder, TextEncoder> encoder;

  std::int64_t size() const {
    if (const auto* numbers = std::get_if<NumberEncoder>(&encoder))
      return static_cast<std::int64_t>(numbers->ids.size());
    if (const auto* texts = std::get_if<TextEncoder>(&encoder))
      return static_cast<std::int64_t>(texts->ids.size());
    return 0;
  }
};

IdEncoder::IdEncoder(const IdList& known) : state_(new State) {
  if (known.size() == 0) return;
  if (known.text)
    state_->encoder.emplace<TextEncoder>(known);
  else
    state_->encoder.emplace<NumberEncoder>(known);
}
IdEncoder::~IdEncoder() = default;
IdEncoder::IdEncoder(IdEncoder&&) noexcept = default;
IdEncoder& IdEncoder::operator=(IdEncoder&&) noexcept = default;

Status IdEncoder::encode(const IdColumn& ids, std::span<std::int32_t> indices,
                         ThreadPool* threads) {
  CROSSFADE_CHECK(indices.size() == size_of(ids), "one index per id");
  if (indices.empty()) return ok_status();
  const bool text = std::holds_alternative<std::vector<std::string>>(ids);
  if (std::holds_alternative<std::monostate>(state_->encoder)) {
    if (text)
      state_->encoder.emplace<TextEncoder>(IdList());
    else
      state_->encoder.emplace<NumberEncoder>(IdList());
  }
  bool done = false;
  if (auto* numbers = std::get_if<NumberEncoder>(&state_->encoder)) {
    if (text)
      return data_invalid(
          "these ids are text and the ones known so far are numbers; "
          "give a log whose ids are numbers too");
    done = numbers->encode(std::get<std::vector<std::int64_t>>(ids), indices, threads);
  } else {
    if (!text)
      return data_invalid(
          "these ids are numbers and the ones known so far are text; "
          "give a log whose ids are text too");
    done = std::get<TextEncoder>(state_->encoder)
               .encode(std::get<std::vector<std::string>>(ids), indices, threads);
  }
  if (!done)
    return data_invalid("there are more than 2^31 - 1 distinct ids; split the log into parts");
  return ok_status();
}

std::int64_t IdEncoder::size() const {
  return state_->size();
}

IdList IdEncoder::ids_from(std::int64_t first) const {
  IdList list;
  const auto begin = static_cast<std::size_t>(first);
  if (const auto* numbers = std::get_if<NumberEncoder>(&state_->encoder)) {
    const auto& all = numbers->ids.numbers;
    list.numbers = std::vector<std::int64_t>(all.begin() + first, all.end());
  } else if (const auto* texts = std::get_if<TextEncoder>(&state_->encoder)) {
    list.text = true;
    const std::int64_t before = texts->ids.offsets[begin];
    std::vector<std::int64_t> offsets(texts->ids.offsets.begin() + first, texts->ids.offsets.end());
    for (std::int64_t& offset : offsets) offset -= before;
    list.texts =
        StringArray(std::move(offsets),
                    std::vector<char>(texts->ids.bytes.begin() + before, texts->ids.bytes.end()));
  }
  return list;
}

IdList IdEncoder::ids_at(std::int64_t index) const {
  IdList list;
  const auto at = static_cast<std::size_t>(index);
  if (const auto* numbers = std::get_if<NumberEncoder>(&state_->encoder)) {
    list.numbers = std::vector<std::int64_t>{numbers->ids.at(at)};
  } else if (const auto* texts = std::get_if<TextEncoder>(&state_->encoder)) {
    list.text = true;
    list.texts = StringArray({std::string(texts->ids.at(at))});
  }
  return list;
}

IdList IdEncoder::take() {
  IdList list;
  if (auto* numbers = std::get_if<NumberEncoder>(&state_->encoder)) {
    list.numbers = std::move(numbers->ids.numbers);
  } else if (auto* texts = std::get_if<TextEncoder>(&state_->encoder)) {
    list.text = true;
    list.texts = StringArray(std::move(texts->ids.offsets), std::move(texts->ids.bytes));
  }
  state_->encoder = std::monostate();
  return list;
}

}  // namespace crossfade
