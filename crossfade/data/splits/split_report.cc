// Counts the parts; what is known before is marked per user and per item of each domain.
#include "crossfade/data/splits/split_report.h"

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
  // A part may have more users than train (data/splits/successive.h).
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
void find_times(const Dataset& part, ThreadPool& threads, PartReport& report) {
  struct Span {
    std::int64_t first = std::numeric_limits<std::int64_t>::max();
    std::int64_t last = std::numeric_limits<std::int64_t>::min();
  };
  const auto widen = [](Span& span, const Span& other) {
    span.first = std::min(span.first, other.first);
    span.last = std::max(span.last, other.last);
  };
  Span whole;
  for (const Domain& domain : part.domains()) {
    report.has_times = report.has_times || !domain.time_ns.empty();
    whole = threads.map_reduce(
        static_cast<std::int64_t>(domain.time_ns.size()), 1 << 18, whole,
        [&](std::int64_t begin, std::int64_t end) {
          const auto [first, last] =
              std::minmax_element(domain.time_ns.begin() + begin, domain.time_ns.begin() + end);
          return Span{*first, *last};
        },
        widen);
  }
  if (!report.has_times) return;
  report.first_ns = whole.first;
  report.last_ns = whole.last;
}

PartReport describe(const std::string& name, const Dataset& part, ThreadPool& threads) {
  PartReport report;
  report.name = name;
  report.size = measure(part, threads);
  find_times(part, threads, report);
  return report;
}

// What is new, counted over some of the users.
struct Cold {
  std::int64_t users = 0, rows = 0, early = 0;
};

Cold count_cold(const Dataset& part, const Known& known, std::int64_t train_end_ns,
                std::size_t user) {
  Cold cold;
  const bool cold_user = !known.users[user];
  std::int64_t rows = 0;
  for (std::size_t d = 0; d < part.domains().size(); ++d) {
    const Domain& domain = part.domains()[d];
    for (auto at = domain.offsets[user]; at < domain.offsets[user + 1]; ++at) {
      const auto row = static_cast<std::size_t>(at);
      cold.rows += cold_user || !known.items[d][static_cast<std::size_t>(domain.item[row])];
      cold.early += !domain.time_ns.empty() && domain.time_ns[row] <= train_end_ns;
      ++rows;
    }
  }
  cold.users = cold_user && rows > 0;
  return cold;
}

// What is new in validation or test; `train` is the report of the train part.
void find_cold(const Dataset& part, const Known& known, const PartReport& train,
               ThreadPool& threads, PartReport& report) {
  Known here(part);
  here.add_items(part);
  std::int64_t items = 0;
  for (std::size_t d = 0; d < here.items.size(); ++d)
    for (std::size_t item = 0; item < here.items[d].size(); ++item)
      items += here.items[d][item] && !known.items[d][item];
  const auto add = [](Cold& sum, const Cold& more) {
    sum.users += more.users;
    sum.rows += more.rows;
    sum.early += more.early;
  };
  const Cold cold = threads.map_reduce(
      part.num_users(), 4096, Cold(),
      [&](std::int64_t begin, std::int64_t end) {
        Cold sum;
        for (auto user = static_cast<std::size_t>(begin); user < static_cast<std::size_t>(end);
             ++user)
          add(sum, count_cold(part, known, train.last_ns, user));
        return sum;
      },
      add);
  report.cold_users = share(cold.users, report.size.users);
  report.cold_items = share(items, report.size.items);
  report.cold_rows = share(cold.rows, report.size.rows);
  report.overlap = train.has_times ? share(cold.early, report.size.rows) : 0;
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
    known.users.resize(std::max(known.users.size(), static_cast<std::size_t>(part.num_users())));
    if (fold_in) known.add_users(*fold_in);
    report.parts.push_back(describe(name, part, threads));
    find_cold(part, known, report.parts[0], threads, report.parts.back());
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
