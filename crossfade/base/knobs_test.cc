// Knobs: settings reach their fields, and every wrong one is answered with what would be right.
#include "crossfade/base/knobs.h"

#include <gtest/gtest.h>

namespace crossfade {
namespace {

struct LampConfig {
  std::int64_t watts = 40;
  double warmth = 0.5;
  bool on = true;
  std::string shade = "none";
  template <class Visitor>
  void knobs(Visitor& knob) {
    knob("watts", watts, between(1, 100).tuned_log(10, 80), "power");
    knob("warmth", warmth, between(0, 1), "colour of the light");
    knob("on", on, yes_or_no().tuned(), "whether it shines");
    knob("shade", shade, one_of({"none", "paper"}), "what stands around it");
  }
};

TEST(Knobs, SettingsReachTheirFields) {
  LampConfig lamp;
  ASSERT_TRUE(
      apply_settings(lamp, "lamp", {"watts=60", "warmth=1e-2", "on=no", "shade=paper"}).ok());
  EXPECT_EQ(to_text(knobs_to_json(lamp)),
            R"({"watts": 60, "warmth": 0.01, "on": false, "shade": "paper"})");
}

TEST(Knobs, WrongSettingsSayWhatWouldBeRight) {
  LampConfig lamp;
  const auto message = [&](const std::string& setting) {
    const Status status = apply_settings(lamp, "lamp", {setting});
    EXPECT_EQ(status.kind(), StatusKind::kUsage);
    return status.message();
  };
  EXPECT_EQ(message("watts=101"),
            "lamp: the knob watts cannot be '101'; it is a whole number, 1 to 100");
  EXPECT_EQ(message("watts=4.5"),
            "lamp: the knob watts cannot be '4.5'; it is a whole number, 1 to 100");
  EXPECT_EQ(message("warmth=nan"), "lamp: the knob warmth cannot be 'nan'; it is 0 to 1");
  EXPECT_EQ(message("shade=silk"),
            "lamp: the knob shade cannot be 'silk'; it is one of none, paper");
  EXPECT_NE(message("wats=1").find("did you mean 'watts'?"), std::string::npos);
  EXPECT_NE(message("watts").find("name=value"), std::string::npos);
}

TEST(Knobs, HelpNamesDefaultRangeAndMeaning) {
  EXPECT_NE(describe_knobs(list_knobs<LampConfig>()).find("watts = 40"), std::string::npos);
  EXPECT_NE(describe_knobs(list_knobs<LampConfig>()).find("power (1 to 100"), std::string::npos);
}

struct LabelConfig {
  std::string by;
  template <class Visitor>
  void knobs(Visitor& knob) {
    knob("by", by, any_text(), "which");
  }
};

TEST(Knobs, ATextMayBeAnything) {
  LabelConfig label;
  ASSERT_TRUE(apply_settings(label, "label", {"by=artist:2,genre"}).ok());
  EXPECT_EQ(label.by, "artist:2,genre");
  EXPECT_NE(describe_knobs(list_knobs(label)).find("which (a text)"), std::string::npos);
}

TEST(Knobs, TuningRangesStandAtTheKnobAndInItsHelp) {
  const auto knobs = list_knobs<LampConfig>();
  EXPECT_EQ(knobs[0].range.tune.kind, TuneRange::Kind::kLog);
  EXPECT_EQ(knobs[0].range.tune.high, 80);
  EXPECT_EQ(knobs[1].range.tune.kind, TuneRange::Kind::kNone);
  const std::string help = describe_knobs(knobs);
  EXPECT_NE(help.find("power (1 to 100; tune looks from 10 to 80 (log))"), std::string::npos);
  EXPECT_NE(help.find("(true or false; tune tries all)"), std::string::npos);
}

}  // namespace
}  // namespace crossfade
