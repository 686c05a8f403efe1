// A plan for people and for machines, with the curve that tells what fewer or more users could
// find.
#include <cmath>

#include "crossfade/base/counted.h"
#include "crossfade/base/text.h"
#include "crossfade/experiments/assignment.h"
#include "crossfade/experiments/power.h"

namespace crossfade {
namespace {

// The smallest effect by the number of users: it falls with the square root.
PlotBlock effect_plot(const Plan& plan) {
  PlotBlock plot{.caption = "The smallest effect that is found, by users",
                 .x_label = "users in all",
                 .y_label = "effect, percent of the mean",
                 .x_axis = PlotBlock::Axis::kLog,
                 .y_axis = PlotBlock::Axis::kLog};
  PlotBlock::Series series{.name = "effect"};
  for (int i = -8; i <= 8; ++i) {
    const double times = std::exp2(i / 2.0);
    series.x.push_back(static_cast<double>(plan.users) * times);
    series.y.push_back(plan.effect_percent / std::sqrt(times));
  }
  plot.series.push_back(std::move(series));
  return plot;
}

}  // namespace

Document plan_document(const Plan& plan) {
  const PlanOptions& options = plan.options;
  Document document("The plan of an experiment");
  document.add_facts({{"users", Cell::count(plan.users), "in all arms"},
                      {"effect", Cell::percent(plan.effect_percent / 100, 2), "of the mean"},
                      {"power", Cell::percent(options.power, 0)},
                      {"level", Cell::percent(options.alpha, 1)}});
  std::string sentence = "An effect of " + format_number(plan.effect_percent, 2) +
                         "% is found with probability " + format_number(options.power, 2) +
                         " when " + counted(plan.users, "user", "users") + " took part";
  if (plan.days > 0)
    sentence += ", which takes " + format_number(std::ceil(plan.days), 0) +
                (plan.days <= 1 ? " day of " : " days of ") +
                format_number(options.users_per_day, 0) + " new users";
  document.add_paragraph(sentence + ".");
  if (options.is_sequential)
    document.add_paragraph("Looked at " + counted(options.looks, "time", "times") + ", it needs " +
                           format_number(plan.inflation, 2) +
                           " times the users of one look at the end; if the effect "
                           "is there, it stops on average after " +
                           format_number(100 * plan.mean_share_at_stop, 0) + "% of them.");
  TableBlock table({"arm", "users"});
  for (std::size_t arm = 0; arm < plan.arm_users.size(); ++arm)
    table.add_row({Cell::text(treatment_name(static_cast<TreatmentIndex>(arm))),
                   Cell::count(plan.arm_users[arm])});
  document.add_table(std::move(table));
  if (plan.arm_users.size() > 2)
    document.add_paragraph(
        "Each treatment is compared at the level divided by the number of "
        "treatments (Bonferroni).");
  document.add_plot(effect_plot(plan));
  return document;
}

Json to_json(const Plan& plan) {
  const PlanOptions& options = plan.options;
  Json json = Json::object();
  json.set("users", plan.users).set("arm_users", json_list(plan.arm_users));
  json.set("effect_percent", plan.effect_percent).set("mean", options.mean);
  json.set("deviation", options.deviation).set("correlation", options.correlation);
  json.set("alpha", options.alpha).set("power", options.power);
  json.set("sequential", options.is_sequential).set("inflation", plan.inflation);
  json.set("mean_share_at_stop", plan.mean_share_at_stop);
  return json.set("days", plan.days > 0 ? Json(plan.days) : Json());
}

}  // namespace crossfade
