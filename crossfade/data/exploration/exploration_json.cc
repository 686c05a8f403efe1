// An Exploration for machines: every number that the page shows.
#include "crossfade/data/exploration/exploration_document.h"
#include "crossfade/report/axis.h"

namespace crossfade {
namespace {

Json periods_json(const std::vector<Period>& periods, std::size_t letters) {
  Json json = Json::array();
  for (const Period& period : periods)
    json.push(
        Json::object()
            .set("start", value_text(PlotBlock::Axis::kTime, static_cast<double>(period.start_s))
                              .substr(0, letters))
            .set("events", period.events)
            .set("users", period.users)
            .set("new_users", period.new_users)
            .set("new_items", period.new_items));
  return json;
}

template <class Counts>
Json counts_json(const Counts& counts) {
  Json json = Json::array();
  for (const std::int64_t count : counts) json.push(count);
  return json;
}

Json time_json(const TimeExploration& time) {
  return Json::object()
      .set("days", periods_json(time.days, 10))
      .set("months", periods_json(time.months, 7))
      .set("by_hour", counts_json(time.by_hour))
      .set("by_weekday", counts_json(time.by_weekday));
}

Json histories_json(const HistoryExploration& histories) {
  Json gaps = Json::object();
  for (std::size_t bin = 0; bin < kGapBins.size(); ++bin)
    gaps.set(kGapBins[bin].name, histories.gaps[bin]);
  return Json::object()
      .set("events_per_user", to_json(histories.users))
      .set("gaps", std::move(gaps))
      .set("gap_seconds", to_json(histories.gap_seconds))
      .set("gaps_under_second", histories.gaps_under_second)
      .set("duplicates", histories.duplicates)
      .set("sessions_are_given", histories.sessions_are_given)
      .set("events_per_session", to_json(histories.sessions))
      .set("sessions_per_user", to_json(histories.user_sessions));
}

Json popularity_json(const DomainExploration& domain) {
  const PopularityExploration& popularity = domain.popularity;
  Json top = Json::array();
  for (const NamedItem& item : domain.top_items) {
    Json json = Json::object().set("item", item.id);
    if (domain.has_names) json.set("name", item.name);
    top.push(json.set("events", item.events).set("users", item.users));
  }
  return Json::object()
      .set("events_per_item", to_json(popularity.items))
      .set("pairs", popularity.pairs)
      .set("repeats", popularity.repeats)
      .set("repeats_in_a_row", popularity.repeats_in_a_row)
      .set("top_1_percent", popularity.top_1_percent)
      .set("top_10_percent", popularity.top_10_percent)
      .set("items_of_half", popularity.items_of_half)
      .set("gini", popularity.gini)
      .set("top", std::move(top));
}

Json labels_json(const std::vector<LabelExploration>& labels) {
  Json json = Json::array();
  for (const LabelExploration& found : labels) {
    Json top = Json::array();
    for (const LabelCount& label : found.top)
      top.push(Json::object()
                   .set("name", label.name)
                   .set("events", label.events)
                   .set("users", label.users)
                   .set("items", label.items));
    json.push(Json::object()
                  .set("attribute", found.attribute)
                  .set("labels", found.labels)
                  .set("unnamed", found.labels_unnamed)
                  .set("items", found.items_labelled)
                  .set("top", std::move(top)));
  }
  return json;
}

// `owners` is whose numbers they are: "items" or "users".
Json numbers_json(const std::vector<NumberExploration>& numbers, const char* owners) {
  Json json = Json::array();
  for (const NumberExploration& found : numbers)
    json.push(Json::object()
                  .set("attribute", found.attribute)
                  .set(owners, found.known)
                  .set("missing", found.missing)
                  .set("mean", found.mean)
                  .set("min", static_cast<double>(found.least))
                  .set("q25", static_cast<double>(found.q25))
                  .set("median", static_cast<double>(found.median))
                  .set("q75", static_cast<double>(found.q75))
                  .set("max", static_cast<double>(found.greatest)));
  return json;
}

Json values_json(const ValueExploration& values) {
  Json kinds = Json::object(), distinct = Json::array();
  for (std::size_t kind = 0; kind < 256; ++kind)
    if (values.by_kind[kind] > 0) kinds.set(std::to_string(kind), values.by_kind[kind]);
  for (const auto& [weight, events] : values.distinct)
    distinct.push(Json::array().push(static_cast<double>(weight)).push(events));
  Json names = Json::array();
  for (const std::string& name : values.kind_names) names.push(name);
  return Json::object()
      .set("kinds", std::move(kinds))
      .set("kind_names", std::move(names))
      .set("zero_weights", values.zero_weights)
      .set("min_weight", static_cast<double>(values.least))
      .set("max_weight", static_cast<double>(values.greatest))
      .set("mean_weight", values.mean)
      .set("weights", std::move(distinct));
}

Json domain_json(const DomainExploration& found) {
  const DomainSummary& domain = found.summary;
  Json json = Json::object()
                  .set("name", domain.name)
                  .set("interactions", domain.interactions)
                  .set("users", domain.active_users)
                  .set("items", domain.active_items)
                  .set("longest_history", domain.longest_history)
                  .set("density", domain.density)
                  .set("first_day", domain.has_times ? day_text(domain.first_ns) : "-")
                  .set("last_day", domain.has_times ? day_text(domain.last_ns) : "-");
  if (found.has_names) json.set("items_without_name", found.items_unnamed);
  if (domain.has_times) json.set("time", time_json(found.time));
  return json.set("histories", histories_json(found.histories))
      .set("popularity", popularity_json(found))
      .set("values", values_json(found.values))
      .set("labels", labels_json(found.labels))
      .set("numbers", numbers_json(found.numbers, "items"));
}

Json users_json(const UserExploration& users) {
  Json attributes = Json::array();
  for (const UserAttributeExploration& found : users.attributes) {
    Json top = Json::array();
    for (const auto& [value, count] : found.top)
      top.push(Json::object().set("value", value).set("users", count));
    attributes.push(Json::object()
                        .set("attribute", found.attribute)
                        .set("users", found.users)
                        .set("missing", found.missing)
                        .set("values", found.values)
                        .set("top", std::move(top)));
  }
  return Json::object()
      .set("attributes", std::move(attributes))
      .set("numbers", numbers_json(users.numbers, "users"))
      .set("users_without_any", users.without_any);
}

}  // namespace

Json to_json(const ExplorationReport& report) {
  Json domains = Json::array(), overlaps = Json::array(), imports = Json::array();
  for (const DomainExploration& domain : report.exploration.domains)
    domains.push(domain_json(domain));
  for (const DomainOverlap& overlap : report.exploration.overlaps)
    overlaps.push(Json::object()
                      .set("a", overlap.a)
                      .set("b", overlap.b)
                      .set("users_of_a", overlap.users_of_a)
                      .set("users_of_b", overlap.users_of_b)
                      .set("users_of_both", overlap.users_of_both));
  for (const ImportReport& import : report.imports) imports.push(to_json(import));
  Json json = Json::object()
                  .set("users", report.exploration.users)
                  .set("users_in_all_domains", report.exploration.users_in_all_domains)
                  .set("domains", std::move(domains))
                  .set("overlaps", std::move(overlaps))
                  .set("imports", std::move(imports));
  if (!report.exploration.about_users.empty())
    json.set("about_users", users_json(report.exploration.about_users));
  if (report.drift) json.set("drift", to_json(*report.drift).set("against", report.drift_against));
  return json;
}

}  // namespace crossfade
