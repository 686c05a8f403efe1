// Artists and genres of a small catalogue, some without names.
#include "crossfade/data/exploration/explore_labels.h"

#include <gtest/gtest.h>

#include "crossfade/data/exploration/explore_popularity.h"
#include "crossfade/data/test_log.h"

namespace crossfade {
namespace {

// Items 0, 1, 2 (ids 10, 11, 12): genres rock; rock and jazz; none. Genre 9 has no name.
Dataset catalogue() {
  const Dataset plain =
      make_dataset({{1, 10, 1}, {1, 11, 2}, {1, 10, 3}, {2, 11, 1}, {3, 12, 1}, {2, 11, 2}});
  Domain domain = plain.domains()[0];
  LabelAttribute genres;
  genres.offsets = std::vector<std::int64_t>{0, 1, 4, 4};
  genres.codes = std::vector<std::int32_t>{0, 0, 1, 1};  // jazz twice
  genres.labels = StringArray({"5", "9"});
  genres.names = StringArray({"rock", ""});
  domain.about.attributes.push_back({"genres", genres});
  domain.about.attributes.push_back({"name", TextAttribute{StringArray({"Ёлка", "", "Blue"})}});
  return {plain.users(), {domain}};
}

TEST(ExploreLabels, EventsUsersAndItemsOfALabel) {
  TestContext run;
  const Dataset dataset = catalogue();
  const Domain& domain = dataset.domains()[0];
  const auto events = explore_popularity(domain, 3, run.threads).events_of_item;
  const std::vector<LabelExploration> found = explore_labels(domain, events, 5, run.threads);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].attribute, "genres");
  EXPECT_EQ(found[0].labels, 2);
  EXPECT_EQ(found[0].labels_unnamed, 1);
  EXPECT_EQ(found[0].items_labelled, 2);
  ASSERT_EQ(found[0].top.size(), 2u);
  EXPECT_EQ(found[0].top[0].name, "rock");
  EXPECT_EQ(found[0].top[0].events, 5);
  EXPECT_EQ(found[0].top[0].users, 2);
  EXPECT_EQ(found[0].top[0].items, 2);
  EXPECT_EQ(found[0].top[1].name, "9");
  EXPECT_EQ(found[0].top[1].events, 3);
}

TEST(ExploreLabels, NamesOfItems) {
  const Dataset dataset = catalogue();
  const Domain& domain = dataset.domains()[0];
  EXPECT_EQ(item_name(domain, 0), "Ёлка");
  EXPECT_EQ(item_name(domain, 1), "11");
  EXPECT_TRUE(has_name(domain, 2));
  EXPECT_FALSE(has_name(domain, 1));
}

}  // namespace
}  // namespace crossfade
