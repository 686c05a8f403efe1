// Numbers the ids of a column. Numbers in a range no wider than the log is long are looked up in a
// flat array; other ids in an open-addressing table of (hash, index) slots, filled a block of rows
// at a time so that the slots of the next rows are on their way from memory while the current ones
// are compared.
#include <algorithm>
#include <array>
#include <bit>
#include <limits>
#include <utility>

#include "crossfade/base/hash.h"
#include "crossfade/base/rng.h"
#include "crossfade/data/vocabulary.h"

namespace crossfade {
namespace {

constexpr auto kMaxSize = static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max());

// Ids that are numbers. mix64 is a bijection, so equal hashes mean equal ids.
struct NumberIds {
  std::vector<std::int64_t> numbers;

  explicit NumberIds(const Vocabulary& start)
      : numbers(start.numbers().begin(), start.numbers().end()) {}
  static std::uint64_t hash(std::int64_t id) { return mix64(static_cast<std::uint64_t>(id)); }
  std::size_t size() const { return numbers.size(); }
  std::int64_t at(std::size_t index) const { return numbers[index]; }
  static bool same(std::size_t, std::int64_t) { return true; }
  void add(std::int64_t id) { numbers.push_back(id); }
  Vocabulary finish() { return Vocabulary(Array<std::int64_t>(std::move(numbers))); }
};

struct TextIds {
  std::vector<char> bytes;
  std::vector<std::int64_t> offsets{0};

  explicit TextIds(const Vocabulary& start)
      : bytes(start.texts().bytes().begin(), start.texts().bytes().end()) {
    if (start.size() > 0)
      offsets.assign(start.texts().offsets().begin(), start.texts().offsets().end());
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
  Vocabulary finish() { return Vocabulary(StringArray(std::move(offsets), std::move(bytes))); }
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

// Fills `indices`; false when there are too many distinct ids.
template <class Ids, class Key>
bool encode_hashed(Ids& ids, const std::vector<Key>& column, std::vector<std::int32_t>& indices) {
  constexpr std::size_t kBlock = 64;
  Slots slots;
  slots.reserve(ids.size() + kBlock);
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const std::uint64_t hash = Ids::hash(ids.at(i));
    *slots.find(hash, [](std::int32_t) { return false; }) = {hash, static_cast<std::int32_t>(i)};
  }
  std::array<std::uint64_t, kBlock> hashes{};
  for (std::size_t begin = 0; begin < column.size(); begin += kBlock) {
    const std::size_t end = std::min(begin + kBlock, column.size());
    slots.reserve(ids.size() + kBlock);
    for (std::size_t row = begin; row < end; ++row) {
      hashes[row - begin] = Ids::hash(column[row]);
      slots.prefetch(hashes[row - begin]);
    }
    for (std::size_t row = begin; row < end; ++row) {
      const std::uint64_t hash = hashes[row - begin];
      Slots::Slot* slot = slots.find(hash, [&](std::int32_t index) {
        return ids.same(static_cast<std::size_t>(index), column[row]);
      });
      if (slot->index == kUnknown) {
        if (ids.size() == kMaxSize) return false;
        *slot = {hash, static_cast<std::int32_t>(ids.size())};
        ids.add(column[row]);
      }
      indices[row] = slot->index;
    }
  }
  return true;
}

// The table that gives number low + i its index at i, or an empty one if the numbers of column and
// start lie too far apart for that to pay.
std::vector<std::int32_t> direct_table(const NumberIds& ids,
                                       const std::vector<std::int64_t>& column,
                                       std::uint64_t& low) {
  std::int64_t smallest = std::numeric_limits<std::int64_t>::max();
  std::int64_t largest = std::numeric_limits<std::int64_t>::min();
  for (const auto* numbers : {&ids.numbers, &column})
    for (const std::int64_t number : *numbers) {
      smallest = std::min(smallest, number);
      largest = std::max(largest, number);
    }
  if (smallest > largest) return {};
  low = static_cast<std::uint64_t>(smallest);
  const std::uint64_t range = static_cast<std::uint64_t>(largest) - low;
  if (range >= std::min<std::uint64_t>(column.size() + ids.size() + 1024, kMaxSize)) return {};
  std::vector<std::int32_t> table(range + 1, kUnknown);
  for (std::size_t i = 0; i < ids.size(); ++i)
    table[static_cast<std::uint64_t>(ids.numbers[i]) - low] = static_cast<std::int32_t>(i);
  return table;
}

bool encode(NumberIds& ids, const std::vector<std::int64_t>& column,
            std::vector<std::int32_t>& indices) {
  std::uint64_t low = 0;
  std::vector<std::int32_t> table = direct_table(ids, column, low);
  if (table.empty()) return encode_hashed(ids, column, indices);
  for (std::size_t row = 0; row < column.size(); ++row) {
    std::int32_t& index = table[static_cast<std::uint64_t>(column[row]) - low];
    if (index == kUnknown) {
      index = static_cast<std::int32_t>(ids.size());
      ids.add(column[row]);
    }
    indices[row] = index;
  }
  return true;
}

bool encode(TextIds& ids, const std::vector<std::string>& column,
            std::vector<std::int32_t>& indices) {
  return encode_hashed(ids, column, indices);
}

template <class Ids, class Key>
Result<Encoded> encode_column(const Vocabulary& start, const std::vector<Key>& column) {
  Ids ids(start);
  Encoded encoded;
  encoded.indices.resize(column.size());
  if (!encode(ids, column, encoded.indices))
    return data_invalid("there are more than 2^31 - 1 distinct ids; split the log into parts");
  const bool grew = ids.size() > static_cast<std::size_t>(start.size());
  encoded.vocabulary = grew ? ids.finish() : start;
  return encoded;
}

}  // namespace

Result<Encoded> encode_ids(const Vocabulary& start, const IdColumn& ids) {
  const bool text = std::holds_alternative<std::vector<std::string>>(ids);
  if (start.size() > 0 && size_of(ids) > 0 && start.is_text() != text)
    return data_invalid(text ? "these ids are text and the ones known so far are numbers; "
                               "give a log whose ids are numbers too"
                             : "these ids are numbers and the ones known so far are text; "
                               "give a log whose ids are text too");
  if (size_of(ids) == 0) return Encoded{start, {}};
  if (text) return encode_column<TextIds>(start, std::get<std::vector<std::string>>(ids));
  return encode_column<NumberIds>(start, std::get<std::vector<std::int64_t>>(ids));
}

}  // namespace crossfade
