// Every held-out interaction is a question with its own history; by hand.
#include "crossfade/data/splits/successive.h"

#include <gmock/gmock.h>

#include <limits>

#include "crossfade/data/splits/split_plan.h"
#include "crossfade/data/test_log.h"

namespace crossfade {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// User 7: 1 2 | 5 6, user 9: 3 | 8.
Dataset planted() {
  return make_dataset({{7, 10, 1}, {7, 11, 2}, {9, 10, 3}, {7, 12, 5}, {7, 13, 6}, {9, 11, 8}});
}

Result<SplitOutcome> outcome_of(const Dataset& d, bool validation) {
  TestContext run;
  SplitPlan plan{{}, "time:0.5", {}};
  plan.settings.target = "successive";
  plan.settings.validation = validation;
  return run_split(d, plan, run);
}

TEST(SuccessiveTest, EveryInteractionIsAskedForInTurn) {
  const SplitOutcome outcome = *outcome_of(planted(), false);
  const Dataset& test = outcome.split.test;
  const Dataset& known = *outcome.split.fold_in;
  EXPECT_TRUE(test.check().ok());
  EXPECT_TRUE(known.check().ok());
  EXPECT_EQ(outcome.split.train.num_users(), 2);  // a model knows no question
  EXPECT_THAT(test.users().numbers(), ElementsAre(7, 9, 10, 11, 12));
  EXPECT_THAT(test.domains()[0].offsets, ElementsAre(0, 0, 0, 1, 2, 3));
  EXPECT_THAT(test.domains()[0].time_ns, ElementsAre(5, 6, 8));
  EXPECT_THAT(known.domains()[0].offsets, ElementsAre(0, 0, 0, 2, 5, 6));
  EXPECT_THAT(known.domains()[0].time_ns, ElementsAre(1, 2, 1, 2, 5, 3));
  EXPECT_THAT(known.domains()[0].item, ElementsAre(0, 1, 0, 1, 2, 0));
  const PartReport& report = outcome.report.parts[1];
  EXPECT_EQ(report.size, (DatasetSize{3, 3, 3}));
  EXPECT_EQ(report.cold_users, 0);
  EXPECT_DOUBLE_EQ(report.cold_rows, 2.0 / 3);  // items 12 and 13
}

TEST(SuccessiveTest, TheValidationIsAskedTheSameWay) {
  // Half of the three before the test: user 7's first, then 2 and 3 are validation.
  const SplitOutcome outcome = *outcome_of(planted(), true);
  ASSERT_TRUE(outcome.split.validation && outcome.split.validation_fold_in);
  EXPECT_THAT(outcome.split.validation->domains()[0].time_ns, ElementsAre(2, 3));
  EXPECT_THAT(outcome.split.validation_fold_in->domains()[0].time_ns, ElementsAre(1));
  EXPECT_THAT(outcome.split.fold_in->domains()[0].time_ns, ElementsAre(1, 2, 1, 2, 5, 3));
}

TEST(SuccessiveTest, TheFirstOfEachMayBeHistoryToTheOthers) {
  TestContext run;
  SplitPlan plan{{}, "time:0.5", {}};
  plan.settings.target = "following";
  plan.settings.validation = false;
  const SplitOutcome outcome = *run_split(planted(), plan, run);
  // User 7 has two of the test, user 9 only one.
  EXPECT_THAT(outcome.split.test.domains()[0].time_ns, ElementsAre(6));
  EXPECT_THAT(outcome.split.fold_in->domains()[0].time_ns, ElementsAre(1, 2, 5));
  plan.by = "last:1";  // one for each, which is none to ask for
  const Status nothing = run_split(planted(), plan, run).status();
  EXPECT_EQ(nothing.kind(), StatusKind::kDataInvalid);
  EXPECT_THAT(nothing.message(), HasSubstr("no user has two interactions in the test"));
}

TEST(SuccessiveTest, IdsMayBeText) {
  TestContext run;
  LogColumns log;
  log.users = std::vector<std::string>{"anna", "anna", "boris", "boris"};
  log.items = std::vector<std::string>{"x", "y", "x", "y"};
  const Dataset d = *build_dataset(Dataset(), "music", log, run);
  const Questions questions =
      *ask_one_by_one(d, {{kTrain, kTest, kTrain, kTest}}, kTest, {true}, AskFrom::kFirst, run);
  EXPECT_EQ(questions.asked.users().id_text(2), "anna/1");
  EXPECT_EQ(questions.known.users().id_text(3), "boris/1");
}

TEST(SuccessiveTest, WhatCannotBeAskedIsSaid) {
  TestContext run;
  const Dataset two = *build_dataset(planted(), "shop", make_log({{7, 1, 9}}), run);
  EXPECT_THAT(outcome_of(two, false).status().message(), HasSubstr("one domain"));
  const Dataset last = make_dataset({{std::numeric_limits<std::int64_t>::max(), 1, 1},
                                     {std::numeric_limits<std::int64_t>::max(), 2, 2}});
  EXPECT_THAT(outcome_of(last, false).status().message(), HasSubstr("no numbers"));
}

}  // namespace
}  // namespace crossfade
