// EvalJoin: files name users and items by external ids; here they meet under common indices.
//
// The truth and any number of recommendation files are added one after the other; all share the ids
// of the train part (if there is one) and extend them. Ids are encoded once per column
// (data/vocabulary.h); rows that already stand by user and in order, as a recommender writes them,
// are only cut into lists; others go through a counting sort by user and a sort of each list.
// Linear but for the latter. Not safe from several threads; the work inside is spread over the
// pool.
#pragma once

#include <string>

#include "crossfade/base/status.h"
#include "crossfade/base/thread_pool.h"
#include "crossfade/data/dataset.h"
#include "crossfade/data/table.h"
#include "crossfade/evaluation/ranked_lists.h"
#include "crossfade/evaluation/truth.h"

namespace crossfade {

struct EvalColumns {
  std::string user = "user_id", item = "item_id";
  // The order within a user's list: by rising rank if the table has that column, else by falling
  // score if it has that one, else the order of the rows. Equal scores keep the order of the rows.
  std::string rank = "rank", score = "score";
};

class EvalJoin {
 public:
  EvalJoin() = default;
  // Starts with the ids of a train part. The vocabularies are shared, not copied.
  EvalJoin(Vocabulary users, Vocabulary items)
      : users_(std::move(users)), items_(std::move(items)) {}

  // Both take the table over. Errors (data invalid; rows count from 1): a column that is missing or
  // of another type, an id without a value, a rank or score without a value or not a number, a rank
  // below 1 or twice for a user, ids that are text in one file and numbers in another.
  Result<Truth> truth(Table table, const EvalColumns& columns, ThreadPool& threads);
  Result<RankedLists> lists(Table table, const EvalColumns& columns, ThreadPool& threads);

  const Vocabulary& users() const { return users_; }
  const Vocabulary& items() const { return items_; }

 private:
  struct Pairs {
    std::vector<std::int32_t> users, items;
  };
  Result<Pairs> encode(Table& table, const EvalColumns& columns);

  Vocabulary users_, items_;
};

}  // namespace crossfade
