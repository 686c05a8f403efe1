// ParquetFile: an opened Parquet file whose structure has been checked, and what its columns are.
//
// Whatever can be wrong before the first page is decoded is found here: a file that is empty, text,
// cut off or encrypted, a footer that contradicts itself or the file's size. Columns of numbers,
// text and time are decoded, and lists of numbers and of text; the others are listed with their
// type so that an error can name it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "crossfade/base/status.h"
#include "crossfade/io/page_scan.h"

namespace parquet {
class ParquetFileReader;
}

namespace crossfade {

// How a column's values are decoded: its physical type together with its meaning.
enum class ValueKind {
  kInt32,   // int8 to int32, uint8, uint16, and decimals without fraction -> int32
  kUint32,  // -> int64
  kInt64,   // -> int64
  kUint64,  // -> int64; a value of 2^63 or more is an error
  kFloat,
  kDouble,
  kBool,  // -> int32, 0 or 1
  kText,  // UTF-8, binary, enum, JSON -> string
  kDate,  // days -> nanoseconds
  kTimestampMs,
  kTimestampUs,
  kTimestampNs,
  kTimestampInt96,  // of old Spark, Impala and Hive
  kUnsupported
};

// How the levels of a list column are read (Dremel encoding). A value's definition level says how
// far its path exists: below `present` the list is missing, below `element` it is empty, at `full`
// the element has a value, between the two it is a null.
struct ListLevels {
  std::int16_t present = 0, element = 0, full = 0;
};

struct ParquetColumn {
  std::string name;  // of the top-level field
  std::string type;  // as a person reads it: "int64", "list", "decimal(10, 2)"
  ValueKind kind = ValueKind::kUnsupported;
  bool optional = false;  // may hold nulls
  int leaf = 0;           // its place in every row group
  bool is_list = false;   // then `kind` is that of the elements
  ListLevels levels = {};
};

class ParquetFile {
 public:
  // Maps the file and reads its footer. Errors name the file: missing or unreadable (failed);
  // empty, not Parquet, cut off, encrypted, damaged (data invalid).
  static Result<ParquetFile> open(const std::string& path);
  ~ParquetFile();
  ParquetFile(ParquetFile&&) noexcept;
  ParquetFile& operator=(ParquetFile&&) noexcept;

  const std::string& path() const;
  std::int64_t num_bytes() const;
  std::int64_t num_rows() const;
  const std::vector<std::int64_t>& rows_of_groups() const;
  const std::vector<ParquetColumn>& columns() const;

  // The columns of these names in this order; all of them for {}. Errors (data invalid): a name
  // that is not there (names the nearest), that is there twice, or of an unsupported type.
  Result<std::vector<ParquetColumn>> select(const std::vector<std::string>& names) const;

  // Walks the pages of one chunk (page_scan.h). A list column has at least a value per row, others
  // exactly one. Safe from several threads.
  Result<PageScan> scan(int row_group, const ParquetColumn& column) const;
  // Arrow's reader, for parquet_chunk.cc. Row groups may be read from several threads.
  parquet::ParquetFileReader& reader() const;
  // "FILE: column 'x', row group 3", for errors.
  std::string place(int row_group, const ParquetColumn& column) const;

 private:
  struct State;
  explicit ParquetFile(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace crossfade
