// Dataset: lookups, histories, fingerprints and every broken invariant.
#include "crossfade/data/dataset.h"

#include <gmock/gmock.h>

#include <limits>

#include "crossfade/data/test_log.h"

namespace crossfade {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Dataset two_domains() {
  TestContext run;
  return *build_dataset(make_dataset({{1, 10, 5}, {2, 11, 4}, {1, 11, 6}}), "shop",
                        make_log({{3, 90, 1, 2}}), run);
}

TEST(DatasetTest, HistoriesOfAllDomains) {
  const Dataset d = two_domains();
  const DatasetUser user(d, 0);
  const UserView view = user.view();
  EXPECT_EQ(view.user, 0);
  ASSERT_EQ(view.by_domain.size(), 2U);
  EXPECT_THAT(view.by_domain[0].items, ElementsAre(0, 1));
  EXPECT_THAT(view.by_domain[0].time_ns, ElementsAre(5, 6));
  EXPECT_TRUE(view.by_domain[1].empty());
  EXPECT_THAT(d.domains()[1].history(2).weights, ElementsAre(2));
}

TEST(DatasetTest, ViewsOfManyUsers) {
  const Dataset d = two_domains();
  const std::vector<UserIndex> wanted{2, kUnknown, 0};
  const DatasetUsers users(d, wanted);
  ASSERT_EQ(users.views().size(), 3U);
  EXPECT_EQ(users.views()[0].user, 2);
  EXPECT_THAT(users.views()[0].by_domain[1].items, ElementsAre(0));
  EXPECT_TRUE(users.views()[1].by_domain[0].empty());
  EXPECT_THAT(users.views()[2].by_domain[0].items, ElementsAre(0, 1));
}

TEST(DatasetTest, UsersItDoesNotHaveHaveNoHistory) {
  const Dataset d = two_domains();
  EXPECT_TRUE(d.domains()[0].history(kUnknown).empty());
  EXPECT_TRUE(d.domains()[0].history(3).empty());
  EXPECT_TRUE(Domain().history(0).empty());
}

TEST(DatasetTest, FindsDomains) {
  const Dataset d = two_domains();
  EXPECT_EQ(*d.find_domain("shop"), 1U);
  EXPECT_THAT(d.find_domain("shp").status().message(), HasSubstr("shop"));
  EXPECT_THAT(d.find_domain("").status().message(), HasSubstr("several domains (music, shop)"));
  EXPECT_EQ(*make_dataset({}).find_domain(""), 0U);
  EXPECT_THAT(Dataset().find_domain("").status().message(), HasSubstr("has no domain"));
}

TEST(DatasetTest, FingerprintIsOfTheContent) {
  const std::string print = two_domains().fingerprint();
  EXPECT_EQ(two_domains().fingerprint(), print);
  EXPECT_EQ(print.size(), 64U);
  TestContext run;
  const Dataset base = make_dataset({{1, 10, 5}, {2, 11, 4}, {1, 11, 6}});
  const auto variant = [&](const std::string& name, const TestRow& row) {
    return build_dataset(base, name, make_log({row}), run)->fingerprint();
  };
  EXPECT_EQ(variant("shop", {3, 90, 1, 2}), print);
  EXPECT_NE(variant("store", {3, 90, 1, 2}), print);
  EXPECT_NE(variant("shop", {4, 90, 1, 2}), print);
  EXPECT_NE(variant("shop", {3, 91, 1, 2}), print);
  EXPECT_NE(variant("shop", {3, 90, 2, 2}), print);
  EXPECT_NE(variant("shop", {3, 90, 1, 1}), print);
}

TEST(DatasetTest, ShorterOffsetsAreExtended) {
  const Vocabulary users(Array<std::int64_t>(std::vector<std::int64_t>{1, 2}));
  Domain domain;
  domain.name = "music";
  const Dataset d(users, {domain});
  EXPECT_THAT(d.domains()[0].offsets, ElementsAre(0, 0, 0));
  EXPECT_TRUE(d.check().ok());
}

std::string error_after(void (*damage)(Domain&)) {
  const Dataset d = make_dataset({{1, 10, 5}, {2, 11, 4}, {1, 11, 6}});
  std::vector<Domain> domains = d.domains();
  damage(domains[0]);
  return Dataset(d.users(), domains).check().message();
}

TEST(DatasetTest, BrokenInvariantsAreNamed) {
  using Longs = std::vector<std::int64_t>;
  EXPECT_EQ(error_after([](Domain&) {}), "");
  EXPECT_THAT(error_after([](Domain& d) {
                d.offsets = Longs{0, 1, 2, 3};
              }),
              HasSubstr("domain 'music' has offsets for 4 places and 2 users"));
  EXPECT_THAT(error_after([](Domain& d) {
                d.offsets = Longs{0, 2, 2};
              }),
              HasSubstr("do not span its 3 rows"));
  EXPECT_THAT(error_after([](Domain& d) { d.offsets = Longs{1, 2, 3}; }), HasSubstr("span"));
  EXPECT_THAT(error_after([](Domain& d) { d.offsets = Longs{0, 4, 3}; }), HasSubstr("fall"));
  EXPECT_THAT(error_after([](Domain& d) { d.weight = std::vector<float>{1}; }),
              HasSubstr("different lengths"));
  EXPECT_THAT(error_after([](Domain& d) { d.session = Longs{1}; }), HasSubstr("lengths"));
  EXPECT_THAT(error_after([](Domain& d) {
                d.item = std::vector<ItemIndex>{0, 1, 2};
              }),
              HasSubstr("item index 2 of 2 in row 2"));
  EXPECT_THAT(error_after([](Domain& d) {
                d.item = std::vector<ItemIndex>{0, -1, 0};
              }),
              HasSubstr("item index -1"));
  EXPECT_THAT(error_after([](Domain& d) {
                d.weight = std::vector<float>{1, std::numeric_limits<float>::quiet_NaN(), 1};
              }),
              HasSubstr("not finite in row 1"));
  EXPECT_THAT(error_after([](Domain& d) {
                d.time_ns = Longs{6, 5, 4};
              }),
              HasSubstr("times that fall in the history of user index 0"));
}

TEST(DatasetTest, DomainsHaveDistinctNames) {
  const Dataset d = make_dataset({{1, 10, 5}});
  const Dataset twice(d.users(), {d.domains()[0], d.domains()[0]});
  EXPECT_THAT(twice.check().message(), HasSubstr("domain 'music' is there twice"));
}

}  // namespace
}  // namespace crossfade
