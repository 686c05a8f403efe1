// StoreImport: a log that comes in blocks becomes a new store, a new domain of one, or more rows of
// a domain that is there.
//
// The rows lie in a work folder until the end: STORE.importing beside a new store, STORE/importing
// in one that grows. What an import that was killed has left there is taken up by the next one of
// the same log, or removed by one of another. The result appears in one step, at the end.
//
// More rows of a domain cost time in proportion to themselves and to the ids of the store, whose
// rows are not read. The same row in two imports is not noticed as a repeat.
//
// A new store is not synced to the disk: the log is still there if the power fails, and the
// checksums tell. What is added to a store is synced before the manifest names it.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "crossfade/base/context.h"
#include "crossfade/base/json.h"
#include "crossfade/data/store/segment_builder.h"

namespace crossfade {

struct ImportTarget {
  std::string store;
  bool grow = false;  // into a store that is there, else a new one
  std::string domain;
};

// What is imported.
struct ImportSource {
  Json identity;                      // the log and how it is read
  std::vector<std::string> contents;  // hashes of its parts, which a domain takes only once
};

struct StoreImportOptions {
  std::int64_t memory_bytes = std::int64_t{1} << 30;  // data/store/segment_builder.h says for what
  bool drop_repeats = false;
  std::int64_t session_gap_ns = 0;  // above 0: sessions are made by gaps
  int session_end_kind = -1;        // 0 or more: by rows of this kind, each the last of a session

  bool makes_sessions() const { return session_gap_ns > 0 || session_end_kind >= 0; }
};

// What came of an import.
struct ImportedRows {
  SegmentBuilder::Built built;
  std::optional<TimeRange> before;    // of the rows that the domain had already
  std::int64_t users = 0, items = 0;  // of the store and of the domain, now
};

class StoreImport {
 public:
  // Two imports of equal source and options are the same one. Errors: the store is there (not:
  // grow) or is not there (grow), a name that cannot be a domain's, another program writes to it, a
  // part of the log is in the domain already (usage).
  static Result<StoreImport> open(const ImportTarget& target, const StoreImportOptions& options,
                                  const ImportSource& source, Context& context);
  ~StoreImport();
  StoreImport(StoreImport&&) noexcept;
  StoreImport& operator=(StoreImport&&) noexcept;

  // The caller's state at the last checkpoint of a killed import that this one goes on with: its
  // rows up to there are in. Null if there was none.
  const Json& resumed() const;

  // Takes the next rows (data/store/segment_builder.h has the errors). `state` is asked at
  // checkpoints for what the caller needs to go on behind these rows.
  Status add(LogColumns block, const std::function<Json()>& state);
  // Columns of numbers that add() has done with: their memory may hold later blocks.
  LogColumns take_spent();

  // Writes the segment and makes it part of the store; `report_of` makes the report that is kept
  // with it, and so are the names that kinds have by number. A new store is handed to `complete`,
  // as a folder that others do not know yet, before it takes its name; its error leaves no store.
  Result<ImportedRows> finish(const std::function<ImportReport(const ImportedRows&)>& report_of,
                              std::vector<std::string> kind_names = {},
                              const std::function<Status(const std::string&)>& complete = {});

 private:
  struct State;
  explicit StoreImport(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace crossfade
