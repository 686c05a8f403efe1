// Embeddings of both types: products as they are documented, and a sentence for every wrong shape.
#include "crossfade/simulation/track_vectors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "crossfade/simulation/test_world.h"

namespace crossfade {
namespace {

using testing::HasSubstr;

std::string path_of(const std::string& name) {
  return testing::TempDir() + name;
}

TEST(TrackVectors, HalvesAreSummedInOrderAndRoundedToAHalf) {
  // 1 + 2^-10 is a half; its square 1 + 2^-9 + 2^-20 is not, and rounds to 1 + 2^-9.
  const std::vector<float> rows{1 + 0x1p-10F, 0, 1 + 0x1p-10F, 0x1p-5F};
  const auto vectors = TrackVectors::create(Array<Half>(as_halves(rows)), 2);
  ASSERT_TRUE(vectors.ok());
  EXPECT_TRUE(vectors->is_half());
  EXPECT_EQ(vectors->dims(), 2);
  std::vector<double> products(2);
  vectors->products(std::vector<TrackVectors::Pair>{{0, 1}, {1, 1}}, products);
  EXPECT_EQ(products[0], 1 + 0x1p-9);
  EXPECT_EQ(products[1], 1 + 0x1p-9 + 0x1p-10);  // 2^-9 + 2^-20 + 2^-10: to the nearest half
}

TEST(TrackVectors, FloatsAreSummedAsDoublesAndRoundedOnce) {
  const std::vector<float> rows{1, 1, 1, 1, 0x1p-24F, 0x1p-24F};
  const auto vectors = TrackVectors::create(Array<float>(rows), 2);
  ASSERT_TRUE(vectors.ok());
  std::vector<double> products(1);
  vectors->products(std::vector<TrackVectors::Pair>{{0, 1}}, products);
  EXPECT_EQ(products[0], 1 + 0x1p-23);  // a chain of floats would lose both
  EXPECT_EQ(vectors->as_floats()[5], 0x1p-24F);
}

TEST(TrackVectors, ReadsBothTypes) {
  const std::vector<float> rows = test_vectors({.tracks = 3, .dims = 100});
  ASSERT_TRUE(write_npy<float>(path_of("f4.npy"), rows, {3, 100}).ok());
  ASSERT_TRUE(write_npy<Half>(path_of("f2.npy"), as_halves(rows), {3, 100}).ok());
  const auto floats = TrackVectors::read(path_of("f4.npy"));
  const auto halves = TrackVectors::read(path_of("f2.npy"));
  ASSERT_TRUE(floats.ok() && halves.ok());
  EXPECT_EQ(floats->rows(), 3);
  EXPECT_EQ(halves->dims(), 100);
  std::vector<double> from_floats(1), from_halves(1);
  const std::vector<TrackVectors::Pair> pair{{0, 2}};
  floats->products(pair, from_floats);
  halves->products(pair, from_halves);
  EXPECT_NEAR(from_floats[0], from_halves[0], 2e-3);
}

TEST(TrackVectors, WrongShapesGetASentence) {
  const std::vector<float> six{1, 2, 3, 4, 5, 6};
  const auto error = [&](const auto& values, std::vector<std::int64_t> shape) {
    using T = typename std::decay_t<decltype(values)>::value_type;
    EXPECT_TRUE(write_npy<T>(path_of("bad.npy"), values, std::move(shape)).ok());
    const auto read = TrackVectors::read(path_of("bad.npy"));
    EXPECT_EQ(read.status().kind(), StatusKind::kDataInvalid);
    return read.status().message();
  };
  EXPECT_THAT(error(six, {6}), HasSubstr("1 dimensions; embeddings have two"));
  EXPECT_THAT(error(six, {1, 2, 3}), HasSubstr("3 dimensions"));
  EXPECT_THAT(error(std::vector<double>{1, 2}, {1, 2}), HasSubstr("float16 or float32"));
  EXPECT_THAT(error(std::vector<float>{}, {0, 4}), HasSubstr("no rows or no columns"));
  EXPECT_THAT(error(std::vector<float>{}, {4, 0}), HasSubstr("its shape asks for more"));
  EXPECT_THAT(error(std::vector<float>{1, std::numeric_limits<float>::infinity()}, {2, 1}),
              HasSubstr("track 1 holds a value that is not finite"));
  EXPECT_THAT(error(std::vector<Half>{{0x7E00}, {0}}, {2, 1}), HasSubstr("track 0"));
  EXPECT_EQ(TrackVectors::read(path_of("nothing.npy")).status().kind(), StatusKind::kFailed);
}

}  // namespace
}  // namespace crossfade
