// Counts the parts; what is known before is marked per user and per item of each domain.
#include "crossfade/data/split_report.h"

#include <algorithm>
#include <limits>

namespace crossfade {
namespace {

// Per user, and per item of each domain: whether an interaction is in one of the datasets added.
struct Known {
  explicit Known(const Dataset& dataset) : users(static_cast<std::size_t>(dataset.num_users())) {
    for (const Domain& domain : dataset.domains())
      items.emplace_back(static_cast<std::size_t>(domain.items.size()));
  }
  // A part may have more users than train (data/successive.h).
  void add_users(const Dataset& part) {
    users.resize(std::max(users.size(), static_cast<std::size_t>(part.num_users())));
    for (const Domain& domain : part.domains())
      for (std::size_t user = 0; user + 1 < domain.offsets.size(); ++user)
        if (domain.offsets[user] < domain.offsets[user + 1]) users[user] = 1;
  }
  void add_items(const Dataset& part) {
    for (std::size_t d = 0; d < items.size(); ++d)
      for (const ItemIndex item : part.domains()[d].item)
        items[d][static_cast<std::size_t>(item)] = 1;
  }

  std::vector<std::uint8_t> users;
  std::vector<std::vector<std::uint8_t>> items;
};

double share(std::int64_t part, std::int64_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

// The first and the last time of all domains that have any.
void find_times(const Dataset& part, PartReport& report) {
  report.first_ns = std::numeric_limits<std::int64_t>::max();
  report.last_ns = std::numeric_limits<std::int64_t>::min();
  for (const Domain& domain : part.domains())
    for (const std::int64_t time : domain.time_ns) {
      report.has_times = true;
      report.first_ns = std::min(report.first_ns, time);
      report.last_ns = std::max(report.last_ns, time);
    }
  if (!report.has_times) report.first_ns = report.last_ns = 0;
}

PartReport describe(const std::string& name, const Dataset& part, ThreadPool& threads) {
  PartReport report;
  report.name = name;
  report.size = measure(part, threads);
  find_times(part, report);
  return report;
}

std::int64_t count_cold_users(const Dataset& part, const Known& known) {
  std::int64_t cold = 0;
  for (std::size_t user = 0; user < static_cast<std::size_t>(part.num_users()); ++user)
    cold += !known.users[user] &&
            std::any_of(part.domains().begin(), part.domains().end(), [&](const Domain& domain) {
              return domain.offsets[user] < domain.offsets[user + 1];
            });
  return cold;
}

// What is new in validation or test; `train` is the report of the train part.
void find_cold(const Dataset& part, const Known& known, const PartReport& train,
               PartReport& report) {
  Known here(part);
  here.add_items(part);
  std::int64_t items = 0, rows = 0, early = 0;
  for (std::size_t d = 0; d < here.items.size(); ++d) {
    for (std::size_t item = 0; item < here.items[d].size(); ++item)
      items += here.items[d][item] && !known.items[d][item];
    const Domain& domain = part.domains()[d];
    for (std::size_t user = 0; user + 1 < domain.offsets.size(); ++user)
      for (auto at = domain.offsets[user]; at < domain.offsets[user + 1]; ++at) {
        const auto row = static_cast<std::size_t>(at);
        rows += !known.users[user] || !known.items[d][static_cast<std::size_t>(domain.item[row])];
        early += !domain.time_ns.empty() && domain.time_ns[row] <= train.last_ns;
      }
  }
  report.cold_users = share(count_cold_users(part, known), report.size.users);
  report.cold_items = share(items, report.size.items);
  report.cold_rows = share(rows, report.size.rows);
  report.overlap = train.has_times ? share(early, report.size.rows) : 0;
}

}  // namespace

SplitReport report_split(const Split& split, ThreadPool& threads) {
  SplitReport report;
  report.rows_dropped = split.rows_dropped;
  report.parts.push_back(describe("train", split.train, threads));
  Known train(split.train);
  train.add_users(split.train);
  train.add_items(split.train);
  const auto add = [&](const std::string& name, const Dataset& part,
                       const std::optional<Dataset>& fold_in) {
    Known known = train;
    if (fold_in) known.add_users(*fold_in);
    report.parts.push_back(describe(name, part, threads));
    find_cold(part, known, report.parts[0], report.parts.back());
  };
  if (split.validation) add("validation", *split.validation, split.validation_fold_in);
  add("test", split.test, split.fold_in);
  if (split.validation_fold_in)
    report.parts.push_back(describe("validation_fold_in", *split.validation_fold_in, threads));
  if (split.fold_in) report.parts.push_back(describe("fold_in", *split.fold_in, threads));
  return report;
}

TableBlock split_table(const SplitReport& report) {
  TableBlock table({"part", "interactions", "users", "items", "cold users %", "cold items %",
                    "cold interactions %", "not after train %"});
  for (const PartReport& part : report.parts) {
    std::vector<Cell> row{Cell::text(part.name), Cell::count(part.size.rows),
                          Cell::count(part.size.users), Cell::count(part.size.items)};
    if (part.name == "validation" || part.name == "test") {
      for (const double value : {part.cold_users, part.cold_items, part.cold_rows})
        row.push_back(Cell::number(100 * value, 1));
      if (part.has_times) row.push_back(Cell::number(100 * part.overlap, 1));
    }
    table.add_row(std::move(row));
  }
  return table;
}

Json to_json(const SplitReport& report) {
  Json parts = Json::object();
  for (const PartReport& part : report.parts) {
    Json json = to_json(part.size);
    if (part.has_times) json.set("first_ns", part.first_ns).set("last_ns", part.last_ns);
    if (part.name == "validation" || part.name == "test")
      json.set("cold_users", part.cold_users)
          .set("cold_items", part.cold_items)
          .set("cold_rows", part.cold_rows)
          .set("overlap", part.overlap);
    parts.set(part.name, std::move(json));
  }
  return Json::object().set("parts", std::move(parts)).set("rows_dropped", report.rows_dropped);
}

}  // namespace crossfade
