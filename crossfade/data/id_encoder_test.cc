// IdEncoder on its own: blocks, threads and the change from a flat array to a table leave no trace.
#include "crossfade/data/id_encoder.h"

#include <gmock/gmock.h>

#include <limits>
#include <map>

#include "crossfade/data/test_log.h"

namespace crossfade {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

using Numbers = std::vector<std::int64_t>;
using Texts = std::vector<std::string>;

std::vector<std::int32_t> encode(IdEncoder& encoder, const IdColumn& ids, ThreadPool* threads) {
  std::vector<std::int32_t> indices(size_of(ids));
  const Status status = encoder.encode(ids, indices, threads);
  EXPECT_TRUE(status.ok()) << status.message();
  return indices;
}

// Every block against a map, by one thread and by several.
void expect_like_a_map(const std::vector<Numbers>& blocks) {
  TestContext run(3);
  for (ThreadPool* threads : {static_cast<ThreadPool*>(nullptr), &run.threads}) {
    IdEncoder encoder;
    std::map<std::int64_t, std::int32_t> known;
    for (const Numbers& block : blocks) {
      const auto indices = encode(encoder, block, threads);
      for (std::size_t row = 0; row < block.size(); ++row)
        ASSERT_EQ(indices[row],
                  known.emplace(block[row], static_cast<std::int32_t>(known.size())).first->second);
    }
    ASSERT_EQ(encoder.size(), std::ssize(known));
    const IdList ids = encoder.take();
    for (const auto& [id, index] : known)
      ASSERT_EQ(ids.numbers[static_cast<std::size_t>(index)], id);
  }
}

Numbers random_ids(std::size_t count, std::uint64_t seed, std::int64_t low, std::int64_t stride) {
  Numbers ids;
  Rng rng(seed);
  for (std::size_t i = 0; i < count; ++i)
    ids.push_back(low + stride * static_cast<std::int64_t>(rng.below(20'000)));
  return ids;
}

TEST(IdEncoderTest, NarrowRangesThatCreepUpAndDown) {
  expect_like_a_map({random_ids(70'000, 1, 500, 1),
                     random_ids(70'000, 2, 15'000, 1),
                     random_ids(1000, 3, -90'000, 1),
                     {},
                     random_ids(1000, 4, 400'000, 2)});
}

TEST(IdEncoderTest, FromAFlatArrayToATableInTheMiddle) {
  constexpr auto low = std::numeric_limits<std::int64_t>::min();
  constexpr auto high = std::numeric_limits<std::int64_t>::max();
  expect_like_a_map({random_ids(70'000, 1, 0, 1),
                     {high, 3, low, high - 1, 0, low},
                     random_ids(150'000, 2, -7, 987'654'321),
                     random_ids(500, 3, 0, 1)});
}

TEST(IdEncoderTest, KnownIdsKeepTheirIndicesAndOnlyNewOnesAreHandedOn) {
  IdList known;
  known.numbers = Numbers{40, 30};
  IdEncoder encoder(known);
  EXPECT_THAT(encode(encoder, Numbers{30, 7, 40, 7, 8}, nullptr), ElementsAre(1, 2, 0, 2, 3));
  EXPECT_THAT(encoder.ids_from(2).numbers, ElementsAre(7, 8));
  EXPECT_THAT(encoder.ids_at(1).numbers, ElementsAre(30));
}

TEST(IdEncoderTest, Texts) {
  TestContext run;
  IdEncoder encoder;
  EXPECT_THAT(encode(encoder, Texts{"b", "", "a", "b"}, &run.threads), ElementsAre(0, 1, 2, 0));
  EXPECT_THAT(encode(encoder, Texts{"c", "a"}, &run.threads), ElementsAre(3, 2));
  const IdList fresh = encoder.ids_from(2);
  ASSERT_TRUE(fresh.text);
  EXPECT_EQ(fresh.texts[0], "a");
  EXPECT_EQ(fresh.texts[1], "c");
  EXPECT_EQ(encoder.ids_at(1).texts[0], "");
}

TEST(IdEncoderTest, IdsOfTheOtherTypeAreRefused) {
  IdEncoder numbers, texts;
  encode(numbers, Numbers{1}, nullptr);
  encode(texts, Texts{"a"}, nullptr);
  std::vector<std::int32_t> index(1);
  EXPECT_THAT(numbers.encode(Texts{"a"}, index, nullptr).message(),
              HasSubstr("these ids are text and the ones known so far are numbers"));
  EXPECT_THAT(texts.encode(Numbers{1}, index, nullptr).message(),
              HasSubstr("these ids are numbers and the ones known so far are text"));
}

}  // namespace
}  // namespace crossfade
