// What a person reads of an exploration, and that machines get every part.
#include "crossfade/data/exploration/exploration_document.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "crossfade/data/test_log.h"

namespace crossfade {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr std::int64_t kDay = 86'400'000'000'000;

ExplorationReport report_of(const Dataset& dataset) {
  TestContext run;
  ExplorationReport report;
  report.title = "The log";
  report.exploration = *explore(dataset, {}, run);
  ImportReport& import = report.imports.emplace_back();
  import.source = "log.parquet";
  import.rows_read = 5;
  import.rows_kept = 4;
  import.drop("missing user id", "row 3: item 9");
  return report;
}

Dataset small() {
  return make_dataset({{1, 10, 0}, {1, 10, 40 * kDay, 3}, {2, 11, kDay}, {2, 11, kDay}});
}

TEST(ExplorationDocument, BriefHasSizesSpreadAndOddities) {
  const std::string text = to_text(brief_document(report_of(small())));
  EXPECT_THAT(text,
              HasSubstr("music              4      2      2       2.0  1970-01-01  1970-02-10"));
  EXPECT_THAT(text, HasSubstr("log.parquet: 1 of 5 rows dropped: 1 missing user id."));
  EXPECT_THAT(text, HasSubstr("same user, item and moment again"));
  EXPECT_THAT(text, HasSubstr("row 3: item 9"));
  EXPECT_THAT(text, Not(HasSubstr("Overlap")));
}

TEST(ExplorationDocument, BriefHasGrowthPopularityAndTheMostTaken) {
  ExplorationReport report = report_of(small());
  DomainExploration& domain = report.exploration.domains[0];
  domain.values.has_kinds = true;
  domain.values.kind_names = {"view"};
  domain.labels.push_back({.attribute = "genre", .top = {{"rock", 3, 2, 1}}});
  const std::string text = to_markdown(brief_document(report));
  EXPECT_THAT(text, HasSubstr("| 1970-01 | 3 | 2 | 2 | 2 |\n| 1970-02 | 1 | 1 | 0 | 0 |"));
  EXPECT_THAT(text, HasSubstr("| music | 1 |"));  // items of half of all events
  EXPECT_THAT(text, HasSubstr("| item | 10 | 2 |"));
  EXPECT_THAT(text, HasSubstr("| genre | rock | 3 |"));
  EXPECT_THAT(text, HasSubstr("| 0 (view) | 4 |"));
  EXPECT_EQ(months_table(domain.time, 1).rows().size(), 1U);
}

TEST(ExplorationDocument, FullHasAPartForEachQuestion) {
  ExplorationReport report = report_of(small());
  TestContext run;
  const Dataset dataset = small();
  report.drift = explore_drift({dataset.users(), dataset.domains()[0]},
                               {dataset.users(), dataset.domains()[0]}, run.threads);
  report.drift_against = "test.parquet";
  const std::string text = to_markdown(full_document(report));
  for (const char* heading :
       {"### Data quality", "### Growth", "### Hours and weekdays", "### Histories and sessions",
        "### Popularity", "### Weights", "### Drift, against test.parquet"})
    EXPECT_THAT(text, HasSubstr(heading));
  EXPECT_THAT(text, HasSubstr("the log has days, not hours"));
  EXPECT_THAT(text, HasSubstr("| 1970-01 | 3 | 2 | 2 | 2 |\n| 1970-02 | 1 | 1 | 0 | 0 |"));
  EXPECT_LT(to_html(full_document(report)).size(), 1'000'000u);
}

TEST(ExplorationDocument, NumbersOfItemsHaveTheirQuartiles) {
  const Dataset plain = small();
  Domain domain = plain.domains()[0];
  domain.about.attributes.push_back({"year", NumberAttribute{std::vector<float>{1999, 2001}}});
  const ExplorationReport report = report_of({plain.users(), {domain}});
  EXPECT_THAT(to_markdown(brief_document(report)),
              HasSubstr("| music | year | 2 | 0 | 2000.00 | 1999 | 1999 | 1999 | 2001 |"));
  const Json json = to_json(report);
  const Json& domains = json["domains"];
  const Json& found = (*(*domains.as_array())[0]["numbers"].as_array())[0];
  EXPECT_EQ(found["max"].number(), 2001);
}

TEST(ExplorationDocument, NumbersOfUsersHaveTheirQuartilesToo) {
  const Dataset plain = small();
  const auto users = static_cast<std::size_t>(plain.num_users());
  std::vector<float> ages(users, std::numeric_limits<float>::quiet_NaN());
  ages[0] = 18;
  ages[1] = 21.5F;
  ItemTable about;
  about.attributes.push_back({"age", NumberAttribute{ages}});
  const ExplorationReport report = report_of(Dataset(plain.users(), plain.domains(), about));
  EXPECT_THAT(to_markdown(brief_document(report)),
              HasSubstr("| age | 2 | " + std::to_string(users - 2) +
                        " | 19.75 | 18.00 | 18.00 | 18.00 | 21.50 | 21.50 |"));
  const Json json = to_json(report);
  const Json& found = (*json["about_users"]["numbers"].as_array())[0];
  EXPECT_EQ(found["users"].number(), 2);
  EXPECT_EQ(found["max"].number(), 21.5);
}

TEST(ExplorationDocument, SeveralDomainsAreNamed) {
  TestContext run;
  const Dataset both = *build_dataset(small(), "shop", make_log({{2, 70, 5}, {3, 71, 6}}), run);
  const std::string text = to_text(full_document(report_of(both)));
  EXPECT_THAT(text, HasSubstr("music: growth\n"));
  EXPECT_THAT(text, HasSubstr("shop: popularity\n"));
  EXPECT_THAT(text, HasSubstr("Overlap of domains\n"));
}

TEST(ExplorationDocument, JsonHasEveryPart) {
  const Json json = to_json(report_of(small()));
  const Json& domain = (*json["domains"].as_array())[0];
  EXPECT_EQ(*domain["interactions"].as_int(), 4);
  EXPECT_EQ(domain["time"]["months"].as_array()->size(), 2u);
  EXPECT_EQ(*domain["histories"]["duplicates"].as_int(), 1);
  EXPECT_EQ(*domain["popularity"]["repeats"].as_int(), 2);
  EXPECT_EQ(domain["values"]["weights"].as_array()->size(), 2u);
  EXPECT_TRUE(json["drift"].is_null());
}

}  // namespace
}  // namespace crossfade
