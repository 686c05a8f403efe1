// TryJournal: every try of a search as one line of JSON, on the disk before the next one begins.
//
// The first line says which search it is; a journal of another search is begun anew. A line that a
// kill cut off is dropped, and its try is made again. One program at a time writes to a journal.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "crossfade/base/file.h"
#include "crossfade/base/json.h"
#include "crossfade/base/statistics.h"

namespace crossfade {

// What a metric came to with so much effort.
struct RungScore {
  double effort = 0;       // of the effort knob; 0 if the model has none
  std::int64_t users = 0;  // by whom it was judged
  double mean = 0;
  Interval interval;  // over the users
};

struct Try {
  std::int64_t number = 0;
  std::vector<std::string> settings;  // empty: the defaults
  std::vector<RungScore> rungs;       // the last one counts; empty if it failed
  bool stopped = false;               // early: poor, so the last rungs are missing
  std::string error;                  // why it failed
  double seconds = 0;

  bool failed() const { return rungs.empty(); }
  double score() const { return rungs.back().mean; }
};

// Without the seconds, so that the same search writes the same bytes.
Json to_json(const Try& one);
// Errors (data invalid): a member is missing.
Result<Try> try_from_json(const Json& json);
// The tries of a finished search (tries.jsonl). Errors (data invalid): a line that is no try, or
// not the next one.
Result<std::vector<Try>> read_tries(const std::string& path);

class TryJournal {
 public:
  // `identity` is all that decides the tries. Errors: another search writes there now; the disk.
  static Result<TryJournal> open(const std::string& path, const Json& identity);

  const std::vector<Try>& tries() const { return tries_; }
  // True if there was a journal of another search, which is gone now.
  bool began_anew() const { return began_anew_; }
  Status add(const Try& one);

 private:
  explicit TryJournal(FileWriter file) : file_(std::move(file)) {}
  FileWriter file_;
  std::vector<Try> tries_;
  bool began_anew_ = false;
};

}  // namespace crossfade
