// TOML: values, order and lines arrive; mistakes are named by line and column.
#include "crossfade/base/toml.h"

#include <gtest/gtest.h>

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
