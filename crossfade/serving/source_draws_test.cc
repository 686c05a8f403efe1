// Sources draw as they say: what comes, how often, and with which propensity, against shares worked
// out by hand.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>

#include "crossfade/serving/recommender.h"
#include "crossfade/serving/test_flows.h"

namespace crossfade {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

struct Play {
  std::int64_t track = 0;
  double share = 1;
  std::uint8_t kind = kPlayed;
};

// What came of 4,000 moments alike.
struct Drawn {
  std::map<std::int64_t, int> counts;
  std::map<std::int64_t, double> propensities;
  std::map<std::int64_t, std::string> sources;
};

constexpr int kDraws = 4000;

// The same plays of one user, under as many seeds.
Drawn draw(const std::vector<std::string>& sources, const std::vector<Play>& plays,
           bool repeats = true, std::int64_t user = 7) {
  const Bundle bundle = *Bundle::assemble(flows_input(default_flow(sources, repeats)));
  Drawn drawn;
  for (int seed = 0; seed < kDraws; ++seed) {
    LiveOptions options;
    options.seed = seed;
    Recommender recommender(bundle, EventLog::without_file(), options);
    for (const Play& play : plays)
      EXPECT_TRUE(
          recommender
              .observe({ExternalId(user), ExternalId(play.track), "", 1, play.share, play.kind})
              .ok());
    Request request;
    request.user = ExternalId(user);
    request.k = 1;
    const auto slate = recommender.next(request);
    if (slate->items.empty()) continue;
    const SlateItem& item = slate->items[0];
    const std::int64_t track = std::get<std::int64_t>(item.item);
    const bool fresh = ++drawn.counts[track] == 1;
    EXPECT_TRUE(fresh || drawn.propensities[track] == item.propensity) << track;
    drawn.propensities[track] = item.propensity;
    drawn.sources[track] = item.source;
  }
  return drawn;
}

// Exactly these tracks with these shares: the propensities say so, and so do the counts, within
// four standard deviations.
void expect_shares(const Drawn& drawn, const std::map<std::int64_t, double>& shares) {
  for (const auto& [track, share] : shares) {
    SCOPED_TRACE("track " + std::to_string(track));
    ASSERT_TRUE(drawn.counts.contains(track));
    EXPECT_NEAR(drawn.propensities.at(track), share, 1e-12);
    EXPECT_NEAR(drawn.counts.at(track), kDraws * share,
                4 * std::sqrt(kDraws * share * (1 - share)));
  }
  EXPECT_EQ(drawn.counts.size(), shares.size());
}

std::map<std::int64_t, double> evenly(const std::vector<std::int64_t>& tracks) {
  std::map<std::int64_t, double> shares;
  for (const std::int64_t track : tracks) shares[track] = 1.0 / static_cast<double>(tracks.size());
  return shares;
}

TEST(SourceDraws, RandomIsAnyTrackAlsoTheOneJustPlayed) {
  expect_shares(draw({"random"}, {{0}}), evenly({0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}));
}

TEST(SourceDraws, RandomWithoutRepeatsIsAnyTrackThatIsLeft) {
  expect_shares(draw({"random"}, {{0}, {3}, {0}}, false), evenly({1, 2, 4, 5, 6, 7, 8, 9, 10, 11}));
  expect_shares(draw({"random"}, {{0}, {1}, {2}, {3}, {4}, {5}, {6}, {7}, {8}, {9}}, false),
                evenly({10, 11}));
}

TEST(SourceDraws, StickyArtistIsAnotherTrackOfTheArtist) {
  expect_shares(draw({"sticky_artist"}, {{9}, {2}}), evenly({0, 1, 3}));
  expect_shares(draw({"sticky_artist"}, {{6}}), evenly({6}));  // who has no other
}

TEST(SourceDraws, StickyArtistWithoutRepeatsFallsBackWhenTheArtistIsHeard) {
  expect_shares(draw({"sticky_artist"}, {{0}, {2}}, false), evenly({1, 3}));
  const Drawn drawn = draw({"sticky_artist"}, {{4}, {5}}, false);
  EXPECT_EQ(drawn.sources.begin()->second, "random") << "Bo is heard to the end";
  EXPECT_NEAR(drawn.propensities.begin()->second, 0.1, 1e-12);
}

TEST(SourceDraws, StickyMixtureIsRandomAfterASkip) {
  expect_shares(draw({"sticky_mixture"}, {{2, 0.3}}), evenly({0, 1, 3}));
  expect_shares(draw({"sticky_mixture"}, {{2, 0.29}}),
                evenly({0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}));
  expect_shares(draw({"sticky_mixture:0.6"}, {{2, 0.5}}),
                evenly({0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}));
}

TEST(SourceDraws, TopIsOneOfTheFirstK) {
  expect_shares(draw({"top:tops,3"}, {{0}}), evenly({9, 8, 7}));
  expect_shares(draw({"top:tops,1000"}, {{0}}), evenly({9, 8, 7, 6, 5}));
  expect_shares(draw({"top:tops,3"}, {{8}}, false), evenly({9, 7}));
}

TEST(SourceDraws, IndexedIsAnyPlaceOfTheUsersList) {
  expect_shares(draw({"indexed:users"}, {{0}}), {{4, 0.25}, {5, 0.5}, {6, 0.25}});
  expect_shares(draw({"indexed:users"}, {{4}}, false), {{5, 2.0 / 3}, {6, 1.0 / 3}});
  EXPECT_EQ(draw({"indexed:users"}, {{0}}, true, 9).sources.begin()->second, "random")
      << "who has no list";
}

TEST(SourceDraws, SequentialPlaysTheListThrough) {
  expect_shares(draw({"sequential:users"}, {{4}}), evenly({5}));
  expect_shares(draw({"sequential:users"}, {{6}}), evenly({5}));
  expect_shares(draw({"sequential:users"}, {{0}}), evenly({5}));  // the second, as the original
  expect_shares(draw({"sequential:users"}, {{0}}, true, 8), evenly({11}));
  expect_shares(draw({"sequential:users"}, {{5}, {4}}, false), evenly({6}));
}

TEST(SourceDraws, ContextualIsAnyOfTheListOfTheTrackJustPlayed) {
  expect_shares(draw({"contextual:near"}, {{1}, {0}}), evenly({4, 1, 5}));
  expect_shares(draw({"contextual"}, {{1}}), {{8, 2.0 / 3}, {9, 1.0 / 3}});
  EXPECT_EQ(draw({"contextual:near"}, {{3}}).sources.begin()->second, "random");
}

TEST(SourceDraws, ContextualStartIsAnyOfTheListOfTheSessionsFirstTrack) {
  expect_shares(draw({"contextual_start:near"}, {{1}, {0}, {4, 0}}), evenly({4, 6}));
  expect_shares(draw({"contextual_start:near"}, {{1}, {2, 1, kPlayedLast}, {0}, {4}}),
                evenly({4, 1, 5}));
  expect_shares(draw({"contextual_start"}, {{1}, {0}}), {{8, 2.0 / 3}, {9, 1.0 / 3}});
  EXPECT_EQ(draw({"contextual_start:near"}, {{3}, {0}}).sources.begin()->second, "random");
}

TEST(SourceDraws, ItemToItemWeighsAnchorsByTimeAndSumsThemByAnswer) {
  // 0 answers 4, which is not in the history (1 is); 1 answers 4 too; 2 has only 0, which is.
  expect_shares(draw({"i2i:near"}, {{0, 0.5}, {1, 0.25}, {2, 1}}), evenly({4}));
  // 0 answers 5 (4 and 1 are in the history), 1 answers 6, 4 has no list.
  expect_shares(draw({"i2i:near"}, {{0, 0.5}, {4, 1}, {1, 0.5}, {0, 0.25}}),
                {{5, 0.75 / 1.25}, {6, 0.5 / 1.25}});
}

TEST(SourceDraws, ItemToItemDrawsEvenlyWhereNothingWasListenedTo) {
  // The original fails here: all weights are 0.
  expect_shares(draw({"i2i:near"}, {{0, 0}, {4, 0}, {1, 0}}), evenly({5, 6}));
  // The one that was liked has no list, so the two others are all that is left.
  expect_shares(draw({"i2i:near"}, {{0, 0}, {4, 1}, {1, 0}}), evenly({5, 6}));
}

TEST(SourceDraws, ItemToItemKnowsTheNewestTenPlaysOfAnyShare) {
  // 0 was eleven plays ago; of the others only 1 has a list. A share of 1/16 is no skip here.
  std::vector<Play> plays{{0, 1}, {1, 0.0625}};
  for (int i = 0; i < 9; ++i) plays.push_back({11, 1});
  expect_shares(draw({"i2i:near"}, plays), evenly({4}));
  plays = {{0, 0.0625}, {4, 1}, {1, 0.1875}};
  expect_shares(draw({"i2i:near"}, plays), {{5, 0.25}, {6, 0.75}});
}

TEST(SourceDraws, ItemToItemFallsBackWhereNoAnchorAnswers) {
  EXPECT_EQ(draw({"i2i:near"}, {{0}, {2}}, false).sources.begin()->second, "i2i");
  EXPECT_EQ(draw({"i2i:near"}, {{3}}).sources.begin()->second, "random");
}

TEST(SourceDraws, PopularModelAndListAnswerTheirBest) {
  BundleInput input = line_input();
  Candidates lists;
  lists.users = {0};
  lists.offsets = {0, 1};
  lists.items = {6};
  lists.scores = {3};
  lists.sources = {0};
  lists.source_names = {"offline"};
  input.lists = {lists};
  const auto first = [&](const std::string& source) {
    input.flows = default_flow({source, "random"}, false);
    const Recommender recommender(*Bundle::assemble(input), EventLog::without_file());
    Request request;
    request.user = ExternalId(1);
    request.k = 1;
    const auto slate = recommender.next(request);
    const SlateItem& item = slate->items[0];
    if (item.source == "random") return item.source;
    EXPECT_EQ(item.propensity, 1);
    return to_text(item.item) + ":" + item.source;
  };
  EXPECT_EQ(first("model:line"), "102:line");
  EXPECT_EQ(first("list"), "106:list");
  EXPECT_EQ(first("popular"), "102:popular");
  EXPECT_EQ(first("top:1"), "random") << "the first of all is seen";
}

TEST(SourceDraws, SeveralPlacesAreDrawnOneByOne) {
  Recommender recommender(*Bundle::assemble(flows_input(default_flow({"top:tops,4"}, true))),
                          EventLog::without_file());
  Request request;
  request.user = ExternalId(7);
  request.k = 6;
  const auto slate = recommender.next(request);
  std::vector<double> propensities;
  for (const SlateItem& item : slate->items) propensities.push_back(item.propensity);
  EXPECT_THAT(propensities, ElementsAre(1.0 / 4, 1.0 / 3, 1.0 / 2, 1.0, 1.0 / 8, 1.0 / 7));
  std::set<ExternalId> distinct;
  for (const SlateItem& item : slate->items) distinct.insert(item.item);
  EXPECT_EQ(distinct.size(), 6u);
}

TEST(SourceDraws, HiddenItemsNeverComeAndPropensitiesKnow) {
  BundleInput input = line_input(false);
  std::vector<std::uint8_t> hidden{1, 1, 1, 1, 1, 0, 1, 0};
  input.hidden = {hidden};
  input.flows = default_flow({"top:8"}, true);
  for (int seed = 0; seed < 50; ++seed) {
    LiveOptions options;
    options.seed = seed;
    const Recommender recommender(*Bundle::assemble(input), EventLog::without_file(), options);
    Request request;
    request.user = ExternalId(1);
    request.k = 1;
    const SlateItem item = recommender.next(request)->items[0];
    EXPECT_TRUE(item.item == ExternalId(105) || item.item == ExternalId(107));
    EXPECT_EQ(item.propensity, 0.5);
    request.exclude = {ExternalId(105), ExternalId(107)};
    EXPECT_THAT(recommender.next(request)->items, IsEmpty());
  }
}

TEST(SourceDraws, NothingComesWhereEverythingIsHidden) {
  BundleInput input = line_input(false);
  input.hidden = {std::vector<std::uint8_t>(8, 1)};
  Request request;
  request.user = ExternalId(1);
  for (const bool repeats : {true, false}) {
    input.flows = default_flow({"random"}, repeats);
    const Recommender recommender(*Bundle::assemble(input), EventLog::without_file());
    EXPECT_THAT(recommender.next(request)->items, IsEmpty());
  }
}

}  // namespace
}  // namespace crossfade
