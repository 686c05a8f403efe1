// The list of filters, their application one after the other, and what they did as a table.
#include "crossfade/data/filters/filter.h"

#include <algorithm>
#include <utility>

#include "crossfade/base/text.h"
#include "crossfade/data/filters/filter_kind.h"
#include "crossfade/data/filters/without_unused.h"
#include "crossfade/data/select_rows.h"

namespace crossfade {
namespace {

// The one list of filters.
std::vector<FilterKind> filter_kinds() {
  return {min_users_filter(),    min_items_filter(),  kcore_filter(),      history_filter(),
          min_weight_filter(),   cap_weight_filter(), set_weight_filter(), weigh_filter(),
          repeats_filter(),      unique_filter(),     merge_filter(),      strongest_filter(),
          keep_kinds_filter(),   drop_kinds_filter(), period_filter(),     recent_filter(),
          user_recent_filter(),  first_filter(),      last_filter(),       active_users_filter(),
          sample_users_filter(), cap_popular_filter()};
}

Status apply_step(const Filter& filter, const FilterOptions& options, Context& context,
                  Filtered& filtered) {
  FilterStep step;
  step.text = filter.text;
  step.before = filtered.steps.empty() ? measure(filtered.dataset, context.threads)
                                       : filtered.steps.back().after;
  auto left = filter.apply(filtered.dataset, options, context);
  if (!left.ok())
    return left.status().kind() == StatusKind::kInterrupted
               ? left.status()
               : left.status().at("filter " + filter.text);
  filtered.dataset = *std::move(left);
  step.after = measure(filtered.dataset, context.threads);
  if (step.after.rows == 0)
    return data_invalid("the filter " + filter.text + " leaves none of " +
                        format_count(step.before.rows) +
                        " interactions; ask for less, or filter in another order");
  filtered.steps.push_back(std::move(step));
  return context.check_stop();
}

}  // namespace

Result<Filter> parse_filter(const std::string& text) {
  const std::size_t colon = text.find(':');
  const std::string name = text.substr(0, colon);
  const std::string argument = colon == std::string::npos ? "" : text.substr(colon + 1);
  std::vector<std::string> names;
  for (const FilterKind& kind : filter_kinds()) {
    names.push_back(kind.name);
    if (kind.name != name) continue;
    auto filter = kind.parse(argument);
    if (!filter.ok()) return filter.status().at("filter " + text);
    filter->text = text;
    return filter;
  }
  return unknown_name("filter", name, names);
}

Result<std::vector<Filter>> parse_filters(const std::vector<std::string>& texts) {
  std::vector<Filter> filters;
  for (const std::string& text : texts) {
    CROSSFADE_ASSIGN_OR_RETURN(Filter filter, parse_filter(text));
    filters.push_back(std::move(filter));
  }
  return filters;
}

std::string describe_filters() {
  std::string text;
  for (const FilterKind& kind : filter_kinds()) {
    std::string line = "  " + kind.example;
    line.resize(std::max<std::size_t>(line.size() + 2, 28), ' ');
    text += line + kind.help + "\n";
  }
  return text;
}

Result<Filtered> filter_dataset(const Dataset& dataset, const std::vector<Filter>& filters,
                                const FilterOptions& options, Context& context) {
  Filtered filtered{dataset, {}};
  if (filters.empty()) return filtered;
  context.progress.begin("filtering", static_cast<std::int64_t>(filters.size()), "filters");
  for (const Filter& filter : filters) {
    CROSSFADE_RETURN_IF_ERROR(apply_step(filter, options, context, filtered));
    context.progress.advance(1);
  }
  filtered.dataset = without_unused(filtered.dataset, context);
  context.progress.end("");
  return filtered;
}

Filter row_filter(
    std::function<Result<RowMarks>(const Domain&, const FilterOptions&, Context&)> marks) {
  return {"",
          [marks = std::move(marks)](const Dataset& dataset, const FilterOptions& options,
                                     Context& context) -> Result<Dataset> {
            std::vector<RowMarks> all;
            for (const Domain& domain : dataset.domains()) {
              CROSSFADE_RETURN_IF_ERROR(context.check_stop());
              CROSSFADE_ASSIGN_OR_RETURN(RowMarks of_domain, marks(domain, options, context));
              all.push_back(std::move(of_domain));
            }
            return select_rows(dataset, all, 1, context);
          }};
}

Filter weight_filter(std::function<Result<std::vector<float>>(const Domain&, Context&)> weights) {
  return {"",
          [weights = std::move(weights)](const Dataset& dataset, const FilterOptions&,
                                         Context& context) -> Result<Dataset> {
            std::vector<Domain> domains = dataset.domains();
            for (Domain& domain : domains) {
              CROSSFADE_RETURN_IF_ERROR(context.check_stop());
              CROSSFADE_ASSIGN_OR_RETURN(std::vector<float> changed, weights(domain, context));
              domain.weight = std::move(changed);
            }
            return Dataset(dataset.users(), std::move(domains), dataset.user_attributes());
          }};
}

std::optional<std::int64_t> parse_from(const std::string& text, std::int64_t low) {
  const auto number = parse_int(text);
  return number && *number >= low ? number : std::nullopt;
}

Status need_times(const Domain& domain) {
  if (!domain.time_ns.empty() || domain.num_interactions() == 0) return ok_status();
  return usage_error("domain '" + domain.name + "' has no times");
}

Status need_kinds(const Domain& domain) {
  if (!domain.kind.empty() || domain.num_interactions() == 0) return ok_status();
  return usage_error("domain '" + domain.name +
                     "' has one kind of event only; import it with its column of kinds");
}

TableBlock filter_table(const std::vector<FilterStep>& steps) {
  TableBlock table(
      {"filter", "dropped interactions", "users", "items", "left interactions", "users", "items"});
  for (const FilterStep& step : steps)
    table.add_row({Cell::text(step.text), Cell::count(step.before.rows - step.after.rows),
                   Cell::count(step.before.users - step.after.users),
                   Cell::count(step.before.items - step.after.items), Cell::count(step.after.rows),
                   Cell::count(step.after.users), Cell::count(step.after.items)});
  return table;
}

Json to_json(const std::vector<FilterStep>& steps) {
  Json json = Json::array();
  for (const FilterStep& step : steps)
    json.push(Json::object()
                  .set("filter", step.text)
                  .set("before", to_json(step.before))
                  .set("after", to_json(step.after)));
  return json;
}

}  // namespace crossfade
