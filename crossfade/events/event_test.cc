// Events: what is written reads back, and what would poison the log is refused.
#include "crossfade/events/event.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace crossfade {
namespace {

using testing::HasSubstr;

TEST(Event, RoundTripsNumbersTextsAndEveryMember) {
  const Event numbers{ExternalId(-7), ExternalId(42), "", 1'700'000'000'000'000'001, 0.1, 0};
  EXPECT_EQ(*decode_event(encode_event(numbers)), numbers);
  const Event texts{ExternalId("ann \"\n\xD1\x8F"), ExternalId("42"), "zvuk", -1, 0, 255};
  EXPECT_EQ(*decode_event(encode_event(texts)), texts);
}

TEST(Event, TheRecordIsOneLineOfJson) {
  const Event event{ExternalId(7), ExternalId("a\nb"), "zvuk", 1, 0.5, 2};
  EXPECT_EQ(encode_event(event),
            R"({"user": 7, "item": "a\nb", "domain": "zvuk", "time_ns": 1, "weight": 0.5, )"
            R"("kind": 2})");
}

TEST(Event, RefusesWhatCouldNotBeReadBack) {
  const auto message = [](Event event) { return check_event(event).message(); };
  const Event good{ExternalId(1), ExternalId(2), "", 0, 1, 0};
  EXPECT_TRUE(check_event(good).ok());
  Event event = good;
  event.user = ExternalId("\xFF");
  EXPECT_THAT(message(event), HasSubstr("user is not valid UTF-8"));
  event.user = ExternalId("\xD1\x8F");
  EXPECT_EQ(message(event), "");
  event.user = ExternalId("");
  EXPECT_THAT(message(event), HasSubstr("user is empty"));
  event = good;
  event.item = ExternalId(std::string(kMaxIdBytes + 1, 'x'));
  EXPECT_THAT(message(event), HasSubstr("item has 513 bytes; at most 512"));
  event = good;
  event.domain = std::string(kMaxIdBytes + 1, 'x');
  EXPECT_THAT(message(event), HasSubstr("domain has 513 bytes"));
  for (const double weight : {-1.0, std::nan(""), HUGE_VAL, 1e39}) {
    event = good;
    event.weight = weight;
    EXPECT_THAT(message(event), HasSubstr("weight must be a number of at least 0"));
    EXPECT_EQ(check_event(event).kind(), StatusKind::kUsage);
  }
}

TEST(Event, DecodingNamesTheMember) {
  const auto message = [](std::string_view text) { return decode_event(text).status().message(); };
  EXPECT_THAT(message("{"), HasSubstr("not valid JSON"));
  EXPECT_THAT(message("{}"), HasSubstr("'user'"));
  EXPECT_THAT(message(R"({"user": 1, "item": 1.5})"), HasSubstr("'item'"));
  EXPECT_THAT(message(R"({"user": 1, "item": 2, "domain": "", "time_ns": 0, "weight": 1,
                          "kind": 256})"),
              HasSubstr("'kind'"));
}

}  // namespace
}  // namespace crossfade
