// .npy: round trips, and each way a file can be wrong gets its sentence.
#include "crossfade/base/npy.h"

#include <gtest/gtest.h>

#include "crossfade/base/file.h"

namespace crossfade {
namespace {

std::string path_of(const std::string& name) {
  return testing::TempDir() + name;
}

TEST(Npy, RoundTripsWithShape) {
  const std::vector<float> values{1, 2, 3, 4, 5, 6};
  ASSERT_TRUE(write_npy<float>(path_of("m.npy"), values, {2, 3}).ok());
  const auto read = read_npy<float>(path_of("m.npy"));
  ASSERT_TRUE(read.ok()) << read.status().message();
  EXPECT_EQ(read->shape, (std::vector<std::int64_t>{2, 3}));
  EXPECT_EQ(std::vector<float>(read->values.begin(), read->values.end()), values);
}

TEST(Npy, HeaderIsNumpysOwn) {
  const std::vector<std::int64_t> values{7};
  ASSERT_TRUE(write_npy<std::int64_t>(path_of("h.npy"), values).ok());
  const std::string bytes = *read_file(path_of("h.npy"));
  EXPECT_EQ(bytes.size(), 128u + 8u);
  EXPECT_NE(bytes.find("{'descr': '<i8', 'fortran_order': False, 'shape': (1,), }"),
            std::string::npos);
}

TEST(Npy, EmptyArray) {
  ASSERT_TRUE(write_npy<std::int32_t>(path_of("e.npy"), {}).ok());
  EXPECT_TRUE(read_npy<std::int32_t>(path_of("e.npy"))->values.empty());
}

TEST(Npy, NamesItsElementType) {
  ASSERT_TRUE(write_npy<Half>(path_of("half.npy"), std::vector<Half>{{0x3C00}}).ok());
  EXPECT_EQ(*npy_element_type(path_of("half.npy")), "<f2");
  EXPECT_EQ(half_to_float(read_npy<Half>(path_of("half.npy"))->values[0]), 1.0F);
  ASSERT_TRUE(write_file(path_of("none_at_all.npy"), "hello").ok());
  EXPECT_EQ(npy_element_type(path_of("none_at_all.npy")).status().kind(), StatusKind::kDataInvalid);
}

TEST(Npy, WrongFilesGetASentence) {
  const std::vector<float> values{1, 2, 3};
  ASSERT_TRUE(write_npy<float>(path_of("w.npy"), values).ok());
  EXPECT_NE(read_npy<double>(path_of("w.npy")).status().message().find("element type"),
            std::string::npos);
  std::string bytes = *read_file(path_of("w.npy"));
  bytes.pop_back();
  ASSERT_TRUE(write_file(path_of("w.npy"), bytes).ok());
  EXPECT_EQ(read_npy<float>(path_of("w.npy")).status().kind(), StatusKind::kDataInvalid);
  ASSERT_TRUE(write_file(path_of("t.npy"), "hello").ok());
  EXPECT_NE(read_npy<float>(path_of("t.npy")).status().message().find("magic"), std::string::npos);
  EXPECT_EQ(read_npy<float>(path_of("none.npy")).status().kind(), StatusKind::kFailed);
}

TEST(Npy, EveryTruncationIsRefused) {
  const std::vector<std::int32_t> values{1, 2, 3, 4};
  ASSERT_TRUE(write_npy<std::int32_t>(path_of("c.npy"), values).ok());
  const std::string bytes = *read_file(path_of("c.npy"));
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    ASSERT_TRUE(write_file(path_of("c.npy"), bytes.substr(0, size)).ok());
    EXPECT_FALSE(read_npy<std::int32_t>(path_of("c.npy")).ok()) << size;
  }
}

}  // namespace
}  // namespace crossfade
