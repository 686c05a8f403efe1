// Json: what is parsed is printed back, in Python's form; what is broken is refused with its place.
#include "crossfade/base/json.h"

#include <gtest/gtest.h>

namespace crossfade {
namespace {

TEST(Json, RoundTripsInPythonsForm) {
  const std::string text =
      R"({"b": [1, -2.5, 1.0, true, null], "a": {"x": "q\"\\\n"}, "empty": {}, "none": []})";
  const auto json = parse_json(text);
  ASSERT_TRUE(json.ok());
  EXPECT_EQ(to_text(*json), text);
  EXPECT_EQ((*json)["a"]["x"].as_string()->size(), 4u);
}

TEST(Json, EscapesBeyondAscii) {
  EXPECT_EQ(to_text(Json("Ж\xF0\x9F\x8E\xB5"), /*ascii=*/true), R"("\u0416\ud83c\udfb5")");
  EXPECT_EQ(to_text(Json("\x7F"), /*ascii=*/true), R"("\u007f")");
  EXPECT_EQ(to_text(Json("Ж")), "\"Ж\"");
  EXPECT_EQ(to_text(Json(std::string("\x01", 1))), R"("\u0001")");
}

TEST(Json, MissingMembersAreNull) {
  EXPECT_TRUE(Json(3)["a"]["b"].is_null());
  EXPECT_NE(Json::object().int_at("size").status().message().find("'size'"), std::string::npos);
}

TEST(Json, LastOfTwoEqualKeysWins) {
  EXPECT_EQ(*(*parse_json(R"({"a": 1, "a": 2})"))["a"].as_int(), 2);
}

TEST(Json, RefusesWhatIsNotJson) {
  for (const char* text : {"", "{", "[1,]", "{'a': 1}", "nul", "1 2", "\"\x80\"", "NaN"})
    EXPECT_FALSE(parse_json(text).ok()) << text;
  EXPECT_FALSE(parse_json(std::string(100, '[') + std::string(100, ']')).ok());
  EXPECT_TRUE(parse_json(std::string(60, '[') + std::string(60, ']')).ok());
}

TEST(Json, HugeIntegersBecomeDoubles) {
  EXPECT_EQ((*parse_json("9223372036854775807")).number(), 9223372036854775807.0);
  EXPECT_FALSE((*parse_json("9223372036854775808")).is_int());
}

TEST(Json, PrettyFormIsIndented) {
  EXPECT_EQ(to_pretty_text(*parse_json(R"({"a": [1, 2]})")),
            "{\n  \"a\": [\n    1,\n    2\n  ]\n}\n");
}

}  // namespace
}  // namespace crossfade
