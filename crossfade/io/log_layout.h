// log_layout: do the files of a log fit each other, and what do their partitions add?
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "crossfade/base/status.h"
#include "crossfade/data/table.h"
#include "crossfade/io/log_inputs.h"
#include "crossfade/io/schema.h"
#include "crossfade/io/table_stream.h"

namespace crossfade {

// What kind of thing each column of a schema is in one file: "numbers", "text", "times", "lists".
// "" where a partition is Hive's null: the other files say what the column is; "nothing" where a
// column that may be missing is.
struct ColumnLayout {
  std::string name, holds;
  std::string file;  // that says so
};
using LogLayout = std::vector<ColumnLayout>;  // in the order of columns_of()

// The columns of the schema that come from the file, with the types they are wanted in; those that
// only the path names are left to add_partitions().
std::vector<WantedColumn> wanted_columns(const LogSchema& schema, const LogInput& input,
                                         const TableStream& stream);

// Whether a file has the column, or its path does.
bool has_column(const LogInput& input, const TableStream& stream, const std::string& name);
// A file that has the column, or "".
std::string file_of(const LogLayout& layout, const std::string& name);

// Of the file's columns and of its partitions.
Result<LogLayout> layout_of(const LogSchema& schema, const LogInput& input, const Table& columns);
// Adds to what is known of the files so far. Errors (data invalid) name two files and the column
// that is another thing in each.
Status join_layout(LogLayout& known, const LogLayout& other);

// Every file has the same partition columns among those that the schema names.
Status check_partitions(const LogSchema& schema, const std::vector<LogInput>& inputs);
// Puts a column of one value beside the `rows` rows for every partition that the schema names and
// the table lacks. A value that is an integer, or a day or time (ISO 8601), is one.
void add_partitions(const LogSchema& schema, const LogInput& input, std::int64_t rows,
                    Table& table);

}  // namespace crossfade
