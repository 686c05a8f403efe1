// Both indices: planted answers, and the fast one equal to the plain one byte for byte, for odd
// sizes, hostile scales, ties, filters, thread counts and every instruction set.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <string>
#include <vector>

#include "crossfade/base/rng.h"
#include "crossfade/kernels/isa.h"
#include "crossfade/retrieval/exact_index.h"
#include "crossfade/retrieval/quantized_index.h"

namespace crossfade {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// shape 0: normal; 1: decaying spectrum, lengths by popularity (like trained factors); 2: lengths
// over forty powers of ten; 3: all equal; 4: small integers (many ties); 5: zeros and denormals.
FactorMatrix make_matrix(std::int64_t rows, std::int64_t dims, int shape, std::uint64_t seed) {
  Rng rng(seed, static_cast<std::uint64_t>(shape));
  std::vector<float> values;
  for (std::int64_t r = 0; r < rows; ++r) {
    const double popular = 1 / std::sqrt(1.0 + static_cast<double>(r));
    const double wild = std::pow(10.0, 40 * rng.uniform() - 25);
    for (std::int64_t d = 0; d < dims; ++d) {
      double x = rng.normal();
      if (shape == 1) x = (x / (1 + 0.1 * static_cast<double>(d)) + (d == 0 ? 1 : 0)) * popular;
      if (shape == 2) x *= wild;
      if (shape == 3) x = 0.25;
      if (shape == 4) x = static_cast<double>(rng.below(5)) - 2;
      if (shape == 5) x = r % 3 == 0 ? 0 : x * 1e-40;
      values.push_back(static_cast<float>(x));
    }
  }
  return {std::move(values), rows, dims};
}

struct Seen {
  std::vector<std::int64_t> offsets = {0};
  std::vector<std::int32_t> items;
};

Seen make_seen(std::int64_t queries, std::int64_t num_items, std::int64_t each) {
  Rng rng(99);
  Seen seen;
  for (std::int64_t q = 0; q < queries; ++q) {
    for (std::int64_t i = 0; i < each * (q % 3) && num_items > 0; ++i)
      seen.items.push_back(
          static_cast<std::int32_t>(rng.below(static_cast<std::uint64_t>(num_items))));
    seen.offsets.push_back(static_cast<std::int64_t>(seen.items.size()));
  }
  return seen;
}

void expect_same(const TopK& a, const TopK& b, const std::string& what) {
  EXPECT_EQ(a.offsets, b.offsets) << what;
  EXPECT_EQ(a.items, b.items) << what;
  ASSERT_EQ(a.scores.size(), b.scores.size()) << what;
  if (a.scores.empty()) return;
  EXPECT_EQ(std::memcmp(a.scores.data(), b.scores.data(), a.scores.size() * sizeof(float)), 0)
      << what;
}

class IndexTest : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override { ASSERT_TRUE(kernels::choose_isa(GetParam().c_str()).ok()); }
  void TearDown() override { ASSERT_TRUE(kernels::choose_isa(nullptr).ok()); }
};

TEST_P(IndexTest, PlantedAnswer) {
  const FactorMatrix items = {std::vector<float>{1, 0, 0, 2, 3, 0, 3, 0, -1, 5}, 5, 2};
  const std::vector<float> query = {2, 1};  // scores 2, 2, 6, 6, 3
  const std::vector<std::uint8_t> hidden = {0, 0, 0, 1, 0};
  const std::vector<std::int64_t> offsets = {0, 1};
  const std::vector<std::int32_t> seen = {4};
  const ExactIndex exact = *ExactIndex::create(items);
  const QuantizedIndex quantized = *QuantizedIndex::create(items);
  for (const TopKIndex* index :
       {static_cast<const TopKIndex*>(&exact), static_cast<const TopKIndex*>(&quantized)}) {
    EXPECT_THAT(*index->search_one(query, {.k = 3}),
                ElementsAre(ScoredItem{2, 6}, ScoredItem{3, 6}, ScoredItem{4, 3}));
    EXPECT_THAT(*index->search_one(query, {.k = 9, .seen = {offsets, seen}, .hidden = hidden}),
                ElementsAre(ScoredItem{2, 6}, ScoredItem{0, 2}, ScoredItem{1, 2}));
  }
}

TEST_P(IndexTest, QuantizedEqualsExactForOddSizesAndEveryShape) {
  ThreadPool threads(2);
  for (std::int64_t dims : {1, 3, 7, 8, 9, 64, 100, 128, 129})
    for (std::int64_t rows : {0, 1, 7, 8, 9, 1000})
      for (int shape = 0; shape < 6; ++shape) {
        const FactorMatrix items = make_matrix(rows, dims, shape, 1);
        const FactorMatrix queries = make_matrix(9, dims, shape, 2);
        const Seen seen = make_seen(9, rows, 40);
        const ExactIndex exact = *ExactIndex::create(items);
        const QuantizedIndex quantized = *QuantizedIndex::create(items);
        for (std::int64_t k : {1, 10, 2000}) {
          const TopKOptions options{.k = k, .seen = {seen.offsets, seen.items}};
          expect_same(*exact.search(queries, options, threads),
                      *quantized.search(queries, options, threads),
                      "dims " + std::to_string(dims) + " rows " + std::to_string(rows) + " shape " +
                          std::to_string(shape) + " k " + std::to_string(k));
        }
      }
}

TEST_P(IndexTest, MixedShapesOfQueriesAndItems) {
  ThreadPool threads(1);
  for (int item_shape = 0; item_shape < 6; ++item_shape)
    for (int query_shape = 0; query_shape < 6; ++query_shape) {
      const FactorMatrix items = make_matrix(700, 33, item_shape, 3);
      const FactorMatrix queries = make_matrix(5, 33, query_shape, 4);
      expect_same(*ExactIndex::create(items)->search(queries, {.k = 20}, threads),
                  *QuantizedIndex::create(items)->search(queries, {.k = 20}, threads),
                  std::to_string(item_shape) + " and " + std::to_string(query_shape));
    }
}

// A query alone has a way of its own, which begins with the longest items and their codes.
TEST_P(IndexTest, AloneEqualsExactForEveryShapeSeenAndHidden) {
  for (int shape = 0; shape < 6; ++shape)
    for (std::int64_t rows : {0, 1, 9, 700, 4096, 4097, 9000}) {
      const FactorMatrix items = make_matrix(rows, 16, shape, 1);
      const FactorMatrix queries = make_matrix(4, 16, shape == 5 ? 0 : shape, 2);
      const ExactIndex exact = *ExactIndex::create(items);
      const QuantizedIndex quantized = *QuantizedIndex::create(items);
      std::vector<std::uint8_t> hidden(static_cast<std::size_t>(rows));
      for (std::size_t i = 1; i < hidden.size(); i += 3) hidden[i] = 1;
      for (std::int64_t q = 0; q < queries.rows; ++q) {
        // Seen: the best of all, some unknown, some twice.
        std::vector<std::int32_t> seen = {-1, static_cast<std::int32_t>(rows)};
        const std::vector<ScoredItem> best = *exact.search_one(queries.row(q), {.k = 200});
        for (const ScoredItem& scored : best)
          seen.insert(seen.end(), static_cast<std::size_t>(q), scored.item);
        const std::vector<std::int64_t> offsets = {0, std::ssize(seen)};
        for (std::int64_t k : {1, 10, 5000}) {
          TopKOptions options{.k = k, .seen = {offsets, seen}};
          if (q == 2) options.hidden = hidden;
          EXPECT_EQ(*exact.search_one(queries.row(q), options),
                    *quantized.search_one(queries.row(q), options))
              << "shape " << shape << " rows " << rows << " k " << k << " query " << q;
        }
      }
    }
}

TEST_P(IndexTest, AllScoresEqualGivesTheFirstItems) {
  const FactorMatrix items = make_matrix(3000, 8, 3, 1);
  const auto answer = *QuantizedIndex::create(items)->search_one(items.row(0), {.k = 3});
  EXPECT_THAT(answer, ElementsAre(ScoredItem{0, 0.5}, ScoredItem{1, 0.5}, ScoredItem{2, 0.5}));
}

TEST_P(IndexTest, SeenCoveringEverythingLeavesNothing) {
  ThreadPool threads(1);
  const FactorMatrix items = make_matrix(50, 4, 0, 1);
  std::vector<std::int32_t> seen;
  for (std::int32_t i = 50; i-- > 0;) seen.push_back(i);
  const std::vector<std::int64_t> offsets = {0, 50, 50};
  const FactorMatrix queries = make_matrix(2, 4, 0, 2);
  const TopK answer =
      *QuantizedIndex::create(items)->search(queries, {.k = 60, .seen = {offsets, seen}}, threads);
  EXPECT_THAT(answer.offsets, ElementsAre(0, 0, 50));
  const std::vector<std::uint8_t> hidden(50, 1);
  EXPECT_THAT(QuantizedIndex::create(items)->search(queries, {.hidden = hidden}, threads)->items,
              IsEmpty());
}

TEST_P(IndexTest, AnyNumberOfThreadsAndOneByOneGiveTheSameBytes) {
  const FactorMatrix items = make_matrix(2500, 40, 1, 1);
  const FactorMatrix queries = make_matrix(67, 40, 1, 2);
  const QuantizedIndex index = *QuantizedIndex::create(items);
  ThreadPool one(1), three(3);
  const TopK answer = *index.search(queries, {.k = 25}, one);
  expect_same(answer, *index.search(queries, {.k = 25}, three), "three threads");
  for (std::int64_t q = 0; q < queries.rows; ++q) {
    const std::vector<ScoredItem> alone = *index.search_one(queries.row(q), {.k = 25});
    ASSERT_EQ(alone.size(), 25U);
    for (std::size_t i = 0; i < 25; ++i) {
      EXPECT_EQ(alone[i].item, answer.items[static_cast<std::size_t>(q) * 25 + i]);
      EXPECT_EQ(alone[i].score, answer.scores[static_cast<std::size_t>(q) * 25 + i]);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Isa, IndexTest, ::testing::ValuesIn(kernels::supported_isas()),
                         [](const auto& isa) { return isa.param; });

}  // namespace
}  // namespace crossfade
