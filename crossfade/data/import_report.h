// ImportReport: what became of every row of a log on its way into a store. Nothing is lost
// silently: a dropped row is counted under its reason, with a few examples, and the report is kept
// in the store beside the data.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "crossfade/base/json.h"

namespace crossfade {

struct ImportReport {
  static constexpr std::size_t kMaxExamples = 3;  // kept per reason

  struct Reason {
    std::string reason;  // "missing user id"
    std::int64_t rows = 0;
    std::vector<std::string> examples;  // "row 17: user 5, item 9", rows counted from 0
  };

  std::string source;  // the file as the user named it; empty for data made in memory
  std::int64_t rows_read = 0, rows_kept = 0;
  std::vector<Reason> dropped;     // in the order in which reasons were first met
  std::vector<std::string> notes;  // sentences: "no page checksums", "times are in seconds"

  // Counts rows under a reason; the example is kept if it is not empty and there are few so far.
  void drop(const std::string& reason, const std::string& example, std::int64_t rows = 1);
  // Whether drop() would keep one: saves the making of millions of sentences.
  bool wants_example(const std::string& reason) const;
  // Adds the counts, examples and notes of a log that came later.
  void append(const ImportReport& later);
  std::int64_t rows_dropped() const;
  // "12 of 1,000 rows dropped: 10 missing user id, 2 negative weight"; for messages.
  std::string sentence() const;
};

// {"source": .., "rows_read": .., "rows_kept": .., "dropped": [{"reason": .., "rows": ..,
// "examples": [..]}], "notes": [..]}
Json to_json(const ImportReport& report);
// Missing members are empty, so that any manifest reads.
ImportReport import_report_from_json(const Json& json);

}  // namespace crossfade
