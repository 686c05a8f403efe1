// Candidate lists: each invariant, broken one at a time.
#include "crossfade/data/candidates.h"

#include <gmock/gmock.h>

#include <limits>

namespace crossfade {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Candidates two_lists() {
  Candidates c;
  c.users = {4, 2};
  c.offsets = {0, 2, 3};
  c.items = {5, 6, 5};
  c.scores = {2, 1, 7};
  c.sources = {0, 0, 0};
  c.source_names = {"popular"};
  return c;
}

std::string error_of(const Candidates& c) {
  return c.check(5, 7).message();
}

TEST(CandidatesTest, ListsAreViews) {
  const Candidates c = two_lists();
  EXPECT_EQ(c.num_lists(), 2);
  EXPECT_THAT(c.list(0), ElementsAre(5, 6));
  EXPECT_THAT(c.list_scores(1), ElementsAre(7));
  EXPECT_TRUE(c.check(5, 7).ok()) << error_of(c);
  EXPECT_TRUE(Candidates().check(0, 0).ok());
}

TEST(CandidatesTest, EqualScoresMayStandTogether) {
  Candidates c = two_lists();
  c.scores = {1, 1, 1};
  EXPECT_TRUE(c.check(5, 7).ok());
}

TEST(CandidatesTest, BrokenShapesAreNamed) {
  Candidates c = two_lists();
  c.offsets.pop_back();
  EXPECT_THAT(error_of(c), HasSubstr("2 users have 2 offsets"));
  c = two_lists();
  c.scores.pop_back();
  EXPECT_THAT(error_of(c), HasSubstr("3 items, 2 scores"));
  c = two_lists();
  c.offsets = {0, 3, 2};
  EXPECT_THAT(error_of(c), HasSubstr("list 1 (user index 2) ends before it starts"));
  c.offsets = {0, 1, 2};
  EXPECT_THAT(error_of(c), HasSubstr("end at row 2 of 3"));
}

TEST(CandidatesTest, BrokenRowsAreNamed) {
  Candidates c = two_lists();
  c.users[0] = 5;
  EXPECT_THAT(error_of(c), HasSubstr("a user beyond the 5 there are"));
  c = two_lists();
  c.items[2] = 7;
  EXPECT_THAT(error_of(c), HasSubstr("list 1 (user index 2) holds item index 7 of 7"));
  c = two_lists();
  c.items[1] = 5;
  EXPECT_THAT(error_of(c), HasSubstr("item index 5 twice"));
  c = two_lists();
  c.scores[1] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THAT(error_of(c), HasSubstr("not finite"));
  c = two_lists();
  c.scores[1] = 3;
  EXPECT_THAT(error_of(c), HasSubstr("scores that rise"));
  c = two_lists();
  c.sources[0] = 1;
  EXPECT_THAT(error_of(c), HasSubstr("unknown source"));
}

}  // namespace
}  // namespace crossfade
