// Popular rankings worked out by hand.
#include "crossfade/bundle/popular_ranking.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace crossfade {
namespace {

using testing::ElementsAre;

// Four items; user 0 has item 2 twice, users 1 and 2 have item 1, user 2 has item 2.
Dataset make_dataset() {
  Domain domain;
  domain.name = "music";
  domain.items = Vocabulary(Array<std::int64_t>(std::vector<std::int64_t>{10, 11, 12, 13}));
  domain.offsets = std::vector<std::int64_t>{0, 3, 4, 6};
  domain.item = std::vector<ItemIndex>{2, 2, 0, 1, 1, 2};
  domain.weight = std::vector<float>(6, 1.0f);
  return {Vocabulary(Array<std::int64_t>(std::vector<std::int64_t>{1, 2, 3})), {domain}};
}

class ByIndex final : public Model {
 public:
  std::string_view name() const override { return "popular"; }
  const std::string& domain() const override { return domain_; }
  std::int64_t num_items() const override { return 3; }
  // Items 2 and 1, whatever is asked.
  std::vector<ScoredItem> recommend(const UserView&, std::size_t,
                                    const RecommendOptions& options) const override {
    EXPECT_EQ(options.k, 4);
    EXPECT_TRUE(options.keep_seen);
    return {{2, 5}, {1, -1}};
  }
  Status save(ArtifactWriter&) const override { return ok_status(); }

 private:
  std::string domain_ = "music";
};

TEST(PopularRanking, CountsUsersOncePerItemAndBreaksTiesByIndex) {
  const auto ranking = rank_popular(make_dataset(), 0, nullptr, 4);
  EXPECT_THAT(ranking.items, ElementsAre(1, 2, 0, 3));
  EXPECT_THAT(ranking.scores, ElementsAre(2, 2, 1, 0));
}

TEST(PopularRanking, FollowsTheModelAndAddsWhatItLeavesOut) {
  const auto ranking = rank_popular(make_dataset(), 0, std::make_unique<ByIndex>().get(), 6);
  EXPECT_THAT(ranking.items, ElementsAre(2, 1, 0, 3, 4, 5));
  EXPECT_THAT(ranking.scores, ElementsAre(5, -1, -1, -1, -1, -1));
}

}  // namespace
}  // namespace crossfade
