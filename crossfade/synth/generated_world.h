// GeneratedWorld: a World made of services; what every world's tables have in common.
//
// A world's own file describes its domains and tables (two_domain.cc); this one streams the tables
// and answers for the truth.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "crossfade/synth/event_stream.h"
#include "crossfade/synth/oracle.h"
#include "crossfade/synth/service.h"
#include "crossfade/synth/world.h"

namespace crossfade {

struct WorldDomain {
  std::string log;  // name of its table of role kLog; the domain's own is service->shape().log
  std::shared_ptr<const Service> service;
  FirstIds ids;
  double cut_share = 0;  // as Oracle takes it
};

struct WorldTable {
  TableInfo info;
  std::function<Status(const TableSink& sink, Context& context)> stream;
};

// A log: `columns` turns a block of events into the rows of the published schema.
using LogColumns = std::function<Table(const EventBlock& block, ThreadPool& threads)>;
WorldTable log_table(TableInfo info, const WorldDomain& domain, const EventOrder& order,
                     LogColumns columns);

// A table with a row, or some rows, for each of `size` numbered things: `rows` makes those of
// things begin to end - 1; `block` things are made at once.
using NumberedRows =
    std::function<Table(std::int64_t begin, std::int64_t end, ThreadPool& threads)>;
WorldTable numbered_table(TableInfo info, std::int64_t size, std::int64_t block, NumberedRows rows);

// DOMAIN_user_truth: user_id, part ("taste", "artist" or "popular"), part_id, weight (when the log
// begins), weight_end (when it ends; between them in a straight line of the activity). Then
// DOMAIN_item_truth: item_id, part, part_id, probability (among all items), born (timestamp). A
// discovery's probability is the sum over the parts both have of weight times probability, divided
// by the probability of all items of the part that are born.
std::vector<WorldTable> truth_tables(const WorldDomain& domain);

class GeneratedWorld final : public World {
 public:
  GeneratedWorld(std::vector<WorldDomain> domains, std::vector<WorldTable> tables)
      : domains_(std::move(domains)), tables_(std::move(tables)) {}

  std::vector<TableInfo> tables() const override;
  Status stream(const std::string& table, const TableSink& sink, Context& context) const override;
  Result<Table> oracle(const OracleRequest& request, Context& context) const override;
  Result<double> probability(const std::string& log, std::int64_t user_id, std::int64_t item_id,
                             double share) const override;

 private:
  Result<const WorldDomain*> find_domain(const std::string& log) const;

  std::vector<WorldDomain> domains_;
  std::vector<WorldTable> tables_;
};

// "dream pop|house": the names of an item's one or two tastes.
std::string taste_names(const ItemTruth& item, std::string (*name)(std::int64_t taste));

// The sentence for a world whose items are fewer than its tastes.
Status too_few_items(const std::string& world, std::int64_t items, std::int64_t tastes);

}  // namespace crossfade
