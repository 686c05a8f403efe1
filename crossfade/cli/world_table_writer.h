// WorldTableWriter: a table of a world, block by block, into the file it is published as: Parquet,
// or CSV; catalogues of tracks also as botify's services read them, one JSON object per line.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "crossfade/base/context.h"
#include "crossfade/base/file.h"
#include "crossfade/data/table.h"
#include "crossfade/io/parquet_writer.h"
#include "crossfade/synth/world.h"

namespace crossfade {

class WorldTableWriter {
 public:
  // `path` is the file; `lines_path`, if not empty, gets the JSON lines.
  WorldTableWriter(const TableInfo& info, std::string path, std::string lines_path)
      : comma_text_(info.comma_text), path_(std::move(path)), lines_path_(std::move(lines_path)) {}

  Status write(const Table& block, Context& context);
  // After the last block, of which there is at least one.
  Status close();
  std::int64_t rows() const { return rows_; }

 private:
  Status open(const Table& first);

  bool comma_text_;
  std::string path_, lines_path_;
  std::optional<ParquetWriter> parquet_;
  std::optional<FileWriter> text_, lines_;
  std::int64_t rows_ = 0;
};

// A block as lines of CSV (RFC 4180), without a header.
std::string comma_lines(const Table& block);
// A block as JSON objects, a member per column, one per line.
std::string object_lines(const Table& block);

}  // namespace crossfade
