// Vocabulary: the external ids of one kind (users, or one domain's items) and their dense indices.
//
// All ids of a vocabulary are 64-bit integers, or all are strings. Index i is the i-th distinct id
// in the order of first appearance. The ids themselves can be mapped from a file; lookups go
// through a table of indices that is built when the vocabulary is made or loaded (one pass over the
// ids; 8 to 16 bytes per id). Numbers that lie close together index the table directly; other ids
// are hashed, with open addressing, and compared in full, so collisions cannot confuse two. Copies
// share everything; all reading members are safe from several threads.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "crossfade/base/array.h"
#include "crossfade/base/artifact.h"
#include "crossfade/data/ids.h"

namespace crossfade {

// A column of external ids as it came from a file.
using IdColumn = std::variant<std::vector<std::int64_t>, std::vector<std::string>>;
std::size_t size_of(const IdColumn& ids);

class Vocabulary {
 public:
  Vocabulary() = default;
  // Distinct ids in index order. A duplicate is our own mistake (a check dies).
  explicit Vocabulary(Array<std::int64_t> ids);
  explicit Vocabulary(StringArray ids);
  // The same for ids that come from a file, where a duplicate is data invalid.
  static Result<Vocabulary> checked(Array<std::int64_t> ids);
  static Result<Vocabulary> checked(StringArray ids);

  bool is_text() const { return text_; }
  std::int32_t size() const { return size_; }
  // Requires 0 <= index < size().
  ExternalId id(std::int32_t index) const;
  std::string id_text(std::int32_t index) const;
  // kUnknown if there is no such id. A number and its decimal text ("7", not "07" or "+7") name the
  // same id.
  std::int32_t find(const ExternalId& id) const;
  std::int32_t find(std::int64_t id) const;
  std::int32_t find(std::string_view id) const;

  const Array<std::int64_t>& numbers() const { return numbers_; }
  const StringArray& texts() const { return texts_; }

  // Writes NAME.numbers.npy, or NAME.offsets.npy and NAME.bytes.npy; reads them back (data invalid,
  // naming the file: missing or damaged columns, an id that comes twice).
  Status save(ArtifactWriter& writer, const std::string& name) const;
  static Result<Vocabulary> load(const Artifact& artifact, const std::string& name);

 private:
  void assign(Array<std::int64_t> ids);
  void assign(StringArray ids);
  template <class Ids>
  static Result<Vocabulary> make_checked(Ids ids);
  bool build_table();  // false if an id comes twice
  template <class Key, class Same>
  std::int32_t probe(std::uint64_t hash, const Key& key, const Same& same) const;

  bool text_ = false;
  std::int32_t size_ = 0;
  Array<std::int64_t> numbers_;
  StringArray texts_;
  // Direct: the index of number base_ + i at i. Hashed: a power of two of slots, at most half full.
  bool direct_ = false;
  std::int64_t base_ = 0;
  Array<std::int32_t> table_;  // kUnknown where empty
};

// Gives each id of a column its index, adding new ones at the end of what `start` holds in the
// order of first appearance (encode_ids.cc). An empty `start` takes the column's type. Linear, and
// no allocation per row. Errors (data invalid): the column's type is not the vocabulary's; more
// than 2^31 - 1 distinct ids.
struct Encoded {
  Vocabulary vocabulary;
  std::vector<std::int32_t> indices;  // one per row of the column
};
Result<Encoded> encode_ids(const Vocabulary& start, const IdColumn& ids);

}  // namespace crossfade
