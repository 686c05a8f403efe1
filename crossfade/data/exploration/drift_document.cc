// Drift between two parts of a log, for people and for machines.
#include "crossfade/base/text.h"
#include "crossfade/data/exploration/exploration_document.h"

namespace crossfade {
namespace {

double ratio(std::int64_t part, std::int64_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

Json numbers(const std::vector<double>& values) {
  Json json = Json::array();
  for (const double value : values) json.push(value);
  return json;
}

std::vector<double> in_percent(std::vector<double> shares) {
  for (double& share : shares) share *= 100;
  return shares;
}

const char* verdict(double psi) {
  return psi < 0.1 ? "little" : psi < 0.25 ? "some" : "much";
}

}  // namespace

void add_drift(const Drift& drift, const std::string& against, Document& document) {
  document.add_heading("Drift, against " + against);
  TableBlock fresh({"of " + against, "all", "new", "share", "their events", "share of events"});
  fresh.add_row({Cell::text("users"), Cell::count(drift.users_after), Cell::count(drift.new_users),
                 Cell::percent(ratio(drift.new_users, drift.users_after), 2),
                 Cell::count(drift.events_of_new_users),
                 Cell::percent(ratio(drift.events_of_new_users, drift.events_after), 2)});
  fresh.add_row({Cell::text("items"), Cell::count(drift.items_after), Cell::count(drift.new_items),
                 Cell::percent(ratio(drift.new_items, drift.items_after), 2),
                 Cell::count(drift.events_of_new_items),
                 Cell::percent(ratio(drift.events_of_new_items, drift.events_after), 2)});
  document.add_table(std::move(fresh));
  document.add_paragraph(std::to_string(drift.top_kept) + " of the " + std::to_string(drift.top) +
                         " most taken items are so still.");
  TableBlock shifts({"shares by", "PSI", "KL", "moved"});
  for (const ShareShift& shift : drift.shifts)
    shifts.add_row({Cell::text(shift.what), Cell::number(shift.psi, 4), Cell::number(shift.kl, 4),
                    Cell::text(verdict(shift.psi))});
  document.add_table(std::move(shifts));
  for (const ShareShift& shift : drift.shifts) {
    PlotBlock plot{.caption = "Events by " + shift.what + ", before and after",
                   .shape = PlotBlock::Shape::kBars,
                   .x_label = shift.what,
                   .y_label = "% of events",
                   .categories = shift.groups};
    plot.series.push_back({.name = "before", .y = in_percent(shift.before)});
    plot.series.push_back({.name = "after", .y = in_percent(shift.after)});
    document.add_plot(std::move(plot));
  }
}

Json to_json(const Drift& drift) {
  Json shifts = Json::array();
  for (const ShareShift& shift : drift.shifts) {
    shifts.push(Json::object()
                    .set("what", shift.what)
                    .set("psi", shift.psi)
                    .set("kl", shift.kl)
                    .set("groups", json_list(shift.groups))
                    .set("before", numbers(shift.before))
                    .set("after", numbers(shift.after)));
  }
  return Json::object()
      .set("events_before", drift.events_before)
      .set("events_after", drift.events_after)
      .set("users_after", drift.users_after)
      .set("new_users", drift.new_users)
      .set("events_of_new_users", drift.events_of_new_users)
      .set("items_after", drift.items_after)
      .set("new_items", drift.new_items)
      .set("events_of_new_items", drift.events_of_new_items)
      .set("top", drift.top)
      .set("top_kept", drift.top_kept)
      .set("shifts", std::move(shifts));
}

}  // namespace crossfade
