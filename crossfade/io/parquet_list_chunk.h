// parquet_list_chunk: decodes a column of lists of one row group.
//
// Source: Melnik et al., Dremel (VLDB 2010), repetition and definition levels, with lists one level
// deep. A repetition level of 0 begins a row, 1 goes on with its list.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>

#include "crossfade/base/status.h"
#include "crossfade/data/table.h"
#include "crossfade/io/parquet_file.h"

namespace crossfade {

struct ListChunk {
  Column part;  // the lists of this row group; missing ones are empty and marked
  // Nulls inside lists of whole numbers or text, which were left out. In a list of floats a null is
  // a NaN, because there the place counts.
  std::int64_t missing_elements = 0;
};

// The sentence for a report about them, for every reader the same.
std::string missing_elements_note(const std::string& column, std::int64_t count);

// An empty column of the type that lists of this kind are read into.
Column::Values make_lists(ValueKind kind);

// Decodes the chunk, whose pages hold `num_values` values (ParquetFile::scan). Memory grows with
// what is decoded. Safe from several threads for different chunks. Errors: a damaged page, levels
// that contradict the rows, an unsigned value beyond 63 bits (all data invalid), `stop`.
Result<ListChunk> read_list_chunk(const ParquetFile& file, int row_group,
                                  const ParquetColumn& column, std::int64_t num_values,
                                  const std::atomic<bool>& stop);

}  // namespace crossfade
