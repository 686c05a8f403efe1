// Streams the tables of a world, and finds domains by name.
#include "crossfade/synth/generated_world.h"

#include <algorithm>

#include "crossfade/base/text.h"
#include "crossfade/synth/columns.h"

namespace crossfade {
namespace {

// Rows (id, part, part_id, ...), the form of both truths.
class TruthRows {
 public:
  explicit TruthRows(const Catalogue& catalogue) : catalogue_(catalogue) {}

  void add(std::int64_t id, std::int32_t list, double mass) {
    const std::int32_t first_artist = catalogue_.artist_list(0);
    const bool popular = list == catalogue_.popular_list(), taste = list < first_artist;
    ids_.push_back(id);
    parts_.emplace_back(popular ? "popular" : taste ? "taste" : "artist");
    part_ids_.push_back(popular ? 0 : taste ? list : list - first_artist);
    masses_.push_back(mass);
  }

  Table table(const char* id, const char* mass) && {
    Table table;
    table.columns.push_back({id, std::move(ids_)});
    table.columns.push_back({"part", std::move(parts_)});
    table.columns.push_back({"part_id", std::move(part_ids_)});
    table.columns.push_back({mass, std::move(masses_)});
    return table;
  }

 private:
  const Catalogue& catalogue_;
  std::vector<std::int64_t> ids_;
  std::vector<std::string> parts_;
  std::vector<std::int32_t> part_ids_;
  std::vector<double> masses_;
};

Table user_truth(const Service& service, const FirstIds& ids, std::int64_t begin,
                 std::int64_t end) {
  TruthRows rows(service.catalogue());
  std::vector<double> ends;
  for (std::int64_t user = begin; user < end; ++user) {
    if (service.num_events(user) == 0) continue;
    const Taste taste = service.taste(user);
    for (const Taste::Part& part : taste.parts()) {
      rows.add(ids.user + user, part.list, part.weight);
      ends.push_back(part.end);
    }
  }
  Table table = std::move(rows).table("user_id", "weight");
  table.columns.push_back({"weight_end", std::move(ends)});
  return table;
}

Table item_truth(const Service& service, const FirstIds& ids, std::int64_t begin,
                 std::int64_t end) {
  const Catalogue& catalogue = service.catalogue();
  TruthRows rows(catalogue);
  std::vector<std::int64_t> born;
  for (auto i = static_cast<std::int32_t>(begin); i < end; ++i) {
    const ItemTruth& item = catalogue.item(i);
    const std::int64_t id = ids.item + i;
    rows.add(id, catalogue.taste_list(item.taste), double{item.in_taste});
    if (item.second_taste >= 0) rows.add(id, item.second_taste, double{item.in_second});
    rows.add(id, catalogue.artist_list(item.artist), double{item.in_artist});
    rows.add(id, catalogue.popular_list(), double{item.in_popular});
    const double share = catalogue.birth(i) / double{kEpochs};
    const std::size_t parts = item.second_taste >= 0 ? 4 : 3;
    born.insert(born.end(), parts, service.rhythm().time_ms(share) * kNsPerMs);
  }
  Table table = std::move(rows).table("item_id", "probability");
  table.columns.push_back({"born", std::move(born), Column::Meaning::kTimestamp, {}});
  return table;
}

}  // namespace

WorldTable log_table(TableInfo info, const WorldDomain& domain, const EventOrder& order,
                     LogColumns columns) {
  const auto stream = [domain, order, columns = std::move(columns)](const TableSink& sink,
                                                                    Context& context) {
    std::int64_t blocks = 0;
    CROSSFADE_RETURN_IF_ERROR(
        stream_events(*domain.service, order, context, [&](EventBlock& block) {
          ++blocks;
          return sink(columns(block, context.threads));
        }));
    return blocks > 0 ? ok_status() : sink(columns({}, context.threads));
  };
  return {std::move(info), stream};
}

WorldTable numbered_table(TableInfo info, std::int64_t size, std::int64_t block,
                          NumberedRows rows) {
  const auto stream = [name = info.name, size, block, rows = std::move(rows)](const TableSink& sink,
                                                                              Context& context) {
    context.progress.begin("generate " + name, size, "rows");
    for (std::int64_t begin = 0; begin == 0 || begin < size; begin += block) {
      const std::int64_t end = std::min(begin + block, size);
      CROSSFADE_RETURN_IF_ERROR(context.check_stop());
      CROSSFADE_RETURN_IF_ERROR(sink(rows(begin, end, context.threads)));
      context.progress.advance(end - begin);
    }
    context.progress.end();
    return ok_status();
  };
  return {std::move(info), stream};
}

std::vector<WorldTable> truth_tables(const WorldDomain& domain) {
  constexpr std::int64_t kUsers = 1 << 16, kItems = 1 << 18;  // at once
  const Service& service = *domain.service;
  const std::string& name = service.shape().log;
  return {numbered_table({name + "_user_truth", TableRole::kTruth,
                          "user_id, part, part_id, weight, weight_end"},
                         service.num_users(), kUsers,
                         [domain](std::int64_t begin, std::int64_t end, ThreadPool&) {
                           return user_truth(*domain.service, domain.ids, begin, end);
                         }),
          numbered_table({name + "_item_truth", TableRole::kTruth,
                          "item_id, part, part_id, probability, born"},
                         service.catalogue().num_items(), kItems,
                         [domain](std::int64_t begin, std::int64_t end, ThreadPool&) {
                           return item_truth(*domain.service, domain.ids, begin, end);
                         })};
}

std::vector<TableInfo> GeneratedWorld::tables() const {
  std::vector<TableInfo> list;
  for (const WorldTable& table : tables_) list.push_back(table.info);
  return list;
}

Status GeneratedWorld::stream(const std::string& table, const TableSink& sink,
                              Context& context) const {
  std::vector<std::string> names;
  for (const WorldTable& known : tables_) {
    if (known.info.name == table) return known.stream(sink, context);
    names.push_back(known.info.name);
  }
  return unknown_name("table", table, names);
}

Result<const WorldDomain*> GeneratedWorld::find_domain(const std::string& log) const {
  std::vector<std::string> names;
  for (const WorldDomain& domain : domains_) {
    if (domain.service->shape().log == log || domain.log == log) return &domain;
    names.push_back(domain.service->shape().log);
  }
  return unknown_name("log", log, names);
}

Result<Table> GeneratedWorld::oracle(const OracleRequest& request, Context& context) const {
  CROSSFADE_ASSIGN_OR_RETURN(const WorldDomain* domain, find_domain(request.log));
  const Oracle oracle(*domain->service, context.threads, domain->cut_share);
  return oracle_table(oracle, domain->ids, request, context);
}

Result<double> GeneratedWorld::probability(const std::string& log, std::int64_t user_id,
                                           std::int64_t item_id, double share) const {
  CROSSFADE_ASSIGN_OR_RETURN(const WorldDomain* domain, find_domain(log));
  const Service& service = *domain->service;
  const std::int64_t user = user_id - domain->ids.user;
  const std::int64_t item = item_id - domain->ids.item;
  const bool known = user >= 0 && user < service.num_users() && service.num_events(user) > 0 &&
                     item >= 0 && item < service.catalogue().num_items();
  if (!known) return 0.0;
  return service.taste(user).probability(service.catalogue(), static_cast<std::int32_t>(item),
                                         share);
}

std::string taste_names(const ItemTruth& item, std::string (*name)(std::int64_t taste)) {
  return name(item.taste) + (item.second_taste < 0 ? "" : "|" + name(item.second_taste));
}

Status too_few_items(const std::string& world, std::int64_t items, std::int64_t tastes) {
  return usage_error(world + ": " + std::to_string(items) + " items in a domain are too few for " +
                     std::to_string(tastes) +
                     " tastes; take more items or fewer tastes, so that each taste has one");
}

}  // namespace crossfade
