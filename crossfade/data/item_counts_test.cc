// Counts against counting with maps, with the store's transpose and without.
#include "crossfade/data/item_counts.h"

#include <gmock/gmock.h>

#include <map>
#include <set>

#include "crossfade/data/test_log.h"

namespace crossfade {
namespace {

TEST(ItemCounts, AgreeWithMaps) {
  TestContext run(3);
  const Dataset dataset = *build_dataset(Dataset(), "music", random_log(20'000, 5), run);
  Domain domain = dataset.domains()[0];
  std::map<std::pair<ItemIndex, UserIndex>, std::int32_t> expected;
  for (UserIndex user = 0; user < dataset.num_users(); ++user)
    for (const ItemIndex item : domain.history(user).items) ++expected[{item, user}];
  const ItemMajor transpose = item_major(domain, domain.items.size(), run.threads);
  for (const bool stored : {false, true}) {
    domain.item_offsets = stored ? transpose.offsets : Array<std::int64_t>();
    domain.item_user = stored ? transpose.users : Array<UserIndex>();
    const PairCounts pairs = count_pairs(domain, run.threads);
    const ItemCounts items = count_plays(domain, run.threads);
    std::map<std::pair<ItemIndex, UserIndex>, std::int32_t> found;
    for (ItemIndex item = 0; item < domain.items.size(); ++item) {
      const auto i = static_cast<std::size_t>(item);
      std::int64_t plays = 0;
      for (auto row = static_cast<std::size_t>(pairs.offsets[i]);
           row < static_cast<std::size_t>(pairs.offsets[i + 1]); ++row) {
        found[{item, pairs.users[row]}] = pairs.counts[row];
        plays += pairs.counts[row];
      }
      EXPECT_EQ(items.plays[i], plays);
      EXPECT_EQ(items.users[i], pairs.offsets[i + 1] - pairs.offsets[i]);
    }
    EXPECT_EQ(found, expected);
  }
}

}  // namespace
}  // namespace crossfade
