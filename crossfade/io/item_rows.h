// item_rows: whose rows the rows of a side table are.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "crossfade/base/context.h"
#include "crossfade/base/status.h"
#include "crossfade/data/import_report.h"
#include "crossfade/data/table.h"
#include "crossfade/data/vocabulary.h"
#include "crossfade/io/table_stream.h"

namespace crossfade {

// Of what a file has rows, and how a command line speaks of it.
struct RowsOf {
  std::string thing, one;          // "item", "an item"
  std::string id_option;           // --item-column
  std::string columns_option;      // --item-columns
  std::vector<std::string> usual;  // names of a column of its ids, the first that is there counts
};
const RowsOf& rows_of_items();
const RowsOf& rows_of_users();

// `said`, or the first usual name of an id that the file has. Errors (data invalid): none.
Result<std::string> find_item_column(const std::string& path, const std::vector<std::string>& names,
                                     const std::string& said, const RowsOf& of = rows_of_items());

// The column of ids, read in the type that the log's ids have: in CSV 007 is another item than 7.
WantedColumn item_id_column(const std::string& name, const Vocabulary& items);

// The items (or the users) of a file's rows, block by block, and the counting of those that are
// none.
class ItemRows {
 public:
  explicit ItemRows(const Vocabulary& items, const RowsOf& of = rows_of_items());
  // The index of each row's item; kUnknown for a row without an id, or of an item that the log does
  // not have: both are counted in the report. Errors (data invalid): ids that are no ids.
  Result<std::vector<std::int32_t>> next(const Column& ids, Context& context, ImportReport& report);
  // Items that have had a row so far.
  std::int64_t num_items() const { return num_items_; }
  // Rows beyond an item's first.
  std::int64_t num_repeats() const { return num_repeats_; }
  const RowsOf& of() const { return of_; }

 private:
  const Vocabulary& items_;
  const RowsOf& of_;
  std::vector<std::uint8_t> met_;
  std::int64_t num_items_ = 0, num_repeats_ = 0;
};

// "3 of 10 items have no WHAT", if so; and a note about repeats.
void note_coverage(const ItemRows& rows, std::int64_t num_items, const std::string& what,
                   ImportReport& report);
// "3 WHAT are not UTF-8 ..", if there are any.
void note_mended(std::int64_t count, const std::string& what, ImportReport& report);

}  // namespace crossfade
