// The record of an answer: exact, read back, and refused where a member is wrong.
#include "crossfade/events/answer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crossfade/base/json.h"

namespace crossfade {
namespace {

using testing::HasSubstr;

Answer full() {
  return {"next",
          ExternalId(7),
          "music",
          12,
          ExternalId(10),
          "i2i",
          {{"HSTU", "T1"}, {"A \"quoted\" \xD0\xB6", "C"}},
          {{ExternalId(17), "i2i", 0.5}, {ExternalId("a\nb"), "random", 1e-05}}};
}

std::string encoded(const Answer& answer) {
  std::string text;
  encode_answer(answer, text);
  return text;
}

TEST(Answer, IsOneLineOfJson) {
  Answer answer = full();
  answer.treatments = {{"HSTU", "T1"}};
  answer.shown.pop_back();
  EXPECT_EQ(encoded(answer),
            R"({"asked": "next", "user": 7, "domain": "music", "time_ns": 12, "after": 10, )"
            R"("flow": "i2i", "treatments": {"HSTU": "T1"}, )"
            R"("shown": [{"item": 17, "source": "i2i", "propensity": 0.5}]})");
  EXPECT_TRUE(encoded(answer).starts_with(kAnswerBegin));
}

TEST(Answer, ReadsBack) {
  for (Answer answer : {full(), Answer{"recommend", ExternalId("eve"), "", 0, {}, "", {}, {}}}) {
    const auto read = decode_answer(encoded(answer));
    ASSERT_TRUE(read.ok()) << read.status().message();
    EXPECT_EQ(*read, answer);
    EXPECT_EQ(encoded(answer).find('\n'), std::string::npos);
  }
}

TEST(Answer, WrongMembersAreNamed) {
  const auto error = [](const char* key, Json value) {
    Json record = *parse_json(encoded(full()));
    record.set(key, std::move(value));
    return decode_answer(to_text(record)).status().message();
  };
  EXPECT_THAT(error("asked", 1), HasSubstr("'asked'"));
  EXPECT_THAT(error("user", Json()), HasSubstr("'user'"));
  EXPECT_THAT(error("after", true), HasSubstr("'after'"));
  EXPECT_THAT(error("time_ns", 1.5), HasSubstr("'time_ns'"));
  EXPECT_THAT(error("treatments", Json::object().set("HSTU", 1)), HasSubstr("'HSTU'"));
  EXPECT_THAT(error("shown", "none"), HasSubstr("'shown'"));
  for (const double propensity : {0.0, -1.0, 1.5}) {
    const Json shown =
        Json::object().set("item", 1).set("source", "x").set("propensity", propensity);
    EXPECT_THAT(error("shown", Json::array().push(shown)), HasSubstr("'propensity'"));
  }
  EXPECT_FALSE(decode_answer("{\"asked\": ").ok());
}

}  // namespace
}  // namespace crossfade
