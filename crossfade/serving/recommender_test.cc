// The recommender on a world small enough to work out every answer (test_world.h).
#include "crossfade/serving/recommender.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <thread>

#include "crossfade/serving/test_world.h"

namespace crossfade {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Recommender make(BundleInput input) {
  return Recommender(*Bundle::assemble(std::move(input)), EventLog::without_file());
}

Request request(std::int64_t user, std::int64_t k = 3) {
  Request made;
  made.user = ExternalId(user);
  made.k = k;
  return made;
}

Event event(std::int64_t user, std::int64_t item, double weight = 1) {
  return {ExternalId(user), ExternalId(item), "", 100, weight, 0};
}

// "107:line 106:popular"
std::string show(const std::vector<SlateItem>& items) {
  std::string text;
  for (const SlateItem& item : items)
    text += (text.empty() ? "" : " ") + to_text(item.item) + ":" + item.source;
  return text;
}
std::string ask(const Recommender& recommender, const Request& what) {
  const auto slate = recommender.recommend(what);
  return slate.ok() ? show(slate->items) : slate.status().message();
}
std::string ask_next(const Recommender& recommender, const Request& what) {
  const auto items = recommender.next(what);
  return items.ok() ? show(items->items) : items.status().message();
}

TEST(Recommender, AnswersFromTheModelForTheStoredHistory) {
  const Recommender recommender = make(line_input());
  EXPECT_EQ(ask(recommender, request(1)), "102:line 103:line 104:line");
  EXPECT_EQ(ask(recommender, request(3)), "102:line 100:line");
}

TEST(Recommender, UnknownUsersGetThePopularItems) {
  EXPECT_EQ(ask(make(line_input()), request(77)), "101:popular 100:popular 102:popular");
}

TEST(Recommender, WithoutAModelAllGetThePopularItems) {
  EXPECT_EQ(ask(make(line_input(false)), request(1)), "102:popular 103:popular 104:popular");
}

TEST(Recommender, PopularItemsFillWhatIsMissing) {
  BundleInput input = line_input();
  input.models = {line_model(input.dataset, 4)};
  EXPECT_EQ(ask(make(std::move(input)), request(1, 4)),
            "102:line 103:line 104:popular 105:popular");
}

BundleInput input_with_list() {
  BundleInput input = line_input();
  Candidates lists;
  lists.users = {0};
  lists.offsets = {0, 3};
  lists.items = {6, 0, 5};
  lists.scores = {3, 2, 1};
  lists.sources = {0, 0, 0};
  lists.source_names = {"offline"};
  input.lists = {lists};
  return input;
}

TEST(Recommender, APersonalListStandsBeforeTheModel) {
  const Recommender recommender = make(input_with_list());
  // Item 100 is seen; the model fills the third place.
  EXPECT_EQ(ask(recommender, request(1)), "106:list 105:list 102:line");
  EXPECT_EQ(ask(recommender, request(2, 1)), "100:line") << "user 2 has no list";
}

TEST(Recommender, AnEventCountsInTheNextAnswerAndPutsTheModelFirst) {
  Recommender recommender = make(input_with_list());
  ASSERT_TRUE(recommender.observe(event(1, 106, 8)).ok());
  // Near 106 by weight 8: 105 and 107 have 4 each, 104 has 2; 102 from the stored part only .75.
  EXPECT_EQ(ask(recommender, request(1)), "105:line 107:line 104:line");
  EXPECT_EQ(ask(recommender, request(2, 1)), "100:line") << "nobody else is touched";
}

TEST(Recommender, AnEventOfLittleWeightIsASkipThatIsSeen) {
  Recommender recommender = make(line_input());
  ASSERT_TRUE(recommender.observe(event(1, 106, 0.09)).ok());
  EXPECT_EQ(ask(recommender, request(1)), "102:line 103:line 104:line") << "106 says nothing";
  EXPECT_EQ(ask(recommender, request(1, 9)).find("106"), std::string::npos) << "but it is seen";
  Recommender all(*Bundle::assemble(line_input()), EventLog::without_file(), {0});
  ASSERT_TRUE(all.observe(event(77, 106, 0.09)).ok());
  EXPECT_EQ(ask(all, request(77, 1)), "105:line") << "with a floor of 0 nothing is a skip";
}

TEST(Recommender, AnUnknownUserIsFoldedInAfterOneEvent) {
  Recommender recommender = make(line_input());
  Event play = event(77, 107);
  play.user = ExternalId("new user");
  ASSERT_TRUE(recommender.observe(play).ok());
  Request what = request(0);
  what.user = ExternalId("new user");
  EXPECT_EQ(ask(recommender, what), "106:line 105:line 104:line");
}

TEST(Recommender, FiltersByRequest) {
  const Recommender recommender = make(line_input());
  Request what = request(1);
  what.exclude = {ExternalId(102), ExternalId(102), ExternalId("104"), ExternalId("no such item")};
  EXPECT_EQ(ask(recommender, what), "103:line 105:line 106:line");
  what.keep_seen = true;
  EXPECT_EQ(ask(recommender, what), "100:line 101:line 103:line");
}

TEST(Recommender, HiddenItemsNeverCome) {
  BundleInput input = line_input();
  input.hidden = {std::vector<std::uint8_t>{0, 1, 1, 0, 0, 0, 0, 0}};
  const Recommender recommender = make(std::move(input));
  EXPECT_EQ(ask(recommender, request(1)), "103:line 104:line 105:line");
  EXPECT_EQ(ask(recommender, request(77, 2)), "100:popular 103:popular");
  EXPECT_EQ(show(recommender.similar(ExternalId(100), "", 2)->items), "103:line 104:line");
}

TEST(Recommender, AsksForNothingOrForMoreThanThereIs) {
  const Recommender recommender = make(line_input());
  EXPECT_EQ(ask(recommender, request(1, 0)), "");
  EXPECT_EQ(ask(recommender, request(1, -1)), "");
  EXPECT_EQ(recommender.recommend(request(1, INT64_MAX))->items.size(), 6u);
  EXPECT_EQ(recommender.recommend(request(77, INT64_MAX))->items.size(), 8u);
}

TEST(Recommender, UnknownDomainsAreUsageErrorsThatNameTheKnown) {
  Recommender recommender = make(line_input());
  Request what = request(1);
  what.domain = "musik";
  EXPECT_THAT(ask(recommender, what), HasSubstr("music"));
  EXPECT_EQ(recommender.recommend(what).status().kind(), StatusKind::kUsage);
  EXPECT_EQ(recommender.next(what).status().kind(), StatusKind::kUsage);
  EXPECT_EQ(recommender.similar(ExternalId(100), "musik", 1).status().kind(), StatusKind::kUsage);
  Event play = event(1, 107);
  play.domain = "musik";
  EXPECT_EQ(recommender.observe(play).kind(), StatusKind::kUsage);
  EXPECT_EQ(*recommender.describe()["events"].as_int(), 0);
}

TEST(Recommender, SimilarItems) {
  const Recommender recommender = make(line_input());
  EXPECT_EQ(show(recommender.similar(ExternalId(103), "music", 3)->items),
            "102:line 104:line 101:line");
  EXPECT_THAT(recommender.similar(ExternalId("nothing"), "", 3)->items, IsEmpty());
  EXPECT_THAT(recommender.similar(ExternalId(103), "", 0)->items, IsEmpty());
  EXPECT_EQ(recommender.similar(ExternalId(103), "", 1000)->items.size(), 7u);
  EXPECT_THAT(make(line_input(false)).similar(ExternalId(103), "", 3)->items, IsEmpty());
}

TEST(Recommender, SimilarAsksAgainWhereManyItemsAreHidden) {
  BundleInput input;
  std::vector<TestRow> rows;
  for (std::int64_t item = 0; item < 100; ++item) rows.push_back({1, item, item});
  input.dataset = make_dataset(rows);
  input.models = {line_model(input.dataset, 100)};
  std::vector<std::uint8_t> hidden(100, 1);
  hidden[0] = hidden[99] = 0;
  input.hidden = {hidden};
  EXPECT_EQ(show(make(std::move(input)).similar(ExternalId(0), "", 5)->items), "99:line");
}

TEST(Recommender, NextPlaysWhatWasNotHeardWhileThereIsSomething) {
  Recommender recommender = make(line_input());
  EXPECT_EQ(ask_next(recommender, request(77, 1)), "101:popular");
  // A listener who plays on is never given a track twice while others are left.
  std::set<std::string> played;
  std::int64_t track = 101;
  for (int step = 0; step < 8; ++step) {
    ASSERT_TRUE(recommender.observe(event(77, track)).ok());
    EXPECT_TRUE(played.insert(std::to_string(track)).second) << track;
    if (step == 7) break;
    const auto next = recommender.next(request(77, 1));
    ASSERT_EQ(next->items.size(), 1u);
    track = std::get<std::int64_t>(next->items[0].item);
  }
  // All were heard: what was just played still does not come.
  const auto again = recommender.next(request(77, 100));
  ASSERT_EQ(again->items.size(), 7u);
  for (const SlateItem& item : again->items) EXPECT_NE(item.item, ExternalId(track));
}

TEST(Recommender, NextPrefersStoredTracksOverRecentPlays) {
  Recommender recommender = make(line_input());
  // User 3 has stored 101 and 103 to 107; now 100 and 102 are played too.
  ASSERT_TRUE(recommender.observe(event(3, 100)).ok());
  ASSERT_TRUE(recommender.observe(event(3, 102)).ok());
  const auto next = recommender.next(request(3, 100));
  ASSERT_EQ(next->items.size(), 6u);
  for (const SlateItem& item : next->items)
    EXPECT_TRUE(item.item != ExternalId(100) && item.item != ExternalId(102));
}

TEST(Recommender, NextKeepsToTheCatalogueAndReachesBeyondTheVocabulary) {
  BundleInput input = line_input();
  input.catalog_path = write_catalog("recommender_catalog.json", {103, 5, 9});
  Recommender recommender = make(std::move(input));
  EXPECT_EQ(ask_next(recommender, request(1, 10)), "103:line 5:popular 9:popular");
  ASSERT_TRUE(recommender.observe(event(1, 5)).ok());
  EXPECT_EQ(ask_next(recommender, request(1, 10)), "103:line 9:popular");
  ASSERT_TRUE(recommender.observe(event(1, 9)).ok());
  ASSERT_TRUE(recommender.observe(event(1, 103)).ok());
  EXPECT_EQ(recommender.next(request(1, 10))->items.size(), 2u);
  Request what = request(1, 10);
  what.exclude = {ExternalId(5), ExternalId(9)};
  EXPECT_EQ(ask_next(recommender, what), "103:line") << "a track that is alone comes again";
  what.exclude.push_back(ExternalId(103));
  EXPECT_EQ(ask_next(recommender, what), "");
  EXPECT_EQ(*recommender.describe()["events_of_unknown_items"].as_int(), 0);
}

TEST(Recommender, TracksOfTheCatalogue) {
  BundleInput input = line_input();
  input.catalog_path = write_catalog("recommender_tracks.json", {103, 5});
  const Recommender recommender = make(std::move(input));
  const auto entry = recommender.track(5);
  ASSERT_TRUE(entry.has_value());
  EXPECT_EQ(entry->artist, "Artist 5");
  EXPECT_THAT(entry->recommendations, ElementsAre(100));
  EXPECT_FALSE(recommender.track(100).has_value());
  EXPECT_FALSE(make(line_input()).track(5).has_value());
}

TEST(Recommender, EventsOfUnknownItemsAreCounted) {
  Recommender recommender = make(line_input());
  ASSERT_TRUE(recommender.observe(event(1, 999)).ok());
  EXPECT_EQ(ask(recommender, request(1)), "102:line 103:line 104:line");
  const Json facts = recommender.describe();
  EXPECT_EQ(*facts["events"].as_int(), 1);
  EXPECT_EQ(*facts["events_of_unknown_items"].as_int(), 1);
  EXPECT_EQ(*facts["live_users"].as_int(), 0);
}

TEST(Recommender, ABadEventOfABatchRefusesAll) {
  Recommender recommender = make(line_input());
  const std::vector<Event> batch{event(1, 106), event(1, 107, -1)};
  EXPECT_EQ(recommender.observe(batch).kind(), StatusKind::kUsage);
  EXPECT_EQ(ask(recommender, request(1)), "102:line 103:line 104:line");
}

TEST(Recommender, ReplayRebuildsTheSameState) {
  const std::string path = testing::TempDir() + "recommender_events";
  ASSERT_TRUE(remove_tree(path).ok());
  const auto open = [&] {
    return Recommender(*Bundle::assemble(line_input()), *EventLog::open(path));
  };
  std::vector<std::string> before;
  {
    Recommender recommender = open();
    for (std::int64_t i = 0; i < 50; ++i)
      ASSERT_TRUE(recommender.observe(event(1 + i % 7, 100 + i * i % 9, 0.1 * (i % 4))).ok());
    for (std::int64_t user = 1; user <= 8; ++user)
      before.push_back(ask(recommender, request(user, 8)) + ask_next(recommender, request(user)));
    ASSERT_TRUE(recommender.sync().ok());
  }
  const Recommender recommender = open();
  EXPECT_EQ(recommender.recovery().events, 50);
  EXPECT_TRUE(recommender.recovery().clean());
  for (std::int64_t user = 1; user <= 8; ++user)
    EXPECT_EQ(ask(recommender, request(user, 8)) + ask_next(recommender, request(user)),
              before[static_cast<std::size_t>(user - 1)]);
  EXPECT_THAT(*read_file(path), HasSubstr(R"("domain": "music")")) << "named, not \"\"";
}

TEST(Recommender, ReplayPassesOverDomainsThatTheBundleLacks) {
  const std::string path = testing::TempDir() + "recommender_foreign_events";
  ASSERT_TRUE(remove_tree(path).ok());
  Event foreign = event(1, 106);
  foreign.domain = "shop";
  ASSERT_TRUE(EventLog::open(path)->append(foreign).ok());
  const Recommender recommender(*Bundle::assemble(line_input()), *EventLog::open(path));
  EXPECT_EQ(*recommender.describe()["events_of_unknown_domains"].as_int(), 1);
  EXPECT_EQ(ask(recommender, request(1)), "102:line 103:line 104:line");
}

TEST(Recommender, DescribesItself) {
  const Json facts = make(line_input()).describe();
  EXPECT_EQ(*facts["users"].as_int(), 3);
  EXPECT_EQ(*(*facts["domains"].as_array())[0]["items"].as_int(), 8);
  EXPECT_EQ(*(*facts["domains"].as_array())[0]["model"].as_string(), "line");
}

// Every thread is a listener of its own: what it has told is never recommended to it again.
TEST(Recommender, EveryThreadsEventCountsInItsNextAnswer) {
  BundleInput input;
  std::vector<TestRow> rows;
  for (std::int64_t item = 0; item < 200; ++item) rows.push_back({1, item, item});
  input.dataset = make_dataset(rows);
  input.models = {line_model(input.dataset, 200)};
  Recommender recommender = make(std::move(input));
  std::vector<std::thread> threads;
  std::atomic<int> failures{0};
  for (std::int64_t user = 100; user < 104; ++user)
    threads.emplace_back([&, user] {
      for (std::int64_t step = 0; step < 100; ++step) {
        const std::int64_t item = (user * 31 + step * 7) % 200;
        if (!recommender.observe(event(user, item)).ok()) ++failures;
        const auto slate = recommender.recommend(request(user, 200));
        for (const SlateItem& answered : slate->items)
          if (answered.item == ExternalId(item)) ++failures;
        const auto next = recommender.next(request(user, 1));
        if (next->items.size() != 1 || next->items[0].item == ExternalId(item)) ++failures;
      }
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(failures, 0);
  EXPECT_EQ(*recommender.describe()["events"].as_int(), 400);
}

}  // namespace
}  // namespace crossfade
