// Encodes the test's ids behind those of train and sorts its rows by user.
#include "crossfade/data/splits/split_given.h"

#include <utility>

#include "crossfade/data/encode_column.h"
#include "crossfade/data/stable_scatter.h"

namespace crossfade {
Result<Split> with_given_test(const Dataset& train, const Table& table, Context& context) {
  if (train.domains().size() != 1)
    return usage_error("a given test needs a store with one domain; this one has " +
                       std::to_string(train.domains().size()));
  Domain known = train.domains()[0];
  CROSSFADE_ASSIGN_OR_RETURN(Encoded users, encode_column(train.users(), table, "user_id"));
  CROSSFADE_ASSIGN_OR_RETURN(Encoded items, encode_column(known.items, table, "item_id"));
  if (users.indices.empty()) return data_invalid("the given test has no rows");
  const StableScatter by_user(users.indices, users.vocabulary.size(), context.threads);
  Domain test;
  test.name = known.name;
  test.items = items.vocabulary;
  test.offsets = by_user.offsets();
  test.item = by_user.sort<ItemIndex>(items.indices);
  test.weight = std::vector<float>(items.indices.size(), 1.0F);
  if (items.vocabulary.size() > known.items.size()) {
    known.items = items.vocabulary;
    known.about = {};  // nothing is known of the new items
    known.item_offsets = {};
    known.item_user = {};
  }
  Split split;
  split.train = Dataset(users.vocabulary, {std::move(known)}, train.user_attributes());
  split.test = Dataset(users.vocabulary, {std::move(test)}, train.user_attributes());
  CROSSFADE_RETURN_IF_ERROR(context.check_stop());
  return split;
}

}  // namespace crossfade
