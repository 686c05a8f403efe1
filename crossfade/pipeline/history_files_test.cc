// Histories of files under a model's items: who is listed, what is unknown, where domains stand.
#include "crossfade/pipeline/history_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "crossfade/base/file.h"
#include "crossfade/data/test_log.h"

namespace crossfade {
namespace {

std::string write_csv(const std::string& name, const std::string& rows) {
  const std::string path = testing::TempDir() + "history_" + name + ".csv";
  CROSSFADE_CHECK(write_file(path, "user,item,time\n" + rows).ok(), path);
  return path;
}

LogSchema schema() {
  SchemaChoice choice;
  choice.user = "user";
  choice.item = "item";
  choice.time = "time";
  choice.time_unit = "s";
  return *choose_schema(choice);
}

// A model over music, at place 1 of its store, that the shop at place 0 helps.
ItemIds ids() {
  return {{{1, "music", Vocabulary(Array<std::int64_t>(std::vector<std::int64_t>{30, 10, 20}))},
           {0, "shop", Vocabulary(Array<std::int64_t>(std::vector<std::int64_t>{7}))}}};
}

std::vector<std::string> user_ids(const HistoryFiles& histories,
                                  const std::vector<UserIndex>& users) {
  std::vector<std::string> texts;
  for (const UserIndex user : users) texts.push_back(histories.users().id_text(user));
  return texts;
}

TEST(HistoryFiles, StandUnderTheModelsItemsAtTheirPlaces) {
  TestContext run;
  const std::string music = write_csv("music", "5,10,3\n6,99,1\n5,30,1\n5,98,2\n");
  const std::string shop = write_csv("shop", "8,7,1\n5,7,2\n");
  auto histories = HistoryFiles::read({{"music", {music}}, {"shop", {shop}}}, schema(), run);
  ASSERT_TRUE(histories.ok()) << histories.status().message();
  // User 6 has unknown items only and is listed all the same; user 8 is of the shop.
  EXPECT_THAT(user_ids(*histories, histories->users_of("music")), testing::ElementsAre("5", "6"));
  EXPECT_THAT(user_ids(*histories, histories->users_of("shop")), testing::ElementsAre("5", "8"));
  EXPECT_EQ(histories->users_of("films").size(), 3U);

  const auto placed = histories->under(ids());
  ASSERT_TRUE(placed.ok()) << placed.status().message();
  EXPECT_EQ(placed->rows, 6);
  EXPECT_EQ(placed->unknown_rows, 2);
  EXPECT_EQ(placed->unknown_items, 2);
  const Dataset& dataset = placed->dataset;
  EXPECT_TRUE(dataset.check().ok());
  ASSERT_EQ(dataset.domains().size(), 2U);
  const DatasetUser five(dataset, 0), six(dataset, 1), eight(dataset, 2);
  EXPECT_THAT(five.view().by_domain[1].items, testing::ElementsAre(0, 1));  // by time: 30, 10
  EXPECT_THAT(five.view().by_domain[0].items, testing::ElementsAre(0));
  EXPECT_TRUE(six.view().by_domain[1].empty());
  EXPECT_TRUE(eight.view().by_domain[1].empty());
  EXPECT_EQ(eight.view().by_domain[0].size(), 1U);
}

TEST(HistoryFiles, FurtherUsersHaveNoHistoryAndCountOnce) {
  TestContext run;
  auto histories = HistoryFiles::read({{"music", {write_csv("more", "5,10,3\n")}}}, schema(), run);
  ASSERT_TRUE(histories.ok());
  const auto users = histories->add_users(std::vector<std::int64_t>{40, 5, 40, 41});
  ASSERT_TRUE(users.ok());
  EXPECT_THAT(user_ids(*histories, *users), testing::ElementsAre("40", "5", "41"));
  const auto placed = histories->under(ids());
  ASSERT_TRUE(placed.ok());
  EXPECT_TRUE(DatasetUser(placed->dataset, (*users)[0]).view().by_domain[1].empty());
  EXPECT_FALSE(histories->add_users(std::vector<std::string>{"a"}).ok());
}

TEST(HistoryFiles, ItemsOfAnotherDataSetAreRefused) {
  TestContext run;
  const auto histories =
      HistoryFiles::read({{"music", {write_csv("other", "5,1000,3\n6,1001,3\n")}}}, schema(), run);
  ASSERT_TRUE(histories.ok());
  const auto placed = histories->under(ids());
  ASSERT_FALSE(placed.ok());
  EXPECT_EQ(placed.status().kind(), StatusKind::kDataInvalid);
  EXPECT_THAT(placed.status().message(), testing::HasSubstr("none of the 2 items"));
}

TEST(HistoryFiles, InputsAreFilesOfDomains) {
  const std::vector<std::string> domains{"music", "shop"};
  const auto inputs = parse_history_inputs({"shop=a.csv", "b.csv", "shop=c.csv"}, domains, "music");
  ASSERT_TRUE(inputs.ok());
  ASSERT_EQ(inputs->size(), 2U);
  EXPECT_EQ((*inputs)[0].domain, "shop");
  EXPECT_THAT((*inputs)[0].files, testing::ElementsAre("a.csv", "c.csv"));
  EXPECT_EQ((*inputs)[1].domain, "music");
  // A file that is there may have the sign in its name.
  const std::string partition = write_csv("day=1", "5,10,3\n");
  EXPECT_EQ(parse_history_inputs({partition}, domains, "music")->at(0).files[0], partition);
  const auto unknown = parse_history_inputs({"shp=a.csv"}, domains, "music");
  EXPECT_EQ(unknown.status().kind(), StatusKind::kUsage);
  EXPECT_THAT(unknown.status().message(), testing::HasSubstr("shop"));
  const auto unsaid = parse_history_inputs({"a.csv"}, domains, "");
  EXPECT_EQ(unsaid.status().kind(), StatusKind::kUsage);
  EXPECT_THAT(unsaid.status().message(), testing::HasSubstr("DOMAIN=FILE"));
}

}  // namespace
}  // namespace crossfade
