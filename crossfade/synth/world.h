// World: a generated service, its logs at any scale and the truth beside them.
//
// A world is made of a seed and knobs, and every table is a function of them alone: the same rows
// for any number of threads. A table comes as a stream of blocks, so its size does not bound it.
// The mathematics stands in README.md. Worlds know nothing of files; whoever asks writes the
// blocks.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "crossfade/base/context.h"
#include "crossfade/base/knobs.h"
#include "crossfade/data/table.h"

namespace crossfade {

enum class TableRole {
  kLog,        // who did what when: what a recommender may learn from
  kCatalogue,  // items with names, one row per item
  kTruth       // what the world was made of; never to be shown to training
};

struct TableInfo {
  std::string name;  // "zvuk-interactions": also the file's name
  TableRole role;
  std::string columns;      // for people: "user_id, item_id, timestamp (ns), rating"
  bool comma_text = false;  // the published file is CSV
};

// Takes the next rows of a table; the first block has all columns even if there are no rows.
using TableSink = std::function<Status(const Table& block)>;

// What users are known to have done in one log, as ids: user i's items are
// items[offsets[i]] to items[offsets[i + 1]], oldest first, repeats kept, from the log's beginning.
struct KnownHistories {
  std::vector<std::int64_t> users;
  std::vector<std::int64_t> offsets{0};
  std::vector<std::int64_t> items;
};

// What the oracle is to foresee; README.md says exactly what it knows and optimises.
enum class Horizon {
  kNext,  // the very next event: the mood of a session that goes on counts (leave-last tests)
  kLater  // any event from then on: lasting taste only (tests cut by time)
};

struct OracleRequest {
  std::string log;  // a domain ("zvuk"), or the name of its table of role kLog
  const KnownHistories& known;
  std::int64_t k = 10;
  bool keep_seen = false;  // false: items of the known history are not recommended
  Horizon horizon = Horizon::kNext;
};

class World {
 public:
  virtual ~World() = default;
  virtual std::vector<TableInfo> tables() const = 0;
  // Hands the table's rows on in blocks of about a million. Errors: usage with the nearest name if
  // there is no such table, interrupted, and the sink's.
  virtual Status stream(const std::string& table, const TableSink& sink,
                        Context& context) const = 0;
  // The whole table in memory.
  Result<Table> generate(const std::string& table, Context& context) const;
  // For each known user, in the order given, the k items of largest true probability: columns
  // user_id, item_id, score (float), rank (from 1), source. Users the world does not know get no
  // rows; items of a history that it does not know are passed over. Usage error: `log` is no log.
  virtual Result<Table> oracle(const OracleRequest& request, Context& context) const = 0;
  // The probability that a discovery (an event that is no replay) of this user is this item when
  // `share` (0 to 1) of the world's activity is over, sessions averaged out: 0 for a user or an
  // item that is not there.
  virtual Result<double> probability(const std::string& log, std::int64_t user_id,
                                     std::int64_t item_id, double share) const = 0;
};

// A world as the command line sees it. Every world has the knobs users, items and events.
struct WorldEntry {
  std::string summary;            // one sentence for --help
  std::vector<KnobInfo> knobs;    // with their defaults
  std::vector<std::string> full;  // settings that make it as large as the published one
  // `settings` are "users=20000". Usage errors: an unknown knob, a value out of range, knobs that
  // contradict each other.
  Result<std::unique_ptr<World>> (*make)(const std::vector<std::string>& settings,
                                         std::uint64_t seed, Context& context) = nullptr;
};

// Names of all worlds, in the order of synth/list.h ("two-domain").
std::vector<std::string> world_names();
// Usage error with the nearest name if there is no such world.
Result<WorldEntry> find_world(const std::string& name);

}  // namespace crossfade
