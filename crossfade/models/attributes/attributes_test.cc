// Items found by the labels they share, played or not; the formula by hand; attributes that are not
// there.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include "crossfade/models/attributes/attributes_trainer.h"
#include "crossfade/models/test_about.h"

namespace crossfade {
namespace {

// Six items of three artists; item 5 nobody has played. Genres overlap. A year is a number, a title
// a text.
Dataset catalogue() {
  std::vector<TestRow> rows;
  for (std::int64_t item = 0; item < 6; ++item)
    rows.push_back({item % 2, item, item, item == 5 ? 0.0F : 1.0F});
  ItemTable about;
  about.attributes.push_back(labels_column("artist", {{0}, {0}, {1}, {1}, {2}, {2}}));
  about.attributes.push_back(labels_column("genre", {{0, 1}, {0}, {0}, {2}, {}, {2}}));
  about.attributes.push_back({"year", NumberAttribute{std::vector<float>(6, 1999)}});
  about.attributes.push_back({"title", TextAttribute{StringArray({"a", "b", "a", "", "", "c"})}});
  return with_about(make_dataset(rows, "songs"), std::move(about));
}

Result<std::unique_ptr<Model>> train(const std::vector<std::string>& settings) {
  TestContext run;
  return attributes_trainer().train({catalogue(), 0, settings, 1}, run);
}

std::vector<ScoredItem> similar(const std::vector<std::string>& settings, ItemIndex item) {
  std::vector<std::string> all{"popularity=0", "history_weighting=binary"};
  all.insert(all.end(), settings.begin(), settings.end());
  const auto model = train(all);
  CROSSFADE_CHECK(model.ok(), model.status().message());
  return (*model)->similar(item, 9);
}

MATCHER_P2(Scored, item, score, "") {
  return arg.item == item && std::abs(arg.score - score) < 1e-6;
}

TEST(Attributes, FindItemsThatNobodyPlayed) {
  const auto model = *train({"by=artist"});
  const ItemIndex met = 4;
  const float weight = 1;
  const History history{{&met, 1}, {&weight, 1}, {}, {}, {}};
  const auto list = model->recommend({kUnknown, {&history, 1}}, 0, {5});
  ASSERT_EQ(list.size(), 1U);
  EXPECT_EQ(list[0].item, 5);
  EXPECT_EQ(model->similar(5, 5)[0].item, 4);
}

TEST(Attributes, AreWeighedByRarityAndNumber) {
  const double artist = std::log(1 + 6 / 2.0), rock = std::log(1 + 6 / 3.0);
  EXPECT_THAT(similar({"by=artist"}, 0), testing::ElementsAre(Scored(1, artist)));
  // Item 0 has two genres, the others one.
  EXPECT_THAT(similar({"by=genre"}, 0),
              testing::ElementsAre(Scored(1, rock / std::sqrt(2)), Scored(2, rock / std::sqrt(2))));
  EXPECT_THAT(similar({"by=genre", "idf=0"}, 3), testing::ElementsAre(Scored(5, 1)));
  EXPECT_THAT(
      similar({"by=artist:2,genre:0.5", "idf=0"}, 0),
      testing::ElementsAre(Scored(1, 2 + 0.5 / std::sqrt(2)), Scored(2, 0.5 / std::sqrt(2))));
  EXPECT_EQ(similar({}, 0).size(), 2U);  // artists and genres
  EXPECT_THAT(similar({"by=title", "idf=0"}, 0), testing::ElementsAre(Scored(2, 1)));
  EXPECT_THAT(similar({"by=genre", "label_items=1"}, 1), testing::IsEmpty());  // it is the one
  // One user each for items 1 and 2, so nothing changes but the scale.
  EXPECT_THAT(similar({"by=artist", "idf=0", "popularity=1"}, 0),
              testing::ElementsAre(Scored(1, 2)));
}

TEST(Attributes, SayWhatIsWrong) {
  const auto refusal = [](const std::string& by) {
    const Status status = train({"by=" + by}).status();
    EXPECT_EQ(status.kind(), StatusKind::kUsage) << by;
    return status.message();
  };
  EXPECT_THAT(refusal("artis"), testing::HasSubstr("did you mean 'artist'?"));
  EXPECT_THAT(refusal("year"), testing::HasSubstr("artist, genre, title"));
  EXPECT_THAT(refusal("artist:much"), testing::HasSubstr("NAME:WEIGHT"));
  EXPECT_THAT(refusal("artist:0"), testing::HasSubstr("above 0"));
  TestContext run;
  const Dataset bare = make_dataset({{1, 1, 1}}, "songs");
  const auto model = attributes_trainer().train({bare, 0, {}, 1}, run);
  EXPECT_EQ(model.status().kind(), StatusKind::kDataInvalid);
  EXPECT_THAT(model.status().message(), testing::HasSubstr("attach --items"));
}

TEST(LabelMatrix, RefusesColumnsThatDoNotFit) {
  const LabelMatrix good{{{0, 1, 2}}, {{0, 1}}, {{1.0F, 2.0F}}};
  EXPECT_TRUE(good.check(2).ok());
  EXPECT_FALSE(good.check(1).ok());
  EXPECT_FALSE((LabelMatrix{{{0, 3, 2}}, {{0, 1}}, {{1.0F, 2.0F}}}).check(2).ok());
  EXPECT_FALSE((LabelMatrix{{{0, 1, 2}}, {{0, 1}}, {{1.0F, -2.0F}}}).check(2).ok());
  EXPECT_FALSE((LabelMatrix{{{0, 1, 2}}, {{0, 1}}, {{1.0F}}}).check(2).ok());
  EXPECT_FALSE(LabelMatrix{}.check(2).ok());
}

}  // namespace
}  // namespace crossfade
