// EvalReport: what an evaluation found, with how sure it is.
//
// Values per user are kept, so that two reports on the same truth can be compared pairwise and
// split by any property of the users.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "crossfade/base/json.h"
#include "crossfade/base/statistics.h"
#include "crossfade/base/status.h"
#include "crossfade/data/ids.h"
#include "crossfade/report/document.h"

namespace crossfade {

struct MetricResult {
  std::string metric;  // "ndcg"
  std::int64_t k = 0;
  double mean = 0;               // over the users of the truth
  Interval interval;             // bootstrap over users; NaN for a metric of all lists
  std::vector<double> per_user;  // parallel to EvalReport::users; empty for such a metric
  std::string name() const;      // "ndcg@10"
};

// The same metrics over a part of the users, or of what they took to (segments.h makes them).
struct SegmentGroup {
  std::string name;                   // "5 to 19"
  std::string detail;                 // "1,234 items, 20 users or more each"; may be empty
  std::int64_t users = 0;             // scored in this group
  std::int64_t relevant = 0;          // pairs of the truth in it
  std::vector<MetricResult> metrics;  // without values per user
};
struct Segmentation {
  std::string name;   // "history", as in JSON
  std::string title;  // "By the length of a user's history"
  std::string note;   // a sentence: what the groups are
  std::vector<SegmentGroup> groups;
};

struct EvalCounts {
  std::int64_t users = 0;               // of the truth: all are scored
  std::int64_t users_without_list = 0;  // of those: no recommendations, scored 0
  std::int64_t users_not_in_truth = 0;  // recommended to, but not scored
  std::int64_t relevant = 0;            // pairs in the truth
  std::int64_t cold_rows = 0;           // scored rows (within the largest k) of items new to train
  std::int64_t longest_list = 0;        // of the scored users
};

struct EvalReport {
  std::vector<UserIndex> users;  // the truth's, rising
  std::vector<MetricResult> metrics;
  EvalCounts counts;
  BootstrapOptions bootstrap;
  std::vector<std::string> warnings;   // sentences
  std::vector<Segmentation> segments;  // if asked for

  // nullptr if there is no such metric; `name` as in "ndcg@10".
  const MetricResult* find(const std::string& name) const;
  // Values per user fit the users, means and intervals are finite or absent.
  Status check() const;
};

// {"users": N, "metrics": {"ndcg@10": {"mean": .., "low": .., "high": ..}, ..}, "counts": {..},
// "bootstrap": {..}, "warnings": [..]}; low and high are null where there is no interval. With
// segments also "segments": [{"name": .., "title": .., "note": .., "groups": [{"name": ..,
// "detail":
// .., "users": N, "relevant": N, "metrics": {..}}]}].
Json to_json(const EvalReport& report);
// {"resamples": .., "confidence": .., "seed": ..}, and back; what is missing is 0, or its default.
Json to_json(const BootstrapOptions& bootstrap);
BootstrapOptions bootstrap_from_json(const Json& json);
// What to_json wrote, but for the users and their values. Data invalid names what is missing.
Result<EvalReport> eval_report_from_json(const Json& json);

// A table with a row per metric, then the counts and warnings as sentences.
Document make_document(const EvalReport& report, const std::string& title);

}  // namespace crossfade
