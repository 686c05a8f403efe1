// Turns services into the tables of a world.
#include "crossfade/synth/generated_world.h"

#include <utility>

#include "crossfade/base/text.h"
#include "crossfade/synth/oracle.h"

namespace crossfade {
namespace {

constexpr const char* kUserTruth = "_user_truth";
constexpr const char* kItemTruth = "_item_truth";

// Rows (id, part, part_id, mass), the form of both truths.
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
    const auto push = [&](const char* name, Column::Values values) {
      table.columns.push_back({name, std::move(values), Column::Meaning::kPlain, {}});
    };
    push(id, std::move(ids_));
    push("part", std::move(parts_));
    push("part_id", std::move(part_ids_));
    push(mass, std::move(masses_));
    return table;
  }

 private:
  const Catalogue& catalogue_;
  std::vector<std::int64_t> ids_;
  std::vector<std::string> parts_;
  std::vector<std::int32_t> part_ids_;
  std::vector<double> masses_;
};

Table user_truth(const Service& service, const LogForm& form) {
  TruthRows rows(service.catalogue());
  for (std::int64_t user = 0; user < service.num_users(); ++user) {
    if (service.num_events(user) == 0) continue;
    const Taste taste = service.taste(user);
    for (const Taste::Part& part : taste.parts())
      rows.add(form.first_user_id + user, part.list, part.weight);
  }
  return std::move(rows).table("user_id", "weight");
}

Table item_truth(const Service& service, const LogForm& form) {
  const Catalogue& catalogue = service.catalogue();
  TruthRows rows(catalogue);
  for (std::int32_t i = 0; i < catalogue.num_items(); ++i) {
    const ItemTruth& item = catalogue.item(i);
    const std::int64_t id = form.first_item_id + i;
    rows.add(id, catalogue.taste_list(item.taste), item.in_taste);
    if (item.second_taste >= 0) rows.add(id, item.second_taste, item.in_second);
    rows.add(id, catalogue.artist_list(item.artist), item.in_artist);
    rows.add(id, catalogue.popular_list(), item.in_popular);
  }
  return std::move(rows).table("item_id", "probability");
}

Table catalogue_table(const ServiceTables& tables) {
  const Catalogue& catalogue = tables.service->catalogue();
  const auto size = static_cast<std::int32_t>(catalogue.num_items());
  Table table;
  std::vector<std::int64_t> ids;
  for (std::int32_t i = 0; i < size; ++i) ids.push_back(tables.form.first_item_id + i);
  table.columns.push_back({tables.item_column, std::move(ids), Column::Meaning::kPlain, {}});
  for (const CatalogueColumn& column : tables.columns) {
    std::vector<std::string> texts;
    std::vector<std::int32_t> numbers;
    for (std::int32_t i = 0; i < size; ++i) {
      if (column.text)
        texts.push_back(column.text(catalogue, i));
      else
        numbers.push_back(column.number(catalogue, i));
    }
    Column::Values values;
    if (column.text)
      values = std::move(texts);
    else
      values = std::move(numbers);
    table.columns.push_back({column.name, std::move(values), Column::Meaning::kPlain, {}});
  }
  return table;
}

}  // namespace

std::vector<TableInfo> GeneratedWorld::tables() const {
  std::vector<TableInfo> list;
  for (const ServiceTables& tables : services_) {
    const std::string& log = tables.service->shape().log;
    std::string columns = tables.item_column;
    for (const CatalogueColumn& column : tables.columns) columns += ", " + column.name;
    const bool seconds = tables.form.time_unit_ns == 1000000000;
    list.push_back(
        {log, TableRole::kLog,
         std::string("user_id, item_id, timestamp (") + (seconds ? "s" : "ns") + "), rating"});
    list.push_back({tables.catalogue, TableRole::kCatalogue, columns});
    list.push_back({log + kUserTruth, TableRole::kTruth, "user_id, part, part_id, weight"});
    list.push_back({log + kItemTruth, TableRole::kTruth, "item_id, part, part_id, probability"});
  }
  return list;
}

Result<Table> GeneratedWorld::generate(const std::string& table, Context& context) const {
  for (const ServiceTables& tables : services_) {
    const Service& service = *tables.service;
    const std::string& log = service.shape().log;
    if (table == log) return generate_log(service, tables.form, context);
    if (table == tables.catalogue) return catalogue_table(tables);
    if (table == log + kUserTruth) return user_truth(service, tables.form);
    if (table == log + kItemTruth) return item_truth(service, tables.form);
  }
  std::vector<std::string> names;
  for (const TableInfo& info : this->tables()) names.push_back(info.name);
  return unknown_name("table", table, names);
}

Result<const ServiceTables*> GeneratedWorld::find_log(const std::string& log) const {
  std::vector<std::string> names;
  for (const ServiceTables& tables : services_) {
    if (tables.service->shape().log == log) return &tables;
    names.push_back(tables.service->shape().log);
  }
  return unknown_name("log", log, names);
}

Result<Table> GeneratedWorld::oracle(const OracleRequest& request, Context& context) const {
  CROSSFADE_ASSIGN_OR_RETURN(const ServiceTables* tables, find_log(request.log));
  return oracle_table(*tables->service, tables->form, request, context);
}

Result<double> GeneratedWorld::probability(const std::string& log, std::int64_t user_id,
                                           std::int64_t item_id) const {
  CROSSFADE_ASSIGN_OR_RETURN(const ServiceTables* tables, find_log(log));
  const Service& service = *tables->service;
  const std::int64_t user = user_id - tables->form.first_user_id;
  const std::int64_t item = item_id - tables->form.first_item_id;
  const bool known = user >= 0 && user < service.num_users() && service.num_events(user) > 0 &&
                     item >= 0 && item < service.catalogue().num_items();
  if (!known) return 0.0;
  return service.taste(user).probability(service.catalogue(), static_cast<std::int32_t>(item));
}

std::string taste_names(const ItemTruth& item, std::string (*name)(std::int64_t taste)) {
  return name(item.taste) + (item.second_taste < 0 ? "" : "|" + name(item.second_taste));
}

}  // namespace crossfade
