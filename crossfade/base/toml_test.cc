// TOML: values, order and lines arrive; mistakes are named by line and column.
#include "crossfade/base/toml.h"

#include <gtest/gtest.h>

#include "crossfade/base/rng.h"

namespace crossfade {
namespace {

TEST(Toml, ValuesKeepTheirTypesAndTheirOrder) {
  const auto document = parse_toml(R"(
zebra = 1          # comes first, and stays first
apple = 0.5
[train.als]
factors = 64
on = true
lists = ["a", "б"]
day = 2022-12-01
)");
  ASSERT_TRUE(document.ok()) << document.status().message();
  EXPECT_EQ(to_text(document->root),
            R"({"zebra": 1, "apple": 0.5, "train": {"als": {"factors": 64, "on": true, )"
            R"("lists": ["a", "б"], "day": "2022-12-01"}}})");
  EXPECT_EQ(document->lines.at("zebra"), 2);
  EXPECT_EQ(document->lines.at("train.als"), 4);
  EXPECT_EQ(document->lines.at("train.als.on"), 6);
}

TEST(Toml, MistakesNameTheirPlace) {
  const Status status = parse_toml("a = 1\nb = \n").status();
  EXPECT_EQ(status.kind(), StatusKind::kDataInvalid);
  EXPECT_EQ(status.message().find("line 2, column 5: "), 0u) << status.message();
  const Status twice = parse_toml("a = 1\na = 2\n").status();
  EXPECT_EQ(twice.message().find("line 2"), 0u) << twice.message();
  EXPECT_FALSE(parse_toml("a = \"\xff\"").ok());
  // Where the library's promises to the compiler were broken.
  EXPECT_FALSE(parse_toml("\xC2\xB5 = 1").ok());
  EXPECT_FALSE(parse_toml("[t.\x01]").ok());
}

// Strangers' bytes: every mutant of a document is read or refused with a place, and none harms.
TEST(Toml, MutantsAreReadOrRefused) {
  const std::string whole =
      "a = 1\n[t.\"q x\"]\nlist = [1.5, 'x', {y = 2022-12-01T01:02:03Z}]\n[[more]]\nb = 0x1F\n"
      "s = \"\"\"\n\\u00e9 \"\"\"\n";
  Rng rng(7);
  int refused = 0;
  for (int i = 0; i < 5000; ++i) {
    std::string mutant = whole;
    for (std::uint64_t change = 1 + rng.below(3); change > 0; --change)
      mutant[rng.below(mutant.size())] = static_cast<char>(rng.below(256));
    if (rng.below(5) == 0) mutant.resize(rng.below(mutant.size()));
    const auto document = parse_toml(mutant);
    if (document.ok()) continue;
    ++refused;
    EXPECT_EQ(document.status().message().find("line "), 0u) << document.status().message();
  }
  EXPECT_GT(refused, 1000);
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "[";
  EXPECT_FALSE(parse_toml("a = " + deep).ok());
}

TEST(Toml, AValueOfACommandLineNeedsNoQuotes) {
  EXPECT_EQ(parse_toml_value("64"), Json(64));
  EXPECT_EQ(parse_toml_value("0.5"), Json(0.5));
  EXPECT_EQ(parse_toml_value("true"), Json(true));
  EXPECT_EQ(parse_toml_value("time:0.9"), Json("time:0.9"));
  EXPECT_EQ(parse_toml_value("[\"a\"]"), Json(Json::array().push("a")));
  EXPECT_EQ(parse_toml_value("1\nb = 2"), Json("1\nb = 2"));
}

}  // namespace
}  // namespace crossfade
