// Vocabularies: dense and scattered numbers, any bytes, and their way to disk and back.
#include "crossfade/data/vocabulary.h"

#include <gmock/gmock.h>

#include <limits>

#include "crossfade/base/file.h"

namespace crossfade {
namespace {

using testing::HasSubstr;

constexpr std::int64_t kLowest = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kHighest = std::numeric_limits<std::int64_t>::max();

Vocabulary numbers(std::vector<std::int64_t> ids) {
  return Vocabulary(Array<std::int64_t>(std::move(ids)));
}
Vocabulary texts(const std::vector<std::string>& ids) {
  return Vocabulary(StringArray(ids));
}

TEST(VocabularyTest, DenseNumbers) {
  const Vocabulary v = numbers({12, 10, 11, 15});
  EXPECT_EQ(v.size(), 4);
  EXPECT_FALSE(v.is_text());
  EXPECT_EQ(v.find(std::int64_t{11}), 2);
  for (const std::int64_t absent : {std::int64_t{9}, std::int64_t{13}, std::int64_t{16}, kLowest})
    EXPECT_EQ(v.find(absent), kUnknown) << absent;
  EXPECT_EQ(v.id(3), ExternalId(std::int64_t{15}));
  EXPECT_EQ(v.id_text(3), "15");
}

TEST(VocabularyTest, ScatteredNumbersAndTheEndsOfTheRange) {
  const Vocabulary v = numbers({kHighest, 0, kLowest, -1});
  EXPECT_EQ(v.find(kHighest), 0);
  EXPECT_EQ(v.find(kLowest), 2);
  EXPECT_EQ(v.find(std::int64_t{-1}), 3);
  EXPECT_EQ(v.find(std::int64_t{1}), kUnknown);
}

TEST(VocabularyTest, TextOfAnyBytes) {
  const std::string zero("a\0b", 3);
  const Vocabulary v = texts({"", zero, "a", "\xff\xfe"});
  EXPECT_TRUE(v.is_text());
  EXPECT_EQ(v.find(std::string_view("")), 0);
  EXPECT_EQ(v.find(std::string_view(zero)), 1);
  EXPECT_EQ(v.find(std::string_view("\xff\xfe")), 3);
  EXPECT_EQ(v.find(std::string_view("b")), kUnknown);
  EXPECT_EQ(v.id(1), ExternalId(zero));
}

TEST(VocabularyTest, NumberAndItsDecimalTextAreOneId) {
  const Vocabulary as_numbers = numbers({7, -8});
  EXPECT_EQ(as_numbers.find(ExternalId(std::string("-8"))), 1);
  for (const char* other : {"07", "+7", "7 ", "7.0", "", "seven"})
    EXPECT_EQ(as_numbers.find(std::string_view(other)), kUnknown) << other;
  const Vocabulary as_texts = texts({"x", "7"});
  EXPECT_EQ(as_texts.find(ExternalId(std::int64_t{7})), 1);
  EXPECT_EQ(as_texts.find(std::int64_t{8}), kUnknown);
}

TEST(VocabularyTest, EmptyKnowsNothing) {
  EXPECT_EQ(Vocabulary().find(std::int64_t{0}), kUnknown);
  EXPECT_EQ(Vocabulary().find(std::string_view("0")), kUnknown);
  EXPECT_EQ(texts({}).size(), 0);
}

TEST(VocabularyTest, ManyScatteredIdsAreAllFound) {
  std::vector<std::int64_t> ids;
  for (std::int64_t i = 0; i < 5000; ++i) ids.push_back(i * i * 7919 - 3);
  const Vocabulary v = numbers(ids);
  for (std::size_t i = 0; i < ids.size(); ++i)
    ASSERT_EQ(v.find(ids[i]), static_cast<std::int32_t>(i));
}

TEST(VocabularyDeathTest, DuplicatesAreOurOwnMistake) {
  EXPECT_DEATH(numbers({1, 2, 1}), "twice");
  EXPECT_DEATH(numbers({1, kHighest, 1}), "twice");
  EXPECT_DEATH(texts({"a", "a"}), "twice");
}

class VocabularyFileTest : public testing::Test {
 protected:
  void SetUp() override {
    path_ = testing::TempDir() + "vocabulary_" +
            testing::UnitTest::GetInstance()->current_test_info()->name();
    ASSERT_TRUE(remove_tree(path_).ok());
  }
  void write(const Vocabulary& v) {
    ArtifactWriter writer = *ArtifactWriter::create(path_, "ids", 1);
    ASSERT_TRUE(v.save(writer, "users").ok());
    ASSERT_TRUE(writer.commit().ok());
  }
  Result<Vocabulary> read(const std::string& name = "users") {
    return Vocabulary::load(*Artifact::open(path_, "ids", 1), name);
  }
  std::string path_;
};

TEST_F(VocabularyFileTest, NumbersComeBack) {
  write(numbers({5, 3}));
  EXPECT_EQ(read()->find(std::int64_t{3}), 1);
}

TEST_F(VocabularyFileTest, TextsComeBack) {
  write(texts({"b", "a"}));
  EXPECT_EQ(read()->find(std::string_view("a")), 1);
}

TEST_F(VocabularyFileTest, NoIdsComeBack) {
  write(Vocabulary());
  EXPECT_EQ(read()->size(), 0);
}

TEST_F(VocabularyFileTest, DamageIsNamed) {
  ArtifactWriter writer = *ArtifactWriter::create(path_, "ids", 1);
  ASSERT_TRUE(writer.add<std::int64_t>("users.numbers.npy", std::vector<std::int64_t>{4, 4}).ok());
  const std::vector<std::int64_t> falling{0, 2, 1};
  ASSERT_TRUE(writer.add<std::int64_t>("items.offsets.npy", falling).ok());
  ASSERT_TRUE(writer.add<char>("items.bytes.npy", std::vector<char>{'a'}).ok());
  ASSERT_TRUE(writer.commit().ok());
  EXPECT_THAT(read().status().message(), HasSubstr("users: an id is there twice"));
  EXPECT_THAT(read("items").status().message(), HasSubstr("offsets are damaged"));
  EXPECT_THAT(read("none").status().message(), HasSubstr("has no ids called none"));
  EXPECT_EQ(read("none").status().kind(), StatusKind::kDataInvalid);
}

}  // namespace
}  // namespace crossfade
