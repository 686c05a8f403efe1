// Protocols: the recipes by which papers and challenges cut their data, by name.
//
// A number is comparable with a published one only if filters, cut, targets, the treatment of cold
// users and items, of items already seen, and the metrics are the same. A protocol holds all of
// these. docs/protocols.md says for each where it comes from and which published counts it meets.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "crossfade/data/splits/split_plan.h"

namespace crossfade {

// How lists are made and judged under a protocol.
struct Conventions {
  bool keep_seen = false;  // lists may hold what the user has taken before
  bool fold_in = false;    // lists are made from the fold-in part, not from train
  std::vector<std::int64_t> ks;
  std::vector<std::string> metrics;  // names of evaluation/metric_list.h, the headline first
  std::vector<std::string> notes;    // sentences on what else matters
};

struct Protocol {
  std::string name, summary, source;  // source: the paper or challenge
  SplitPlan plan;                     // `by` is empty where train and test are given as two files
  Conventions conventions;
};

// All of them (protocol_list.cc).
std::vector<Protocol> protocols();
// Usage error with the nearest name.
Result<Protocol> find_protocol(const std::string& name);
// One line per protocol, for --help.
std::string describe_protocols();

Json to_json(const Protocol& protocol);
// Two or three sentences: who cut it so, and how lists are made and judged.
std::string conventions_text(const std::string& name, const Conventions& conventions);

// What the manifest.json of a split's folder says. Nothing if the text is no such manifest.
struct SplitRecord {
  std::string protocol;  // empty if it followed none
  Conventions conventions;
};
std::optional<SplitRecord> read_split_manifest(const std::string& text);
// {"kind": "split", "schema": 1, "engine": .., "store": fingerprint, "plan": {..},
// "protocol": {..} or null, "filters": [..], "parts": {..}, "rows_dropped": ..}
Json split_manifest(const std::string& store_fingerprint, const SplitPlan& plan,
                    const std::optional<Protocol>& protocol, const SplitOutcome& outcome);

}  // namespace crossfade
