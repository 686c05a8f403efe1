// Recipes: what is written becomes stages in order; every mistake is a sentence with a line.
#include "crossfade/pipeline/recipe.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crossfade/base/rng.h"
#include "crossfade/pipeline/test_kinds.h"

namespace crossfade {
namespace {

using testing::HasSubstr;

StageDiary g_diary;  // nothing runs here

const std::vector<StageKind>& kinds() {
  static const std::vector<StageKind> list = test_kinds(g_diary);
  return list;
}

Result<Recipe> read(const std::string& toml, std::vector<std::string> overrides = {}) {
  return read_recipe({"r.toml", toml, std::move(overrides)}, kinds());
}

void refuse(const std::string& toml, StatusKind kind, const std::vector<std::string>& words,
            std::vector<std::string> overrides = {}) {
  const auto recipe = read(toml, std::move(overrides));
  ASSERT_FALSE(recipe.ok()) << toml;
  EXPECT_EQ(recipe.status().kind(), kind) << recipe.status().message();
  for (const std::string& word : words) EXPECT_THAT(recipe.status().message(), HasSubstr(word));
}

TEST(Recipe, SectionsBecomeStagesInTheOrderOfTheirInputs) {
  const auto recipe = read(R"(
name = "two"
seed = 9
[count.sum]
of = ["b/inner/text", "a/text", "outside.txt"]
twice = true
[write.a]
[write.b]
text = "xy"
times = 3
)");
  ASSERT_TRUE(recipe.ok()) << recipe.status().message();
  EXPECT_EQ(recipe->name, "two");
  ASSERT_EQ(recipe->stages.size(), 3u);
  EXPECT_EQ(recipe->stages[0].name, "a");
  EXPECT_EQ(recipe->stages[0].values["text"], Json("abc"));
  EXPECT_EQ(recipe->stages[0].values["seed"], Json(9));
  EXPECT_EQ(recipe->stages[1].settings, std::vector<std::string>{"times=3"});
  EXPECT_EQ(recipe->stages[1].knobs["times"], Json(3));
  const RecipeStage& sum = recipe->stages[2];
  ASSERT_EQ(sum.inputs.size(), 3u);
  EXPECT_EQ(sum.inputs[0].stage, 1);
  EXPECT_EQ(sum.inputs[0].inner, "inner/text");
  EXPECT_EQ(sum.inputs[1].stage, 0);
  EXPECT_EQ(sum.inputs[2].stage, -1);
}

TEST(Recipe, AKindAloneNamesItsStageAndTheFileTheRecipe) {
  const auto recipe = read("[write]\ntext = \"x\"\n");
  ASSERT_TRUE(recipe.ok()) << recipe.status().message();
  EXPECT_EQ(recipe->name, "r");
  EXPECT_EQ(recipe->stages[0].name, "write");
}

TEST(Recipe, OverridesReplaceKeysKnobsAndTheSeed) {
  const auto recipe =
      read("[write.a]\ntimes = 2\n", {"a.times=4", "a.text=long words", "seed=5", "name=other"});
  ASSERT_TRUE(recipe.ok()) << recipe.status().message();
  EXPECT_EQ(recipe->stages[0].knobs["times"], Json(4));
  EXPECT_EQ(recipe->stages[0].values["text"], Json("long words"));
  EXPECT_EQ(recipe->stages[0].values["seed"], Json(5));
  EXPECT_EQ(recipe->name, "other");
}

TEST(Recipe, UnknownNamesGetTheNearestAndTheLine) {
  const StatusKind usage = StatusKind::kUsage;
  refuse("\n[wriet.a]\n", usage, {"r.toml, line 2", "kind of stage", "'wriet'", "'write'"});
  refuse("[write.a]\ntxt = \"x\"\n", usage, {"line 2", "'txt'", "'text'"});
  refuse("[write.a]\ntime = 3\n", usage, {"line 2", "'times'"});
  refuse("sede = 1\n[write.a]\n", usage, {"line 1", "'seed'"});
  refuse("[write.a]\n", usage, {"--set b.text=1", "Known: a"}, {"b.text=1"});
  refuse("[write.a]\n", usage, {"--set a.txet=1", "'text'"}, {"a.txet=1"});
}

TEST(Recipe, WrongValuesSayWhatWouldBeRight) {
  const StatusKind usage = StatusKind::kUsage;
  refuse("[write.a]\ntimes = 10\n", usage, {"line 2", "times", "1 to 9"});
  refuse("[write.a]\nseed = \"x\"\n", usage, {"line 2", "seed", "a whole number"});
  refuse("[count.a]\nof = [\"x\"]\ntwice = 1\n", usage, {"line 3", "true or false"});
  refuse("seed = -1\n[write.a]\n", usage, {"line 1", "seed", "from 0 on"});
  refuse("[count.sum]\n", usage, {"line 1", "sum needs the key of"});
  refuse("[write.a]\n[write.a.text]\nx = 1\n", usage, {"text cannot be"});
}

TEST(Recipe, WrongFormsAreRefused) {
  refuse("[write.a\n", StatusKind::kDataInvalid, {"r.toml: line 1"});
  refuse("name = \"x\"\n", StatusKind::kUsage, {"no stages"});
  refuse("[write]\ntext = \"x\"\n[write.a]\n", StatusKind::kUsage, {"keys of its own"});
  refuse("[write.a]\n[count.a]\nof = [\"x\"]\n", StatusKind::kUsage, {"line 2", "two stages"});
  refuse("[write.\"a/b\"]\n", StatusKind::kUsage, {"'a/b'"});
  refuse("[write.report]\n", StatusKind::kUsage, {"'report'"});
}

// Whatever is changed in a recipe: it is read, or refused in a sentence that names the file.
TEST(Recipe, MutantsAreReadOrRefused) {
  const std::string whole =
      "name = \"x\"\nseed = 3\n[write.a]\ntimes = 2\n[write.b]\ninto = \"a\"\n[count.c]\n"
      "of = [\"a/text\", \"b\"]\ntwice = true\n";
  Rng rng(11);
  for (int i = 0; i < 5000; ++i) {
    std::string mutant = whole;
    for (std::uint64_t change = 1 + rng.below(3); change > 0; --change)
      mutant[rng.below(mutant.size())] = static_cast<char>(rng.below(128));
    const auto recipe = read(mutant);
    if (recipe.ok()) continue;
    EXPECT_THAT(recipe.status().message(), HasSubstr("r.toml")) << mutant;
  }
}

TEST(Recipe, StagesThatWaitForEachOtherAreNamed) {
  refuse("[write.a]\ninto = \"b\"\n[write.b]\ninto = \"a/inner\"\n[write.c]\n", StatusKind::kUsage,
         {"wait for each other", "a <- b <- a"});
  refuse("[write.a]\ninto = \"a\"\n", StatusKind::kUsage, {"a <- a"});
}

}  // namespace
}  // namespace crossfade
