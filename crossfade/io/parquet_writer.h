// Writes Parquet: whole Tables, or a stream of blocks of rows.
//
// The file is written beside its final name and renamed when complete, so that a full disk, an
// error or Ctrl-C leaves nothing under that name. Pages carry checksums (CRC-32) and are compressed
// with zstd level 1; row groups hold about a million rows, and the columns of a group are encoded
// on the caller's threads. The same rows give the same bytes for any number of threads.
//
// Column types: int32, int64, float, double, UTF-8 strings, lists of int64, float and strings; a
// kTimestamp column becomes timestamp[ns, UTC]. Columns without nulls are REQUIRED, the others
// OPTIONAL; elements of lists are REQUIRED.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "crossfade/base/context.h"
#include "crossfade/base/status.h"
#include "crossfade/data/table.h"

namespace crossfade {

constexpr std::int64_t kDefaultRowGroupRows = 1 << 20;

// A block of one column, owned by the caller. Strings may be given as views, so that a name which
// repeats in every row is not copied.
struct ColumnView {
  using Values = std::variant<std::span<const std::int32_t>, std::span<const std::int64_t>,
                              std::span<const float>, std::span<const double>,
                              std::span<const std::string>, std::span<const std::string_view>,
                              ListSpans<std::int64_t>, ListSpans<float>, ListSpans<std::string>>;
  std::string name;
  Values values;
  Column::Meaning meaning = Column::Meaning::kPlain;
  std::span<const std::uint8_t> nulls;  // as Column::nulls

  std::size_t size() const;
  // The same of rows [first, first + count).
  ColumnView slice(std::size_t first, std::size_t count) const;
};

ColumnView view_of(const Column& column);

class ParquetWriter {
 public:
  // `columns` shows names, types and meanings; its values are not written. `nullable` columns may
  // hold nulls. Errors: `path` exists (usage), cannot be written.
  static Result<ParquetWriter> create(const std::string& path,
                                      const std::vector<ColumnView>& columns,
                                      const std::vector<bool>& nullable);
  // Without close() everything written is removed again.
  ~ParquetWriter();
  ParquetWriter(ParquetWriter&&) noexcept;
  ParquetWriter& operator=(ParquetWriter&&) noexcept;

  // Writes the block as one row group. Columns as in create(), all of one length.
  Status write(const std::vector<ColumnView>& columns, Context& context);
  // Writes the footer, waits for the disk and gives the file its name.
  Status close();

 private:
  struct State;
  explicit ParquetWriter(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

struct ParquetWriteOptions {
  std::int64_t row_group_rows = kDefaultRowGroupRows;
};

Status write_parquet(const Table& table, const std::string& path, Context& context,
                     const ParquetWriteOptions& options = {});

}  // namespace crossfade
