// exploration_document: an Exploration for people and for machines.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "crossfade/data/exploration/explore.h"
#include "crossfade/data/exploration/explore_drift.h"
#include "crossfade/data/import_report.h"
#include "crossfade/report/document.h"

namespace crossfade {

struct ExplorationReport {
  std::string title;
  Exploration exploration;
  std::vector<ImportReport> imports;  // what was read and dropped on the way in
  std::optional<Drift> drift;
  std::string drift_against;  // what it was compared with
};

// The few tables that one looks at first, for a terminal.
Document brief_document(const ExplorationReport& report);
// All of it, with plots: overview, quality, then by domain growth, rhythm, histories, popularity,
// labels, values; overlap of domains; drift.
Document full_document(const ExplorationReport& report);
// {"users": .., "users_in_all_domains": .., "domains": [{"name": .., "interactions": .., ..}],
// "overlaps": [..], "imports": [..], "drift": {..}}; docs/reports.md says what is in each.
Json to_json(const ExplorationReport& report);

// Parts of them. `prefix` stands before headings where there are several domains.
TableBlock overview_table(const Exploration& exploration);
void add_domain(const DomainExploration& domain, const std::string& prefix, Document& document);
void add_quality(const ExplorationReport& report, Document& document);
void add_drift(const Drift& drift, const std::string& against, Document& document);
Json to_json(const Drift& drift);

// Small tables of the brief document: growth by month, popularity, what is taken most, kinds.
void add_brief_parts(const Exploration& exploration, Document& document);
// Month, events, users, new users and new items, of the last `most` months.
TableBlock months_table(const TimeExploration& time, std::size_t most);
// "1 (view)", or "1" where the kind has no name.
std::string kind_text(const ValueExploration& values, std::size_t kind);

// "2022-12-01", UTC.
std::string day_text(std::int64_t time_ns);
// "12.3%"
std::string percent_text(double share);

}  // namespace crossfade
