// Catalogue and taste: distributions sum to one, and users' tastes are shared as strength says.
#include "crossfade/synth/catalogue.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "crossfade/synth/taste.h"

namespace crossfade {
namespace {

constexpr std::uint64_t kSeed = 11;

CatalogueShape small_shape() {
  CatalogueShape shape;
  shape.items = 2000;
  shape.tastes = 20;
  return shape;
}

TEST(Catalogue, EveryListIsADistributionAndAgreesWithTheItems) {
  ThreadPool threads(2);
  const Catalogue catalogue(small_shape(), kSeed, 1, threads);
  EXPECT_EQ(catalogue.num_items(), 2000);
  EXPECT_EQ(catalogue.lists().num_lists(), 20 + catalogue.num_artists() + 1);
  for (std::int32_t list = 0; list < catalogue.lists().num_lists(); ++list) {
    const auto items = catalogue.lists().items(list);
    ASSERT_FALSE(items.empty()) << list;
    double total = 0;
    for (std::size_t row = 0; row < items.size(); ++row) {
      total += catalogue.probability(list, items[row]);
      EXPECT_FLOAT_EQ(catalogue.lists().probabilities(list)[row],
                      static_cast<float>(catalogue.probability(list, items[row])));
    }
    EXPECT_NEAR(total, 1, 1e-5) << list;
  }
}

TEST(Catalogue, ArtistsHaveAboutTheMeanNumberOfItemsAndOneTaste) {
  ThreadPool threads(1);
  CatalogueShape shape = small_shape();
  shape.items = 50000;
  const Catalogue catalogue(shape, kSeed, 1, threads);
  EXPECT_NEAR(50000.0 / catalogue.num_artists(), 5.75, 0.6);
  for (std::int32_t i = 1; i < 50000; ++i)
    if (catalogue.item(i).artist == catalogue.item(i - 1).artist) {
      ASSERT_EQ(catalogue.item(i).taste, catalogue.item(i - 1).taste);
    }
}

TEST(Catalogue, AsManyItemsAsTastesIsEnough) {
  ThreadPool threads(1);
  CatalogueShape shape = small_shape();
  shape.items = 20;
  const Catalogue catalogue(shape, kSeed, 1, threads);
  for (std::int32_t taste = 0; taste < 20; ++taste)
    EXPECT_GE(catalogue.lists().size(catalogue.taste_list(taste)), 1);
}

TEST(Catalogue, TasteSharesFallAndEndAtOne) {
  const std::vector<double> shares = taste_shares(3);  // 1/sqrt(2), 1/sqrt(3), 1/2
  EXPECT_NEAR(shares[0], 0.39626, 1e-5);
  EXPECT_NEAR(shares[1], 0.71980, 1e-5);
  EXPECT_DOUBLE_EQ(shares[2], 1);
  EXPECT_EQ(taste_at(shares, 0), 0);
  EXPECT_EQ(taste_at(shares, 0.5), 1);
  EXPECT_EQ(taste_at(shares, 0.999), 2);
}

class TasteTest : public testing::Test {
 protected:
  Taste taste(double strength, std::int64_t user, int domain) const {
    TasteShape shape;
    shape.strength = strength;
    return Taste(shape, domain == 1 ? first_ : second_, shares_, kSeed, user, domain);
  }
  // Of a user's taste for clusters, the part that both domains have in common: the sum of the
  // smaller of both weights, over the 70% that go to clusters.
  double common(double strength, std::int64_t user) const {
    const Taste a = taste(strength, user, 1), b = taste(strength, user, 2);
    double total = 0;
    for (const auto& x : a.parts())
      for (const auto& y : b.parts())
        if (x.list == y.list && x.list < 20) total += std::min(x.weight, y.weight);
    return total / 0.7;
  }

  ThreadPool threads_{1};
  Catalogue first_{small_shape(), kSeed, 1, threads_}, second_{small_shape(), kSeed, 2, threads_};
  std::vector<double> shares_ = taste_shares(20);
};

TEST_F(TasteTest, WeightsSumToOneOverDistinctLists) {
  for (std::int64_t user = 0; user < 300; ++user) {
    const Taste own = taste(0.7, user, 1);
    double total = 0;
    std::vector<std::int32_t> lists;
    for (const auto& part : own.parts()) {
      total += part.weight;
      lists.push_back(part.list);
    }
    EXPECT_NEAR(total, 1, 1e-12);
    std::sort(lists.begin(), lists.end());
    EXPECT_EQ(std::adjacent_find(lists.begin(), lists.end()), lists.end());
    double items = 0;
    for (std::int32_t i = 0; i < 2000; ++i) items += own.probability(first_, i, 0.5);
    EXPECT_NEAR(items, 1, 1e-5);
  }
}

TEST_F(TasteTest, StrengthIsTheShareThatDomainsHaveInCommon) {
  double none = 0, half = 0, all = 0;
  for (std::int64_t user = 0; user < 500; ++user) {
    none += common(0, user) / 500;
    half += common(0.5, user) / 500;
    all += common(1, user) / 500;
  }
  EXPECT_NEAR(all, 1, 1e-9);
  EXPECT_GT(half, 0.5);
  EXPECT_LT(half, 0.75);
  // Two tastes drawn independently meet by chance only.
  double strangers = 0;
  for (std::int64_t user = 0; user < 500; ++user) {
    const Taste a = taste(0, user, 1), b = taste(0, user + 1000, 2);
    for (const auto& x : a.parts())
      for (const auto& y : b.parts())
        if (x.list == y.list && x.list < 20) strangers += std::min(x.weight, y.weight) / 0.7 / 500;
  }
  EXPECT_NEAR(none, strangers, 0.03);
}

}  // namespace
}  // namespace crossfade
