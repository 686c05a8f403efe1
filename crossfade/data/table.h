// Table: named columns of equal length, the plain form in which files are read and written.
//
// io/ turns Parquet and CSV into Tables and back; synth/, bundle/ and events/ hand on Tables
// without knowing what a file is. A null is marked beside the values, so that values stay flat.
// Columns of lists (a track's artists, its vector) are flat as well: data/lists.h.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "crossfade/base/status.h"
#include "crossfade/data/lists.h"

namespace crossfade {

struct Column {
  // What the numbers mean outside: kTimestamp is int64 nanoseconds since 1970, UTC.
  enum class Meaning { kPlain, kTimestamp };
  using Values = std::variant<std::vector<std::int32_t>, std::vector<std::int64_t>,
                              std::vector<float>, std::vector<double>, std::vector<std::string>,
                              Lists<std::int64_t>, Lists<float>, Lists<std::string>>;

  std::string name;
  Values values;
  Meaning meaning = Meaning::kPlain;
  std::vector<std::uint8_t> nulls = {};  // 1 where the value is missing; empty if none is

  bool is_null(std::size_t row) const { return !nulls.empty() && nulls[row] != 0; }
  std::size_t size() const;
};

struct Table {
  std::vector<Column> columns;

  std::size_t num_rows() const { return columns.empty() ? 0 : columns[0].size(); }
  const Column* find(const std::string& name) const;
  // Equal lengths (of nulls too), distinct names, timestamps in int64, offsets of lists that rise
  // from 0 to the number of their values; else data invalid.
  Status check() const;
};

// Puts the rows of `more` behind those of `column`, which are of the same type; nulls too.
void append_rows(Column& column, const Column& more);

// Keeps the rows whose mark is not 0, in place; one mark per row.
void keep_rows(Column& column, const std::vector<std::uint8_t>& marks);

}  // namespace crossfade
