// Json: what is parsed is printed back, in Python's form; what is broken is refused with its place.
#include "crossfade/base/json.h"

#include <gtest/gtest.h>

#include "crossfade/base/clock.h"

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

TEST(Json, RepeatedKeysKeepTheFirstPlaceAndTheLastValue) {
  EXPECT_EQ(to_text(*parse_json(R"({"b": 1, "a": 2, "b": 3, "c": 4, "a": {"b": 5}, "b": 6})")),
            R"({"b": 6, "a": {"b": 5}, "c": 4})");
}

TEST(Json, ManyKeysAreNotManySearches) {
  // 200,000 keys as /v1 may get them in one body; searching for each would compare 2 * 10^10 times,
  // minutes of work. The bound is generous: parsing takes well below a second.
  std::string text = "{";
  for (int i = 0; i < 200'000; ++i) text += "\"k" + std::to_string(i % 199'999) + "\":1,";
  text.back() = '}';
  const SystemClock clock;
  const std::int64_t start_ns = clock.steady_ns();
  const auto parsed = parse_json(text);
  EXPECT_LT(clock.steady_ns() - start_ns, 10'000'000'000);
  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ(parsed->as_object()->size(), 199'999u);
}

TEST(Json, WhatIsPrintedIsAlwaysUtf8) {
  const std::string broken = "a\xFF\xD1z\xF0\x9F";
  EXPECT_EQ(to_text(Json(broken)), "\"a\xEF\xBF\xBD\xEF\xBF\xBDz\xEF\xBF\xBD\xEF\xBF\xBD\"");
  EXPECT_EQ(to_text(Json(broken), true), "\"a\\ufffd\\ufffdz\\ufffd\\ufffd\"");
  EXPECT_EQ(to_text(Json("\xED\xA0\x80"), true), "\"\\ud800\"");  // a lone surrogate, as in Python
  EXPECT_TRUE(parse_json(to_text(Json("\xED\xA0\x80"))).ok());
  EXPECT_TRUE(parse_json(to_text(Json::object().set("\xFF", "\x80"))).ok());
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
