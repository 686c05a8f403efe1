// The table of a vocabulary: direct for numbers in a narrow range, else hashed with linear probing.
#include "crossfade/data/vocabulary.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <utility>

#include "crossfade/base/check.h"
#include "crossfade/base/hash.h"
#include "crossfade/base/rng.h"
#include "crossfade/base/text.h"
#include "crossfade/data/id_list.h"

namespace crossfade {
namespace {

constexpr auto kMaxSize = static_cast<std::size_t>(std::numeric_limits<std::int32_t>::max());

std::uint64_t hash_number(std::int64_t id) {
  return mix64(static_cast<std::uint64_t>(id));
}

// How far `id` lies above `base`, in arithmetic that cannot overflow.
std::uint64_t distance(std::int64_t id, std::int64_t base) {
  return static_cast<std::uint64_t>(id) - static_cast<std::uint64_t>(base);
}

// Puts each index at the slot of its key; false if a key comes twice.
template <class SlotOf, class Same>
bool fill(std::vector<std::int32_t>& table, std::int32_t size, const SlotOf& slot_of,
          const Same& same) {
  for (std::int32_t index = 0; index < size; ++index) {
    std::size_t slot = slot_of(index);
    for (; table[slot] != kUnknown; slot = (slot + 1) & (table.size() - 1))
      if (same(table[slot], index)) return false;
    table[slot] = index;
  }
  return true;
}

}  // namespace

std::size_t size_of(const IdColumn& ids) {
  return std::visit([](const auto& held) { return held.size(); }, ids);
}

void Vocabulary::assign(Array<std::int64_t> ids) {
  numbers_ = std::move(ids);
  size_ = static_cast<std::int32_t>(numbers_.size());
}

void Vocabulary::assign(StringArray ids) {
  text_ = true;
  texts_ = std::move(ids);
  size_ = static_cast<std::int32_t>(texts_.size());
}

Vocabulary::Vocabulary(Array<std::int64_t> ids) {
  CROSSFADE_CHECK(ids.size() <= kMaxSize, "a vocabulary of more than 2^31 - 1 ids");
  assign(std::move(ids));
  CROSSFADE_CHECK(build_table(), "an id comes twice in a vocabulary");
}

Vocabulary::Vocabulary(StringArray ids) {
  CROSSFADE_CHECK(ids.size() <= kMaxSize, "a vocabulary of more than 2^31 - 1 ids");
  assign(std::move(ids));
  CROSSFADE_CHECK(build_table(), "an id comes twice in a vocabulary");
}

template <class Ids>
Result<Vocabulary> Vocabulary::make_checked(Ids ids) {
  if (ids.size() > kMaxSize) return data_invalid("there are more than 2^31 - 1 ids");
  Vocabulary vocabulary;
  vocabulary.assign(std::move(ids));
  if (!vocabulary.build_table()) return data_invalid("an id is there twice; the ids are damaged");
  return vocabulary;
}

Result<Vocabulary> Vocabulary::checked(Array<std::int64_t> ids) {
  return make_checked(std::move(ids));
}

Result<Vocabulary> Vocabulary::checked(StringArray ids) {
  return make_checked(std::move(ids));
}

bool Vocabulary::build_table() {
  direct_ = false;
  if (size_ == 0) return true;
  const auto count = static_cast<std::uint64_t>(size_);
  std::vector<std::int32_t> table;
  bool distinct = true;
  if (!text_) {
    const auto [low, high] = std::minmax_element(numbers_.begin(), numbers_.end());
    direct_ = distance(*high, *low) < 4 * count;
    base_ = *low;
    if (direct_) {
      table.assign(distance(*high, *low) + 1, kUnknown);
      for (std::int32_t i = 0; i < size_ && distinct; ++i) {
        auto& slot = table[distance(numbers_[static_cast<std::size_t>(i)], base_)];
        distinct = slot == kUnknown;
        slot = i;
      }
      table_ = std::move(table);
      return distinct;
    }
  }
  table.assign(std::bit_ceil(2 * count), kUnknown);
  const std::uint64_t mask = table.size() - 1;
  const auto number = [&](std::int32_t i) { return numbers_[static_cast<std::size_t>(i)]; };
  const auto text = [&](std::int32_t i) { return texts_[static_cast<std::size_t>(i)]; };
  if (text_)
    distinct = fill(
        table, size_, [&](std::int32_t i) { return hash_bytes(text(i)) & mask; },
        [&](std::int32_t a, std::int32_t b) { return text(a) == text(b); });
  else
    distinct = fill(
        table, size_, [&](std::int32_t i) { return hash_number(number(i)) & mask; },
        [&](std::int32_t a, std::int32_t b) { return number(a) == number(b); });
  table_ = std::move(table);
  return distinct;
}

ExternalId Vocabulary::id(std::int32_t index) const {
  CROSSFADE_CHECK(index >= 0 && index < size_, "an index outside its vocabulary");
  const auto at = static_cast<std::size_t>(index);
  if (text_) return std::string(texts_[at]);
  return numbers_[at];
}

std::string Vocabulary::id_text(std::int32_t index) const {
  return to_text(id(index));
}

template <class Key, class Same>
std::int32_t Vocabulary::probe(std::uint64_t hash, const Key& key, const Same& same) const {
  const std::uint64_t mask = table_.size() - 1;
  for (std::uint64_t slot = hash & mask;; slot = (slot + 1) & mask) {
    const std::int32_t index = table_[slot];
    if (index == kUnknown || same(static_cast<std::size_t>(index), key)) return index;
  }
}

std::int32_t Vocabulary::find(const ExternalId& id) const {
  if (const auto* number = std::get_if<std::int64_t>(&id)) return find(*number);
  return find(std::string_view(std::get<std::string>(id)));
}

std::int32_t Vocabulary::find(std::int64_t id) const {
  if (size_ == 0) return kUnknown;
  if (text_) return find(std::string_view(std::to_string(id)));
  if (direct_) {
    const std::uint64_t at = distance(id, base_);
    return at < table_.size() ? table_[at] : kUnknown;
  }
  return probe(hash_number(id), id,
               [&](std::size_t i, std::int64_t wanted) { return numbers_[i] == wanted; });
}

std::int32_t Vocabulary::find(std::string_view id) const {
  if (size_ == 0) return kUnknown;
  if (!text_) {
    const auto number = parse_int(id);
    return number && std::to_string(*number) == id ? find(*number) : kUnknown;
  }
  return probe(hash_bytes(id), id,
               [&](std::size_t i, std::string_view wanted) { return texts_[i] == wanted; });
}

Status Vocabulary::save(ArtifactWriter& writer, const std::string& name) const {
  return save_ids(writer, name, to_id_list(*this));
}

Result<Vocabulary> Vocabulary::load(const Artifact& artifact, const std::string& name) {
  CROSSFADE_ASSIGN_OR_RETURN(IdList ids, load_ids(artifact, name));
  auto loaded = to_vocabulary(std::move(ids));
  if (!loaded.ok()) return loaded.status().at(artifact.path_of(name));
  return loaded;
}

}  // namespace crossfade
