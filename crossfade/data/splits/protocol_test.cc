// Every protocol can be run, says how it is judged, and is read back from a split's manifest.
#include "crossfade/data/splits/protocol.h"

#include <gmock/gmock.h>

#include <set>

#include "crossfade/data/test_log.h"

namespace crossfade {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(ProtocolTest, AllAreWrittenSoThatTheyParse) {
  std::set<std::string> names;
  for (const Protocol& protocol : protocols()) {
    EXPECT_TRUE(names.insert(protocol.name).second) << protocol.name;
    EXPECT_TRUE(parse_filters(protocol.plan.filters).ok()) << protocol.name;
    EXPECT_TRUE(protocol.plan.by.empty() || parse_split(protocol.plan.by).ok()) << protocol.name;
    EXPECT_FALSE(protocol.source.empty() || protocol.summary.empty()) << protocol.name;
    EXPECT_FALSE(protocol.conventions.ks.empty() || protocol.conventions.metrics.empty());
    EXPECT_THAT(describe_protocols(), HasSubstr(protocol.name));
    for (const KnobInfo& knob : list_knobs(protocol.plan.settings)) {
      const bool choice = knob.type == "choice";
      EXPECT_TRUE(!choice || parse_knob(knob, *knob.value.as_string()).ok()) << protocol.name;
    }
  }
  EXPECT_TRUE(names.contains("sasrec-loo") && names.contains("time-to-split") &&
              names.contains("liang") && names.contains("kdd24") && names.contains("hackathon") &&
              names.contains("hse-challenge") && names.contains("lightgcn"));
  EXPECT_THAT(find_protocol("sasrec").status().message(), HasSubstr("sasrec-loo"));
}

TEST(ProtocolTest, TheRecipesDoWhatThePapersSay) {
  TestContext run;
  const Dataset d = *build_dataset(Dataset(), "music", random_log(6000, 3), run);
  const auto outcome = [&](const std::string& name) {
    SplitPlan plan = find_protocol(name)->plan;
    return *run_split(d, plan, run);
  };
  // Leave one out: lists are made from everything but the last interaction.
  const SplitOutcome loo = outcome("sasrec-loo");
  EXPECT_EQ(loo.split.fold_in->domains()[0].num_interactions() +
                loo.split.test.domains()[0].num_interactions(),
            loo.filters.back().after.rows);
  // One target per user, and none of train's users is missing from the fold-in.
  const SplitOutcome time = outcome("time-to-split");
  const Domain& targets = time.split.test.domains()[0];
  for (UserIndex user = 0; user < time.split.test.num_users(); ++user) {
    EXPECT_LE(targets.history(user).size(), 1U);
    EXPECT_EQ(targets.history(user).empty(),
              time.split.fold_in->domains()[0].history(user).empty());
  }
  EXPECT_EQ(time.report.parts[2].overlap, 0);
  // Nothing cold, one row per pair.
  SplitPlan plan = find_protocol("kdd24")->plan;
  plan.filters[1] = "min_weight:0.2";  // random weights lie between 0 and 1
  const SplitOutcome warm = *run_split(d, plan, run);
  EXPECT_EQ(warm.report.parts[2].name, "test");
  EXPECT_EQ(warm.filters[0].after.rows, to_matrix(d.domains()[0], d.num_users(), run).nonzeros());
}

TEST(ProtocolTest, ConventionsAreReadBackFromTheManifest) {
  TestContext run;
  const Dataset d = make_dataset({{1, 10, 1}, {1, 11, 2}, {1, 12, 3}});
  const Protocol protocol = *find_protocol("sasrec-loo-whole");
  const SplitOutcome outcome = *run_split(d, protocol.plan, run);
  const Json manifest = split_manifest("abc", protocol.plan, protocol, outcome);
  EXPECT_EQ(*manifest["store"].as_string(), "abc");
  EXPECT_EQ(*manifest["parts"]["test"]["rows"].as_int(), 1);
  const auto record = read_split_manifest(to_pretty_text(manifest));
  ASSERT_TRUE(record.has_value());
  EXPECT_EQ(record->protocol, "sasrec-loo-whole");
  EXPECT_TRUE(record->conventions.fold_in);
  EXPECT_FALSE(record->conventions.keep_seen);
  EXPECT_THAT(record->conventions.ks, ElementsAre(10));
  EXPECT_THAT(record->conventions.metrics, ElementsAre("ndcg", "hit_rate", "coverage"));
  EXPECT_EQ(record->conventions.notes, protocol.conventions.notes);
  EXPECT_THAT(conventions_text(record->protocol, record->conventions),
              HasSubstr("items seen before are left out; ndcg, hit_rate, coverage at 10"));
}

TEST(ProtocolTest, OtherManifestsNameNoProtocol) {
  TestContext run;
  const Dataset d = make_dataset({{1, 10, 1}, {1, 11, 2}, {1, 12, 3}});
  const SplitPlan plan{{}, "last:1", {}};
  const Json without = split_manifest("abc", plan, std::nullopt, *run_split(d, plan, run));
  for (const std::string& text :
       {std::string(R"({"kind": "store"})"), std::string("{"), std::string("[]")})
    EXPECT_FALSE(read_split_manifest(text).has_value()) << text;
  for (const std::string& text :
       {to_text(without), std::string(R"({"kind": "split", "protocol": {"name": 7}})")})
    EXPECT_EQ(read_split_manifest(text)->protocol, "") << text;
  const auto strange =
      read_split_manifest(R"({"kind": "split", "protocol": {"name": "x", "conventions": )"
                          R"({"k": [0, "a"], "metrics": 3}}})");
  ASSERT_TRUE(strange.has_value());
  EXPECT_TRUE(strange->conventions.ks.empty());
}

}  // namespace
}  // namespace crossfade
