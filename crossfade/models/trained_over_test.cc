// Which ids a model's indices stand for: prefixes of vocabularies, of numbers and of texts.
#include "crossfade/models/trained_over.h"

#include <gtest/gtest.h>

#include <utility>

namespace crossfade {
namespace {

Dataset dataset_of(Vocabulary users, Vocabulary items) {
  Domain domain;
  domain.name = "music";
  domain.items = std::move(items);
  return {std::move(users), {std::move(domain)}};
}

Vocabulary numbers(const std::vector<std::int64_t>& ids) {
  return Vocabulary(Array<std::int64_t>(ids));
}

Vocabulary texts(const std::vector<std::string>& ids) {
  return Vocabulary(StringArray(ids));
}

std::string misfit(const Vocabulary& trained, const Vocabulary& now) {
  const TrainedOver over = TrainedOver::of(dataset_of(numbers({1}), trained), 0);
  return over.misfit(dataset_of(numbers({1}), now), 0);
}

TEST(TrainedOver, AStoreThatHasGrownFits) {
  EXPECT_EQ(misfit(numbers({5, 7}), numbers({5, 7})), "");
  EXPECT_EQ(misfit(numbers({5, 7}), numbers({5, 7, 1})), "");
  EXPECT_EQ(misfit(texts({"ab", "c"}), texts({"ab", "c", "d"})), "");
  EXPECT_EQ(misfit(Vocabulary(), texts({"ab"})), "");
}

TEST(TrainedOver, OtherIdsOrAnotherOrderDoNot) {
  EXPECT_NE(misfit(numbers({5, 7}), numbers({7, 5})), "");
  EXPECT_NE(misfit(numbers({5, 7}), numbers({5, 8, 7})), "");
  EXPECT_NE(misfit(texts({"ab", "c"}), texts({"a", "bc"})), "");
  EXPECT_NE(misfit(texts({"5", "7"}), numbers({5, 7})), "");
  EXPECT_EQ(misfit(numbers({5, 7}), numbers({5})), "has 1 items and the model was trained over 2");
}

TEST(TrainedOver, GoesThroughJsonAndNamesWhatIsMissing) {
  const TrainedOver over = TrainedOver::of(dataset_of(numbers({1, 2}), texts({"a"})), 0);
  const auto read = TrainedOver::from_json(over.to_json());
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->to_json(), over.to_json());
  EXPECT_EQ(read->misfit(dataset_of(numbers({1, 2}), texts({"a"})), 0), "");
  EXPECT_NE(TrainedOver::from_json(Json()).status().message().find("num_users"), std::string::npos);
  EXPECT_FALSE(TrainedOver::from_json(over.to_json().set("num_items", -1)).ok());
}

}  // namespace
}  // namespace crossfade
