// Flows as they are written: what they come to, and each sentence about those that are wrong.
#include "crossfade/serving/flow_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crossfade/base/toml.h"

namespace crossfade {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Result<FlowPlan> parse(const std::string& toml) {
  const TomlDocument document = *parse_toml(toml);
  return parse_flow_plan(document.root, document.lines);
}

std::string error(const std::string& toml) {
  const auto plan = parse(toml);
  EXPECT_EQ(plan.status().kind(), StatusKind::kUsage) << toml;
  return plan.status().message();
}

std::vector<std::string> texts_of(const FlowEntry& flow) {
  std::vector<std::string> texts;
  for (const SourceEntry& source : flow.sources) texts.push_back(source.text);
  return texts;
}

TEST(FlowPlan, PutsFlowsInTheirPlaces) {
  const auto plan = parse(R"(
    [flows]
    sticky = ["sticky_artist", "flow:any"]
    both = { sources = ["indexed:a", "flow:sticky"], repeats = true }
    any = ["random"]
    default = ["popular"]
  )");
  ASSERT_TRUE(plan.ok()) << plan.status().message();
  ASSERT_EQ(plan->flows.size(), 4u);
  EXPECT_THAT(texts_of(plan->flows[0]), ElementsAre("sticky_artist", "random"));
  EXPECT_FALSE(plan->flows[0].repeats);
  EXPECT_THAT(texts_of(plan->flows[1]), ElementsAre("indexed:a", "sticky_artist", "random"));
  EXPECT_TRUE(plan->flows[1].repeats);
  EXPECT_EQ(plan->default_flow, 3u);
}

TEST(FlowPlan, MapsTreatmentsToFlows) {
  const auto plan = parse(R"(
    [flows]
    a = ["random"]
    b = ["popular"]
    [[experiments]]
    name = "HSTU"
    split = 3
    layer = "ranking"
    traffic = 0.5
    overrides = { 17 = "T1" }
    flows = { T2 = "b", C = "a", T1 = "a" }
    [[experiments]]
    name = "AA"
  )");
  ASSERT_TRUE(plan.ok()) << plan.status().message();
  ASSERT_EQ(plan->experiments.size(), 2u);
  EXPECT_THAT(plan->experiments[0].flows, ElementsAre(0, 0, 1));
  EXPECT_EQ(plan->experiments[0].config.layer, "ranking");
  EXPECT_EQ(plan->experiments[0].config.overrides.size(), 1u);
  EXPECT_TRUE(plan->experiments[1].flows.empty());
  EXPECT_EQ(plan->experiments[1].config.split, 2);
}

TEST(FlowPlan, NothingIsAPlanToo) {
  EXPECT_TRUE(parse("")->flows.empty());
  EXPECT_TRUE(parse("[parts]\na = \"b\"\n")->experiments.empty()) << "the file's reader knows it";
}

TEST(FlowPlan, WrongFlowsAreNamedWithTheirLine) {
  EXPECT_THAT(error("[flows]\na = [\"random\"]\nb = [\"rndom\"]\n"),
              HasSubstr("line 3: flow 'b': there is no kind of source called 'rndom'"));
  EXPECT_THAT(error("[flows]\na = []\n"), HasSubstr("a flow is a list of sources"));
  EXPECT_THAT(error("[flows]\na = 5\n"), HasSubstr("a flow is a list of sources"));
  EXPECT_THAT(error("[flows]\na = [5]\n"), HasSubstr("a source is a text"));
  EXPECT_THAT(error("flows = 5\n"), HasSubstr("'flows' is a table"));
  EXPECT_THAT(error("[flows]\na = { sources = [\"random\"], repeat = true }\n"),
              HasSubstr("no member of a flow called 'repeat'"));
  EXPECT_THAT(error("[flows]\na = { sources = [\"random\"], repeats = 1 }\n"),
              HasSubstr("'repeats' is true or false"));
  EXPECT_THAT(error("[flows]\na = [\"flow:c\"]\nab = [\"random\"]\n"),
              HasSubstr("there is no flow called 'c'"));
}

TEST(FlowPlan, ACircleIsShown) {
  EXPECT_THAT(error("[flows]\na = [\"flow:b\"]\nb = [\"random\", \"flow:c\"]\nc = [\"flow:b\"]\n"),
              HasSubstr("line 2: flow 'a': the flow leads back to itself: a -> b -> c -> b"));
  EXPECT_THAT(error("[flows]\na = [\"flow:a\"]\n"), HasSubstr("a -> a"));
}

TEST(FlowPlan, EveryTreatmentHasAFlow) {
  const std::string flows = "[flows]\na = [\"random\"]\n[[experiments]]\nname = \"X\"\nsplit = 3\n";
  EXPECT_THAT(error(flows + "flows = { C = \"a\", T2 = \"a\" }\n"),
              HasSubstr("experiment 'X': the treatment T1 has no flow; give one to each of C, T1, "
                        "T2"));
  EXPECT_THAT(error(flows + "flows = { C = \"a\", T1 = \"b\", T2 = \"a\" }\n"),
              HasSubstr("experiment 'X': T1: there is no flow called 'b'"));
  EXPECT_THAT(error(flows + "flows = { C = \"a\", T1 = \"a\", T2 = \"a\", T3 = \"a\" }\n"),
              HasSubstr("no treatment called 'T3'"));
  EXPECT_THAT(error(flows + "flows = [\"a\"]\n"), HasSubstr("'flows' is a table"));
}

TEST(FlowPlan, ExperimentsAreThoseOfTheAssignment) {
  EXPECT_THAT(error("[[experiments]]\nsplits = 2\nname = \"X\"\n"), HasSubstr("splits"));
  EXPECT_THAT(error("[[experiments]]\nname = \"X\"\nsplit = 1\n"), HasSubstr("split"));
  EXPECT_THAT(error("[[experiments]]\nname = \"X\"\n[[experiments]]\nname = \"X\"\n"),
              HasSubstr("twice"));
  EXPECT_THAT(error("experiments = 5\n"), HasSubstr("[[experiments]]"));
  EXPECT_THAT(error("experiments = [5]\n"), HasSubstr("[[experiments]]"));
}

TEST(FlowPlan, OnlyOneExperimentMayChooseAUsersFlow) {
  const auto two = [](const std::string& first, const std::string& second) {
    return "[flows]\na = [\"random\"]\n[[experiments]]\nname = \"X\"\nflows = { C = \"a\", T1 = "
           "\"a\" }\n" +
           first + "[[experiments]]\nname = \"Y\"\nflows = { C = \"a\", T1 = \"a\" }\n" + second;
  };
  EXPECT_THAT(error(two("", "")), HasSubstr("'X' and 'Y' both choose flows"));
  EXPECT_THAT(error(two("layer = \"l\"\ntraffic = 0.5\n", "layer = \"m\"\n")),
              HasSubstr("put them into one layer"));
  EXPECT_TRUE(parse(two("layer = \"l\"\ntraffic = 0.5\n", "layer = \"l\"\ntraffic = 0.5\n")).ok());
}

}  // namespace
}  // namespace crossfade
