// Safetensors: the bytes that the format asks for, round trips, and each way in which a file can be
// wrong, 2,000 mutants among them.
#include "crossfade/base/safetensors.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "crossfade/base/rng.h"

namespace crossfade {
namespace {

using testing::HasSubstr;

std::string path_of(const std::string& name) {
  return testing::TempDir() + name;
}

const std::vector<float> kMatrix{1, 2, 3, 4, 5, 6}, kVector{-1, 0.5F};

std::string written() {
  const std::string path = path_of("whole.safetensors");
  EXPECT_TRUE(
      write_safetensors(path, {{"w", {2, 3}, kMatrix}, {"b", {2}, kVector}, {"none", {0, 7}, {}}})
          .ok());
  return *read_file(path);
}

// A file with this header, in front of `data` bytes.
std::string with_header(const std::string& header, std::size_t data) {
  std::string bytes(8, '\0');
  bytes[0] = static_cast<char>(header.size() & 255);
  bytes[1] = static_cast<char>(header.size() >> 8);
  return bytes + header + std::string(data, '\0');
}

Result<Safetensors> opened(const std::string& bytes) {
  const std::string path = path_of("some.safetensors");
  EXPECT_TRUE(write_file(path, bytes, Sync::kNo).ok());
  return Safetensors::open(path);
}

std::string refusal(const std::string& bytes) {
  const auto tensors = opened(bytes);
  if (tensors.ok()) return "it was read";
  EXPECT_EQ(tensors.status().kind(), StatusKind::kDataInvalid);
  EXPECT_THAT(tensors.status().message(), HasSubstr("some.safetensors"));
  return tensors.status().message();
}

std::vector<float> values(const Safetensors& tensors, const std::string& name,
                          const std::vector<std::int64_t>& shape) {
  const auto found = tensors.floats(name, shape);
  EXPECT_TRUE(found.ok()) << found.status().message();
  return found.ok() ? std::vector<float>(found->begin(), found->end()) : std::vector<float>();
}

TEST(Safetensors, RoundTrips) {
  const auto tensors = opened(written());
  ASSERT_TRUE(tensors.ok()) << tensors.status().message();
  EXPECT_EQ(tensors->names(), (std::vector<std::string>{"b", "none", "w"}));
  EXPECT_EQ(values(*tensors, "w", {2, 3}), kMatrix);
  EXPECT_EQ(values(*tensors, "b", {2}), kVector);
  EXPECT_TRUE(values(*tensors, "none", {0, 7}).empty());
  EXPECT_EQ(tensors->type("w"), "F32");
  EXPECT_EQ(tensors->shape("w"), (std::vector<std::int64_t>{2, 3}));
  EXPECT_FALSE(tensors->has("v"));
}

TEST(Safetensors, BytesAreTheFormatsOwn) {
  const std::string path = path_of("format.safetensors");
  ASSERT_TRUE(write_safetensors(path, {{"b", {2}, kVector}}).ok());
  const std::string bytes = *read_file(path);
  const std::string header = R"({"b": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}})";
  ASSERT_EQ(bytes.size(), 128U + 8U);
  EXPECT_EQ(bytes.substr(0, 8), std::string("\x78\0\0\0\0\0\0\0", 8));
  EXPECT_EQ(bytes.substr(8, header.size()), header);
}

TEST(Safetensors, ReadsWhatOtherProgramsWrite) {
  // Any spacing, metadata, other types, any order, and data at an odd address.
  const auto tensors = opened(with_header(
      R"({"__metadata__":{"format":"pt"},"h":{"dtype":"BF16","shape":[3],"data_offsets":[4,10]},)"
      R"("one":{"dtype":"F32","shape":[],"data_offsets":[0,4]}} )",
      10));
  ASSERT_TRUE(tensors.ok()) << tensors.status().message();
  EXPECT_EQ(values(*tensors, "one", {}), std::vector<float>{0});
  EXPECT_THAT(tensors->floats("h", {3}).status().message(), HasSubstr("BF16"));
}

TEST(Safetensors, OtherTensorsThanExpectedGetASentence) {
  const auto tensors = opened(written());
  ASSERT_TRUE(tensors.ok());
  EXPECT_THAT(tensors->floats("v", {2}).status().message(), HasSubstr("has no tensor v"));
  EXPECT_THAT(tensors->floats("w", {3, 2}).status().message(), HasSubstr("[2, 3], and [3, 2]"));
  const std::vector<float> strange{1, std::numeric_limits<float>::quiet_NaN()};
  ASSERT_TRUE(write_safetensors(path_of("nan.safetensors"), {{"s", {2}, strange}}).ok());
  const auto loaded = Safetensors::open(path_of("nan.safetensors"));
  ASSERT_TRUE(loaded.ok());
  EXPECT_THAT(loaded->floats("s", {2}).status().message(), HasSubstr("not finite"));
}

TEST(Safetensors, WrongFilesGetASentence) {
  const auto one = [](const std::string& type, const std::string& shape,
                      const std::string& offsets) {
    return with_header(R"({"t": {"dtype": ")" + type + R"(", "shape": )" + shape +
                           R"(, "data_offsets": )" + offsets + "}}",
                       8);
  };
  EXPECT_EQ(refusal(one("F32", "[2]", "[0, 8]")), "it was read");
  EXPECT_THAT(refusal("abc"), HasSubstr("first 8 bytes"));
  EXPECT_THAT(refusal(std::string(8, '\xff') + "{}"), HasSubstr("longer than the file"));
  EXPECT_THAT(refusal(with_header("[1]", 0)), HasSubstr("no JSON object"));
  EXPECT_THAT(refusal(with_header("{", 0)), HasSubstr("not a readable"));
  EXPECT_THAT(refusal(one("F33", "[2]", "[0, 8]")), HasSubstr("element type"));
  EXPECT_THAT(refusal(one("F32", "2", "[0, 8]")), HasSubstr("no list 'shape'"));
  EXPECT_THAT(refusal(one("F32", "[-2]", "[0, 8]")), HasSubstr("no count"));
  EXPECT_THAT(refusal(one("F32", "[2.0]", "[0, 8]")), HasSubstr("no count"));
  EXPECT_THAT(refusal(one("F32", "[3]", "[0, 8]")), HasSubstr("more than the file holds"));
  EXPECT_THAT(refusal(one("F32", "[9223372036854775807, 9223372036854775807]", "[0, 8]")),
              HasSubstr("more than the file holds"));
  EXPECT_THAT(refusal(one("F32", "[1]", "[0, 8]")), HasSubstr("[1] and 8 bytes"));
  EXPECT_THAT(refusal(one("F32", "[2]", "[0, 9]")), HasSubstr("do not lie in the file"));
  EXPECT_THAT(refusal(one("F32", "[2]", "[8, 0]")), HasSubstr("do not lie in the file"));
  EXPECT_THAT(refusal(one("F32", "[2]", "[0]")), HasSubstr("do not lie in the file"));
  EXPECT_THAT(refusal(one("F32", "[1]", "[4, 8]")), HasSubstr("does not begin where"));
  EXPECT_THAT(refusal(one("F32", "[1]", "[0, 4]")), HasSubstr("4 bytes at its end"));
  const std::string two = R"({"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}, )"
                          R"("b": {"dtype": "F32", "shape": [1], "data_offsets": [4, 8]}})";
  EXPECT_THAT(refusal(with_header(two, 8)), HasSubstr("the tensor b does not begin where"));
  EXPECT_EQ(Safetensors::open(path_of("nowhere.safetensors")).status().kind(), StatusKind::kFailed);
}

TEST(Safetensors, EveryTruncationIsRefused) {
  const std::string whole = written();
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_NE(refusal(whole.substr(0, size)), "it was read") << size;
}

// Every mutant is read whole or refused with a sentence, and none harms.
TEST(Safetensors, MutantsAreReadOrRefused) {
  const std::string whole = written();
  Rng rng(5);
  int refused = 0;
  for (int round = 0; round < 2000; ++round) {
    std::string mutant = whole;
    // Mostly in the header, and there mostly digits for digits: what is nearly right.
    for (std::uint64_t change = 0; change <= rng.below(3); ++change) {
      char& byte = mutant[rng.below(rng.below(8) == 0 ? mutant.size() : 250)];
      byte = byte >= '0' && byte <= '9' ? static_cast<char>('0' + rng.below(10))
                                        : static_cast<char>(rng.below(256));
    }
    if (rng.below(5) == 0) mutant.resize(rng.below(mutant.size()));
    if (rng.below(20) == 0) mutant += "more";
    const auto tensors = opened(mutant);
    refused += !tensors.ok();
    if (!tensors.ok()) {
      EXPECT_THAT(tensors.status().message(), HasSubstr("some.safetensors"));
      continue;
    }
    for (const std::string& name : tensors->names()) {
      const auto floats = tensors->floats(name, tensors->shape(name));
      double sum = 0;  // touches every byte
      if (floats.ok())
        for (const float value : *floats) sum += value;
      EXPECT_FALSE(std::isnan(sum));
    }
  }
  EXPECT_GT(refused, 1000);
  EXPECT_LT(refused, 2000);
}

}  // namespace
}  // namespace crossfade
