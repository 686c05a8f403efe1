// side_tables: files about items (attributes, names, vectors), and about users (attributes), become
// an ItemTable.
//
// The rows find their items by id, in the vocabulary that the log made; rows of other items are
// counted and left out. Files are read some rows at a time (table_stream.h), so a table may be a
// whole log: megamarket.parquet with its category_id and price gives the last known of each item.
#pragma once

#include <string>
#include <vector>

#include "crossfade/base/context.h"
#include "crossfade/base/status.h"
#include "crossfade/data/import_report.h"
#include "crossfade/data/item_table.h"
#include "crossfade/data/vocabulary.h"

namespace crossfade {

struct SideTables {
  std::string items = "";    // attributes: see item_columns.h
  std::string names = "";    // id, name, and where there is one the type of what is named
  std::string vectors = "";  // a column of lists of floats
  // Which columns of `items` are taken; {}: all but the id and vectors.
  std::vector<std::string> columns = {};
  // The column of the item's id in `items` and `vectors`; "": the first of item_id, track_id,
  // movie_id, movieId, itemid, product_id, id that is there.
  std::string item_column = "";
  // What `names` calls an item; "": the first of item, track, movie, product that is there.
  std::string item_type = "";
  // "": the only column of lists of floats.
  std::string vector_column = "";

  std::string users = "";  // attributes of users, as those of items
  std::vector<std::string> user_columns = {};
  // The column of the user's id in `users`; "": the first of user_id, userId, userid, visitorid,
  // id.
  std::string user_column = "";

  bool about_items() const { return !(items.empty() && names.empty() && vectors.empty()); }
  bool empty() const { return !about_items() && users.empty(); }
};

struct SideTablesRead {
  ItemTable about;
  std::vector<ImportReport> reports;  // one per file, in the order items, names, vectors
};

// What can be told before there are items: the files are there and have a column of ids. Errors:
// those of read_side_tables() that this shows.
Status check_side_tables(const SideTables& tables, Context& context);

// Reads what is given. `known` is what the domain has already: names also go to its labels, whose
// attributes are then part of the result. Errors (data invalid, naming the file): no column of ids,
// no row of an item of the log, no vector that is whole.
Result<SideTablesRead> read_side_tables(const SideTables& tables, const Vocabulary& items,
                                        const ItemTable& known, Context& context);

// The same of `tables.users`, whose rows find their users in the vocabulary of the store.
Result<SideTablesRead> read_user_table(const SideTables& tables, const Vocabulary& users,
                                       Context& context);

// The vocabulary with the items behind it that `items` and `vectors` tell of and that nobody took,
// in the order of the files. Errors: those of read_side_tables(), so also a file without any item
// of the log.
Result<Vocabulary> with_unknown_items(const SideTables& tables, const Vocabulary& items,
                                      Context& context);

// The parts, each in a file of its own (side_tables.cc, item_vectors.cc, item_names.cc).
Result<ItemVectors> read_item_vectors(const SideTables& tables, const Vocabulary& items,
                                      Context& context, ImportReport& report);
// Names of items become the text attribute "name"; names of another type T those of the labels
// called T, Ts, T_id or T_ids. What has no name is counted by type.
Status read_item_names(const SideTables& tables, const Vocabulary& items, ItemTable& about,
                       Context& context, ImportReport& report);

}  // namespace crossfade
