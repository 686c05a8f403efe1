// Tables of days and of losses.
#include "crossfade/simulation/simulation_report.h"

#include <algorithm>
#include <cmath>

#include "crossfade/base/text.h"

namespace crossfade {
namespace {

std::int64_t complete_of(const DayResult& day) {
  return day.losses[static_cast<std::size_t>(Loss::kNone)];
}

// Counts, sums and squares of two samples added up; a mean of one value has no error.
DayMean pool(const DayMean& a, std::int64_t count_a, const DayMean& b, std::int64_t count_b) {
  if (count_a == 0) return b;
  if (count_b == 0) return a;
  const auto sum_of_squares = [](const DayMean& mean, double n) {  // around the mean
    return n < 2 ? 0.0 : mean.error * mean.error * n * (n - 1);
  };
  const auto na = static_cast<double>(count_a), nb = static_cast<double>(count_b), n = na + nb;
  const double gap = b.mean - a.mean;
  const double squares = sum_of_squares(a, na) + sum_of_squares(b, nb) + gap * gap * na * nb / n;
  return {a.mean + gap * nb / n, std::sqrt(squares / (n - 1) / n)};
}

void add_day(DayResult& to, const DayResult& day) {
  to.reward = pool(to.reward, complete_of(to), day.reward, complete_of(day));
  to.steps = pool(to.steps, complete_of(to), day.steps, complete_of(day));
  to.sessions += day.sessions;
  for (std::size_t loss = 0; loss < kNumLosses; ++loss) to.losses[loss] += day.losses[loss];
}

void add_days(std::vector<DayResult>& to, const std::vector<DayResult>& days) {
  if (to.size() < days.size()) to.resize(days.size());
  for (std::size_t day = 0; day < days.size(); ++day) add_day(to[day], days[day]);
}

DayResult whole_of(const std::vector<DayResult>& days) {
  DayResult whole;
  for (const DayResult& day : days) add_day(whole, day);
  return whole;
}

TableBlock table_of(const std::vector<DayResult>& days, const std::string& caption) {
  TableBlock table({"day", "played", "lost", "reward", "its error", "steps", "their error"},
                   caption);
  for (std::size_t d = 0; d < days.size(); ++d) {
    const DayResult& day = days[d];
    table.add_row({Cell::count(static_cast<std::int64_t>(d) + 1), Cell::count(complete_of(day)),
                   Cell::count(day.sessions - complete_of(day)), Cell::number(day.reward.mean, 4),
                   Cell::number(day.reward.error, 4), Cell::number(day.steps.mean, 4),
                   Cell::number(day.steps.error, 4)});
  }
  return table;
}

Json json_of(const DayMean& mean) {
  return Json::object().set("mean", mean.mean).set("standard_error", mean.error);
}

Json losses_of(const DayResult& day) {
  Json losses = Json::object();
  for (std::size_t loss = 1; loss < kNumLosses; ++loss)
    if (day.losses[loss] > 0) losses.set(name_of(static_cast<Loss>(loss)), day.losses[loss]);
  return losses;
}

Json days_of(const std::vector<DayResult>& results) {
  Json days = Json::array();
  for (const DayResult& day : results)
    days.push(Json::object()
                  .set("sessions", day.sessions)
                  .set("lost", losses_of(day))
                  .set("reward", json_of(day.reward))
                  .set("steps", json_of(day.steps)));
  return days;
}

void add_losses(const DayResult& whole, bool given_up, Document& document) {
  if (whole.sessions > complete_of(whole)) {
    TableBlock table({"lost sessions", "count"});
    for (std::size_t loss = 1; loss < kNumLosses; ++loss)
      if (whole.losses[loss] > 0)
        table.add_row({Cell::text(std::string(name_of(static_cast<Loss>(loss)))),
                       Cell::count(whole.losses[loss])});
    document.add_table(std::move(table));
    document.add_paragraph("Lost sessions count in no mean.");
  }
  if (given_up)
    document.add_paragraph(
        "Not all sessions were played: so many in a row were lost that the recommender must be "
        "gone.");
}

}  // namespace

SimulationResult join_results(std::span<const SimulationResult> results) {
  SimulationResult joined;
  for (const SimulationResult& result : results) {
    add_days(joined.days, result.days);
    add_days(joined.shop_days, result.shop_days);
    joined.requests += result.requests;
    joined.given_up |= result.given_up;
  }
  return joined;
}

Document simulation_document(const SimulationResult& result, const Elapsed& elapsed) {
  const double seconds = elapsed.seconds;
  Document document("Simulation");
  document.add_table(table_of(result.days, ""));
  if (!result.shop_days.empty())
    document.add_table(table_of(result.shop_days, "Visits of the shop"));
  const DayResult whole = whole_of(result.days);
  add_losses(whole, result.given_up, document);
  const double rate = static_cast<double>(whole.sessions) / std::max(seconds, 1e-9);
  document.add_paragraph(
      "Reward is the time of a session without its first track, which is heard whole. Time: " +
      format_duration(seconds) + ", " + format_rate(rate) + " sessions and " +
      format_rate(static_cast<double>(result.requests) / std::max(seconds, 1e-9)) +
      " requests a second.");
  return document;
}

Json simulation_json(const SimulationResult& result, const Elapsed& elapsed) {
  const DayResult whole = whole_of(result.days);
  Json json = Json::object().set("days", days_of(result.days));
  if (!result.shop_days.empty()) json.set("shop_days", days_of(result.shop_days));
  return json.set("sessions", whole.sessions)
      .set("lost", losses_of(whole))
      .set("reward", json_of(whole.reward))
      .set("steps", json_of(whole.steps))
      .set("requests", result.requests)
      .set("given_up", result.given_up)
      .set("seconds", elapsed.seconds)
      .set("cpu_seconds", elapsed.cpu_seconds);
}

}  // namespace crossfade
