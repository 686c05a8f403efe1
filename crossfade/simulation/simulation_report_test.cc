// What people and machines are told, and results of several processes as one.
#include "crossfade/simulation/simulation_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "crossfade/base/statistics.h"

namespace crossfade {
namespace {

using testing::HasSubstr;

DayResult day_of(std::int64_t complete, DayMean reward, std::int64_t late = 0) {
  DayResult day;
  day.sessions = complete + late;
  day.losses[static_cast<std::size_t>(Loss::kNone)] = complete;
  day.losses[static_cast<std::size_t>(Loss::kLate)] = late;
  day.reward = reward;
  day.steps = {9, 0.5};
  return day;
}

TEST(JoinResults, IsTheMeanAndErrorOfAllSessions) {
  // {1, 2, 3} and {4, 8}: together mean 3.6, variance 29.2 / 4, error sqrt(7.3 / 5).
  const SimulationResult a{.days = {day_of(3, {2, std::sqrt(1.0 / 3)})}, .requests = 10};
  const SimulationResult b{.days = {day_of(2, {6, 2})}, .requests = 5, .given_up = true};
  const SimulationResult joined = join_results(std::vector<SimulationResult>{a, b});
  EXPECT_DOUBLE_EQ(joined.days[0].reward.mean, 3.6);
  EXPECT_NEAR(joined.days[0].reward.error, std::sqrt(7.3 / 5), 1e-12);
  EXPECT_EQ(joined.days[0].sessions, 5);
  EXPECT_EQ(joined.requests, 15);
  EXPECT_TRUE(joined.given_up);
}

TEST(SimulationReport, ShowsDaysAndLosses) {
  const SimulationResult result{.days = {day_of(100, {3.77, 0.05}), day_of(90, {3.5, 0.06}, 10)},
                                .requests = 990};
  const std::string text = to_text(simulation_document(result, {2, 2}));
  EXPECT_THAT(text, HasSubstr("3.7700"));
  EXPECT_THAT(text, HasSubstr("late answer"));
  EXPECT_THAT(text, testing::ContainsRegex("2 +90 +10 +3.5"));
  EXPECT_THAT(text, HasSubstr("100 sessions and 495 requests a second"));
  const Json json = simulation_json(result, {2, 2});
  EXPECT_EQ(json["lost"], Json::object().set("late answer", 10));
  EXPECT_EQ((*json["days"].as_array())[0]["reward"]["mean"], Json(3.77));
  EXPECT_EQ(json["sessions"], Json(200));
}

TEST(SimulationReport, SaysThatARunWasGivenUp) {
  const SimulationResult result{
      .days = {day_of(1, {1, kNotANumber})}, .requests = 5, .given_up = true};
  EXPECT_THAT(to_text(simulation_document(result, {1, 1})), HasSubstr("must be gone"));
}

TEST(SimulationReport, ShowsTheShopBesideTheMusic) {
  const SimulationResult result{.days = {day_of(100, {3.5, 0.1})},
                                .shop_days = {day_of(30, {1.25, 0.2})}};
  EXPECT_THAT(to_text(simulation_document(join_results(std::vector{result, result}), {1, 1})),
              HasSubstr("1.2500"));
  EXPECT_EQ((*simulation_json(result, {1, 1})["shop_days"].as_array())[0]["sessions"], Json(30));
  EXPECT_FALSE(simulation_json({}, {1, 1}).find("shop_days"));
}

}  // namespace
}  // namespace crossfade
