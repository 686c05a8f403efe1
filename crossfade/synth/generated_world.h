// GeneratedWorld: a World made of services; what every world's tables have in common.
//
// A world's own file describes its services (two_domain.cc); this one names their tables, makes
// them, and answers for the truth.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "crossfade/synth/log.h"
#include "crossfade/synth/service.h"
#include "crossfade/synth/world.h"

namespace crossfade {

// Makes a column of a catalogue: the value of item i.
struct CatalogueColumn {
  std::string name;
  std::function<std::string(const Catalogue& catalogue, std::int32_t item)> text;  // or, if empty:
  std::function<std::int32_t(const Catalogue& catalogue, std::int32_t item)> number;
};

struct ServiceTables {
  std::unique_ptr<const Service> service;
  LogForm form;
  std::string catalogue;    // name of the table of items, "tracks"
  std::string item_column;  // its column of ids, "track"
  std::vector<CatalogueColumn> columns;
};

// Tables per service: the log; the catalogue; LOG_user_truth with the columns user_id, part
// ("taste", "artist" or "popular"), part_id, weight; LOG_item_truth with item_id, part, part_id,
// probability. A discovery's probability is the sum over the parts both have of weight times
// probability.
class GeneratedWorld final : public World {
 public:
  explicit GeneratedWorld(std::vector<ServiceTables> services) : services_(std::move(services)) {}

  std::vector<TableInfo> tables() const override;
  Result<Table> generate(const std::string& table, Context& context) const override;
  Result<Table> oracle(const OracleRequest& request, Context& context) const override;
  Result<double> probability(const std::string& log, std::int64_t user_id,
                             std::int64_t item_id) const override;

 private:
  Result<const ServiceTables*> find_log(const std::string& log) const;

  std::vector<ServiceTables> services_;
};

// "dream pop|house": the names of an item's one or two tastes.
std::string taste_names(const ItemTruth& item, std::string (*name)(std::int64_t taste));

}  // namespace crossfade
