// The frame of the page: summary, quality, the parts of each domain, overlap, drift.
#include "crossfade/data/exploration/exploration_document.h"

#include <algorithm>

#include "crossfade/base/text.h"
#include "crossfade/report/axis.h"

namespace crossfade {
namespace {

double ratio(std::int64_t part, std::int64_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

void add_facts(const Exploration& exploration, Document& document) {
  std::int64_t events = 0, items = 0, first = 0, last = 0;
  bool timed = false;
  for (const DomainExploration& domain : exploration.domains) {
    const DomainSummary& summary = domain.summary;
    events += summary.interactions;
    items += summary.active_items;
    if (!summary.has_times) continue;
    first = timed ? std::min(first, summary.first_ns) : summary.first_ns;
    last = timed ? std::max(last, summary.last_ns) : summary.last_ns;
    timed = true;
  }
  std::vector<FactsBlock::Fact> facts{
      {"events", Cell::count(events)},
      {"users", Cell::count(exploration.users),
       format_number(ratio(events, exploration.users), 1) + " events each"},
      {"items", Cell::count(items), format_number(ratio(events, items), 1) + " events each"}};
  if (timed)
    facts.push_back({"days", Cell::count((last - first) / 86'400'000'000'000 + 1),
                     day_text(first) + " to " + day_text(last)});
  document.add_facts(std::move(facts));
}

TableBlock oddities_table(const Exploration& exploration) {
  TableBlock table({"what", "events", "share"});
  const bool several = exploration.domains.size() > 1;
  for (const DomainExploration& domain : exploration.domains) {
    const std::int64_t all = domain.summary.interactions;
    const std::string prefix = several ? domain.summary.name + ": " : "";
    const auto add = [&](const char* what, std::int64_t events) {
      table.add_row(
          {Cell::text(prefix + what), Cell::count(events), Cell::percent(ratio(events, all), 2)});
    };
    if (domain.summary.has_times) {
      add("same user, item and moment again", domain.histories.duplicates);
      add("at the moment of the user's event before", domain.histories.gaps[0]);
      add("less than a second after it", domain.histories.gaps_under_second);
    }
    add("an item that the user had before", domain.popularity.repeats);
    add("the item of the event just before", domain.popularity.repeats_in_a_row);
    add("weight of zero (skipped, not liked)", domain.values.zero_weights);
  }
  return table;
}

TableBlock names_table(const Exploration& exploration) {
  TableBlock table({"domain", "ids of", "distinct", "without a name"});
  for (const DomainExploration& domain : exploration.domains) {
    if (domain.has_names)
      table.add_row({Cell::text(domain.summary.name), Cell::text("items"),
                     Cell::count(domain.summary.active_items), Cell::count(domain.items_unnamed)});
    for (const LabelExploration& labels : domain.labels)
      table.add_row({Cell::text(domain.summary.name), Cell::text(labels.attribute),
                     Cell::count(labels.labels), Cell::count(labels.labels_unnamed)});
  }
  return table;
}

// How many have the number, its mean and quartiles.
std::vector<Cell> number_cells(const NumberExploration& found) {
  std::vector<Cell> cells{Cell::text(found.attribute), Cell::count(found.known),
                          Cell::count(found.missing)};
  cells.resize(9);  // of no number: missing
  if (found.known == 0) return cells;
  cells[3] = Cell::number(found.mean, 2);
  std::size_t at = 4;
  for (const float number : {found.least, found.q25, found.median, found.q75, found.greatest})
    cells[at++] = Cell::number(static_cast<double>(number), found.whole ? 0 : 2);
  return cells;
}

// Prices, years.
TableBlock numbers_table(const Exploration& exploration) {
  TableBlock table(
      {"domain", "number", "items", "missing", "mean", "min", "25%", "median", "75%", "max"});
  for (const DomainExploration& domain : exploration.domains)
    for (const NumberExploration& found : domain.numbers) {
      std::vector<Cell> cells = number_cells(found);
      cells.insert(cells.begin(), Cell::text(domain.summary.name));
      table.add_row(std::move(cells));
    }
  return table;
}

// Ages.
TableBlock user_numbers_table(const Exploration& exploration) {
  TableBlock table(
      {"number of users", "users", "without", "mean", "min", "25%", "median", "75%", "max"});
  for (const NumberExploration& found : exploration.about_users.numbers)
    table.add_row(number_cells(found));
  return table;
}

// Genders, and last the users who have any attribute, a number too.
TableBlock users_table(const Exploration& exploration) {
  constexpr std::size_t kShown = 5;
  TableBlock table({"of users", "users", "without", "distinct", "most common"});
  for (const UserAttributeExploration& found : exploration.about_users.attributes) {
    std::vector<std::string> common;
    for (std::size_t i = 0; i < std::min(kShown, found.top.size()); ++i)
      common.push_back(found.top[i].first + " (" + format_count(found.top[i].second) + ")");
    table.add_row({Cell::text(found.attribute), Cell::count(found.users),
                   Cell::count(found.missing), Cell::count(found.values),
                   Cell::text(join(common, ", "))});
  }
  if (!exploration.about_users.empty())
    table.add_row({Cell::text("any of these"),
                   Cell::count(exploration.users - exploration.about_users.without_any),
                   Cell::count(exploration.about_users.without_any), Cell::text(""),
                   Cell::text("")});
  return table;
}

TableBlock distributions_table(const Exploration& exploration) {
  TableBlock table(distribution_headings());
  const bool several = exploration.domains.size() > 1;
  for (const DomainExploration& domain : exploration.domains) {
    const std::string prefix = several ? domain.summary.name + ": " : "";
    const auto add = [&](const char* what, const Distribution& distribution) {
      if (distribution.size == 0) return;
      std::vector<Cell> cells{Cell::text(prefix + what)};
      for (Cell& cell : distribution_cells(distribution)) cells.push_back(std::move(cell));
      table.add_row(std::move(cells));
    };
    add("events per user", domain.histories.users);
    add("events per item", domain.popularity.items);
    add("events per session", domain.histories.sessions);
    add("sessions per user", domain.histories.user_sessions);
    add("seconds between events (25% to 99%: about)", domain.histories.gap_seconds);
  }
  return table;
}

void add_overlaps(const std::vector<DomainOverlap>& overlaps, Document& document) {
  if (overlaps.empty()) return;
  TableBlock table(
      {"domain", "users", "other domain", "users", "in both", "of the first", "of the other"});
  for (const DomainOverlap& overlap : overlaps)
    table.add_row({Cell::text(overlap.a), Cell::count(overlap.users_of_a), Cell::text(overlap.b),
                   Cell::count(overlap.users_of_b), Cell::count(overlap.users_of_both),
                   Cell::percent(ratio(overlap.users_of_both, overlap.users_of_a), 2),
                   Cell::percent(ratio(overlap.users_of_both, overlap.users_of_b), 2)});
  document.add_heading("Overlap of domains");
  document.add_table(std::move(table));
}

// How many rows each import read and dropped, and why.
void add_imports(const std::vector<ImportReport>& imports, Document& document) {
  TableBlock dropped({"source", "dropped because of", "rows", "for example"});
  std::string notes;
  for (const ImportReport& report : imports) {
    if (report.rows_read > 0)
      notes += (notes.empty() ? "" : "\n") + report.source + ": " + report.sentence() + ".";
    for (const std::string& note : report.notes) notes += "\n" + note + ".";
    for (const ImportReport::Reason& reason : report.dropped)
      dropped.add_row({Cell::text(report.source), Cell::text(reason.reason),
                       Cell::count(reason.rows),
                       Cell::text(reason.examples.empty() ? "" : reason.examples[0])});
  }
  if (!notes.empty()) document.add_paragraph(notes);
  if (!dropped.rows().empty()) document.add_table(std::move(dropped));
}

}  // namespace

std::string day_text(std::int64_t time_ns) {
  const std::int64_t day = 86'400'000'000'000;
  const std::int64_t start = time_ns / day - (time_ns % day < 0 ? 1 : 0);
  return value_text(PlotBlock::Axis::kTime, static_cast<double>(start) * 86'400);
}

std::string percent_text(double share) {
  return format_number(100 * share, share < 0.1 ? 2 : 1) + "%";
}

TableBlock overview_table(const Exploration& exploration) {
  TableBlock table({"domain", "interactions", "users", "items", "per user", "from", "to"});
  for (const DomainExploration& found : exploration.domains) {
    const DomainSummary& domain = found.summary;
    table.add_row({Cell::text(domain.name), Cell::count(domain.interactions),
                   Cell::count(domain.active_users), Cell::count(domain.active_items),
                   Cell::number(domain.mean_history, 1),
                   Cell::text(domain.has_times ? day_text(domain.first_ns) : "-"),
                   Cell::text(domain.has_times ? day_text(domain.last_ns) : "-")});
  }
  return table;
}

void add_quality(const ExplorationReport& report, Document& document) {
  add_imports(report.imports, document);
  document.add_table(oddities_table(report.exploration));
  TableBlock names = names_table(report.exploration);
  if (!names.rows().empty()) document.add_table(std::move(names));
  TableBlock numbers = numbers_table(report.exploration);
  if (!numbers.rows().empty()) document.add_table(std::move(numbers));
  TableBlock ages = user_numbers_table(report.exploration);
  if (!ages.rows().empty()) document.add_table(std::move(ages));
  TableBlock users = users_table(report.exploration);
  if (!users.rows().empty()) document.add_table(std::move(users));
}

Document brief_document(const ExplorationReport& report) {
  Document document(report.title);
  document.add_table(overview_table(report.exploration));
  document.add_table(distributions_table(report.exploration));
  add_quality(report, document);
  add_brief_parts(report.exploration, document);
  add_overlaps(report.exploration.overlaps, document);
  if (report.drift) add_drift(*report.drift, report.drift_against, document);
  return document;
}

Document full_document(const ExplorationReport& report) {
  const Exploration& exploration = report.exploration;
  Document document(report.title);
  add_facts(exploration, document);
  if (exploration.domains.size() > 1) document.add_table(overview_table(exploration));
  document.add_heading("Data quality");
  add_quality(report, document);
  document.add_heading("Distributions");
  document.add_table(distributions_table(exploration));
  for (const DomainExploration& domain : exploration.domains)
    add_domain(domain, exploration.domains.size() > 1 ? domain.summary.name + ": " : "", document);
  add_overlaps(exploration.overlaps, document);
  if (report.drift) add_drift(*report.drift, report.drift_against, document);
  return document;
}

}  // namespace crossfade
