// What a terminal shows of a log beside its sizes: growth, popularity, the most taken, kinds.
#include <algorithm>

#include "crossfade/data/exploration/exploration_document.h"
#include "crossfade/report/axis.h"

namespace crossfade {
namespace {

constexpr std::size_t kMonths = 24, kTop = 5;

void add_popularity(const Exploration& exploration, Document& document) {
  TableBlock table(
      {"domain", "items of half of all events", "top 1% have", "top 10% have", "Gini"});
  for (const DomainExploration& domain : exploration.domains) {
    const PopularityExploration& found = domain.popularity;
    table.add_row({Cell::text(domain.summary.name), Cell::count(found.items_of_half),
                   Cell::percent(found.top_1_percent), Cell::percent(found.top_10_percent),
                   Cell::number(found.gini, 3)});
  }
  document.add_heading("Popularity");
  document.add_table(std::move(table));
}

void add_top(const DomainExploration& domain, const std::string& prefix, Document& document) {
  TableBlock table({"of", "most taken", "events", "users"});
  for (std::size_t i = 0; i < std::min(kTop, domain.top_items.size()); ++i) {
    const NamedItem& item = domain.top_items[i];
    table.add_row({Cell::text("item"),
                   Cell::text(item.id + (item.name.empty() ? "" : " (" + item.name + ")")),
                   Cell::count(item.events), Cell::count(item.users)});
  }
  for (const LabelExploration& labels : domain.labels)
    for (std::size_t i = 0; i < std::min(kTop, labels.top.size()); ++i)
      table.add_row({Cell::text(labels.attribute), Cell::text(labels.top[i].name),
                     Cell::count(labels.top[i].events), Cell::count(labels.top[i].users)});
  if (table.rows().empty()) return;
  document.add_heading(prefix + "Most taken");
  document.add_table(std::move(table));
}

void add_kinds(const ValueExploration& values, const std::string& prefix, Document& document) {
  if (!values.has_kinds) return;
  TableBlock table({"kind", "events"});
  for (std::size_t kind = 0; kind < values.by_kind.size(); ++kind)
    if (values.by_kind[kind] > 0)
      table.add_row({Cell::text(kind_text(values, kind)), Cell::count(values.by_kind[kind])});
  document.add_heading(prefix + "Kinds");
  document.add_table(std::move(table));
}

}  // namespace

TableBlock months_table(const TimeExploration& time, std::size_t most) {
  TableBlock table({"month", "events", "users", "new users", "new items"});
  const std::size_t skipped = time.months.size() - std::min(most, time.months.size());
  for (std::size_t m = skipped; m < time.months.size(); ++m) {
    const Period& month = time.months[m];
    const std::string day = value_text(PlotBlock::Axis::kTime, static_cast<double>(month.start_s));
    table.add_row({Cell::text(day.substr(0, 7)), Cell::count(month.events),
                   Cell::count(month.users), Cell::count(month.new_users),
                   Cell::count(month.new_items)});
  }
  return table;
}

std::string kind_text(const ValueExploration& values, std::size_t kind) {
  const std::string number = std::to_string(kind);
  return kind < values.kind_names.size() ? number + " (" + values.kind_names[kind] + ")" : number;
}

void add_brief_parts(const Exploration& exploration, Document& document) {
  const bool several = exploration.domains.size() > 1;
  for (const DomainExploration& domain : exploration.domains) {
    if (domain.time.months.size() < 2) continue;
    document.add_heading((several ? domain.summary.name + ": " : "") + "Growth");
    document.add_table(months_table(domain.time, kMonths));
  }
  add_popularity(exploration, document);
  for (const DomainExploration& domain : exploration.domains) {
    const std::string prefix = several ? domain.summary.name + ": " : "";
    add_top(domain, prefix, document);
    add_kinds(domain.values, prefix, document);
  }
}

}  // namespace crossfade
