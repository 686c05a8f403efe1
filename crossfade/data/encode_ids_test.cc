// Numbering of ids: order of first appearance, growth, and agreement of the flat and hashed ways.
#include <gmock/gmock.h>

#include <limits>
#include <map>

#include "crossfade/base/rng.h"
#include "crossfade/data/vocabulary.h"

namespace crossfade {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

using Numbers = std::vector<std::int64_t>;
using Texts = std::vector<std::string>;

TEST(EncodeIdsTest, OrderOfFirstAppearance) {
  const Encoded e = *encode_ids(Vocabulary(), Numbers{30, 10, 30, 20});
  EXPECT_THAT(e.indices, ElementsAre(0, 1, 0, 2));
  EXPECT_THAT(e.vocabulary.numbers(), ElementsAre(30, 10, 20));
}

TEST(EncodeIdsTest, EndsOfTheRange) {
  constexpr auto low = std::numeric_limits<std::int64_t>::min();
  constexpr auto high = std::numeric_limits<std::int64_t>::max();
  EXPECT_THAT(encode_ids(Vocabulary(), Numbers{high, low, 0, low})->indices,
              ElementsAre(0, 1, 2, 1));
}

TEST(EncodeIdsTest, KnownIdsKeepTheirIndices) {
  const Encoded first = *encode_ids(Vocabulary(), Numbers{5, 6});
  const Encoded second = *encode_ids(first.vocabulary, Numbers{7, 6, 1'000'000'000'000, 5});
  EXPECT_THAT(second.indices, ElementsAre(2, 1, 3, 0));
  EXPECT_EQ(second.vocabulary.find(std::int64_t{1'000'000'000'000}), 3);
  const Encoded texts = *encode_ids(Vocabulary(), Texts{"a", "", "a"});
  EXPECT_THAT(encode_ids(texts.vocabulary, Texts{"b", "", "a"})->indices, ElementsAre(2, 1, 0));
}

TEST(EncodeIdsTest, NothingNewSharesTheVocabulary) {
  const Encoded first = *encode_ids(Vocabulary(), Numbers{5, 6});
  const Encoded second = *encode_ids(first.vocabulary, Numbers{6});
  EXPECT_EQ(second.vocabulary.numbers().data(), first.vocabulary.numbers().data());
}

TEST(EncodeIdsTest, AgreesWithAMapForDenseAndScatteredIds) {
  for (const std::int64_t stride : {std::int64_t{1}, std::int64_t{987'654'321'987}}) {
    Rng rng(3);
    Numbers column;
    Texts text_column;
    std::map<std::int64_t, std::int32_t> expected;
    std::vector<std::int32_t> indices;
    for (int row = 0; row < 20'000; ++row) {
      column.push_back(static_cast<std::int64_t>(rng.below(5000)) * stride);
      text_column.push_back(std::to_string(column.back()));
      const auto size = static_cast<std::int32_t>(expected.size());
      indices.push_back(expected.emplace(column.back(), size).first->second);
    }
    EXPECT_EQ(encode_ids(Vocabulary(), column)->indices, indices);
    EXPECT_EQ(encode_ids(Vocabulary(), text_column)->indices, indices);
  }
}

TEST(EncodeIdsTest, OtherTypeIsRefused) {
  const Vocabulary numbers = encode_ids(Vocabulary(), Numbers{1})->vocabulary;
  const Vocabulary texts = encode_ids(Vocabulary(), Texts{"a"})->vocabulary;
  EXPECT_THAT(encode_ids(numbers, Texts{"1"}).status().message(), HasSubstr("these ids are text"));
  EXPECT_THAT(encode_ids(texts, Numbers{1}).status().message(), HasSubstr("ids are numbers"));
}

TEST(EncodeIdsTest, EmptyColumnChangesNothing) {
  const Vocabulary texts = encode_ids(Vocabulary(), Texts{"a"})->vocabulary;
  const Encoded e = *encode_ids(texts, Numbers{});
  EXPECT_EQ(e.vocabulary.size(), 1);
  EXPECT_TRUE(e.indices.empty());
}

}  // namespace
}  // namespace crossfade
