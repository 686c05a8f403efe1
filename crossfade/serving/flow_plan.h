// FlowPlan: who is answered from what, as an operator writes it.
//
//   [flows]
//   control = ["random"]
//   sticky = ["sticky_artist", "flow:control"]       # in turn, until one has something
//   hstu = { sources = ["indexed:hstu", "random"], repeats = true }
//
//   [[experiments]]
//   name = "HSTU"
//   split = 2                                        # and all else of experiments/assignment.h
//   flows = { C = "control", T1 = "hstu" }
//
// A source is a kind, and behind a colon what it takes (source_kinds.h): `indexed:hstu` draws from
// the lists of the part hstu. `flow:NAME` stands for the sources of another flow.
//
// A flow with `repeats` follows botify's rules: a track may come again, also at once. Without it
// the user's history is left out as next() does (recommender.h). The flow called `default` answers
// whoever no experiment sends elsewhere. An experiment without `flows` is only logged (an A/A
// test). Only one experiment may send a user somewhere: those with flows share a layer.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "crossfade/base/json.h"
#include "crossfade/experiments/assignment.h"
#include "crossfade/serving/source_kinds.h"

namespace crossfade {

struct FlowEntry {
  std::string name;
  std::string place;  // for sentences: "line 3: flow 'hstu'"
  bool repeats = false;
  std::vector<SourceEntry> sources;  // those of other flows in their place
};

struct ExperimentEntry {
  ExperimentConfig config;
  std::vector<std::size_t> flows;  // by treatment; empty: it chooses none
};

struct FlowPlan {
  std::vector<FlowEntry> flows;
  std::vector<ExperimentEntry> experiments;
  std::optional<std::size_t> default_flow;
};

// `root` has the members `flows` and `experiments`, both optional; others belong to the reader of
// the file. `lines` are those of a TOML document, for sentences, or empty. Errors (usage): an
// unknown member, kind or flow; a flow that leads back to itself; a treatment without a flow; two
// experiments with flows that may meet; those of experiments_from_json and ExperimentSet.
Result<FlowPlan> parse_flow_plan(const Json& root,
                                 const std::map<std::string, std::int64_t>& lines = {});

}  // namespace crossfade
