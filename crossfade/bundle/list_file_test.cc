// Files of every year, and what is refused in which words.
#include "crossfade/bundle/list_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crossfade/base/file.h"

namespace crossfade {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

using Numbers = std::vector<std::int64_t>;

Result<ListFile> read(const std::string& text) {
  const std::string path = testing::TempDir() + "list_file_test";
  EXPECT_TRUE(write_file(path, text).ok());
  return read_list_file(path);
}

std::string error(const std::string& text) {
  const auto lists = read(text);
  EXPECT_EQ(lists.status().kind(), StatusKind::kDataInvalid) << text;
  EXPECT_THAT(lists.status().message(), HasSubstr("list_file_test"));
  return lists.status().message();
}

TEST(ListFile, ReadsListsByUser) {
  const auto lists = read("{\"user\": 7, \"tracks\": [3, 1]}\r\n\n{\"user\": 2, \"tracks\": []}\n");
  ASSERT_TRUE(lists.ok()) << lists.status().message();
  EXPECT_EQ(lists->by, ListsBy::kUser);
  EXPECT_THAT(std::get<Numbers>(lists->keys), ElementsAre(7, 2));
  EXPECT_THAT(std::get<Numbers>(lists->items), ElementsAre(3, 1));
  EXPECT_THAT(lists->offsets, ElementsAre(0, 2, 2));
}

TEST(ListFile, ReadsListsByTrack) {
  const auto lists = read(R"({"item_id": 0, "recommendations": [2, 7, 2]})");
  ASSERT_TRUE(lists.ok()) << lists.status().message();
  EXPECT_EQ(lists->by, ListsBy::kItem);
  EXPECT_THAT(std::get<Numbers>(lists->keys), ElementsAre(0));
  EXPECT_THAT(std::get<Numbers>(lists->items), ElementsAre(2, 7, 2)) << "repeats are kept";
}

TEST(ListFile, ReadsRecordsOfTracksOfWhichSomeLackRecommendations) {
  const auto lists = read(
      "{\"artist\": \"Ann\", \"title\": \"One\", \"track\": 4}\n"
      "{\"artist\": \"Bo\", \"title\": \"Two\", \"track\": 5, \"recommendations\": [4, 6]}\n"
      "{\"artist\": \"Bo\", \"title\": \"Two\", \"track\": 6, \"recommendations\": null}\n");
  ASSERT_TRUE(lists.ok()) << lists.status().message();
  EXPECT_EQ(lists->by, ListsBy::kItem);
  EXPECT_THAT(std::get<Numbers>(lists->keys), ElementsAre(4, 5, 6));
  EXPECT_THAT(lists->offsets, ElementsAre(0, 0, 2, 2));
}

TEST(ListFile, ReadsARanking) {
  const auto lists = read(" \n[9, 3,\n 5]\n");
  ASSERT_TRUE(lists.ok()) << lists.status().message();
  EXPECT_EQ(lists->by, ListsBy::kNothing);
  EXPECT_THAT(std::get<Numbers>(lists->items), ElementsAre(9, 3, 5));
  EXPECT_EQ(lists->num_lists(), 1);
}

TEST(ListFile, FilesOfAnotherKindAreRefusedInLineOne) {
  EXPECT_THAT(error(R"({"episode": 1})"), HasSubstr("line 1: no list of recommendations"));
  EXPECT_THAT(error(R"({"user": 1, "interests": [3], "consume_bias": 1})"),
              HasSubstr("line 1: the member 'tracks' is missing"));
  EXPECT_THAT(error("{\"track\": 1, \"artist\": \"A\", \"title\": \"B\"}\n"),
              HasSubstr("this is a catalogue (--catalog)"));
  EXPECT_THAT(error("7\n"), HasSubstr("line 1: not a JSON object"));
  EXPECT_THAT(error("PAR1..."), HasSubstr("line 1: not valid JSON"));
  EXPECT_THAT(error("\n"), HasSubstr("has no lists"));
  EXPECT_THAT(error("{\"user\": 1, \"tracks\": []}"), HasSubstr("all its lists are empty"));
  EXPECT_THAT(error("[]"), HasSubstr("the list of tracks is empty"));
  EXPECT_THAT(error("[1, \"a\"]"), HasSubstr("something else than integers"));
}

TEST(ListFile, LaterLinesKeepToTheShapeOfTheFirst) {
  const std::string first = "{\"user\": 1, \"tracks\": [1]}\n";
  EXPECT_THAT(error(first + R"({"item_id": 1, "recommendations": [1]})"),
              HasSubstr("line 2: the member 'user' is missing"));
  EXPECT_THAT(error(first + R"({"user": 1, "tracks": [2]})"),
              HasSubstr("line 2: a second list of user 1, which has one in line 1"));
  EXPECT_THAT(error(first + R"({"user": 2, "tracks": [2.5]})"), HasSubstr("line 2: the list"));
  EXPECT_THAT(error(first + R"({"user": 2, "tra)"), HasSubstr("line 2: not valid JSON"));
}

TEST(ListFile, AMissingFileIsNamed) {
  EXPECT_EQ(read_list_file("/no/such/file").status().kind(), StatusKind::kFailed);
}

}  // namespace
}  // namespace crossfade
