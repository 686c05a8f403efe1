// Flows are read by name first, then the references among them are followed, so that their order in
// the file does not matter.
#include "crossfade/serving/flow_plan.h"

#include <algorithm>
#include <utility>

#include "crossfade/base/text.h"

namespace crossfade {
namespace {

const std::string kFlowPrefix = "flow:";
const std::string kDefault = "default";

using Lines = std::map<std::string, std::int64_t>;

std::string place_of(const std::string& what, const std::string& key, const Lines& lines) {
  const auto line = lines.find(key);
  return line == lines.end() ? what : "line " + std::to_string(line->second) + ": " + what;
}

// A flow before the flows that it names are put in their place.
struct RawFlow {
  std::string name, place;
  bool repeats = false;
  std::vector<std::string> sources;
};

Result<std::vector<std::string>> read_texts(const Json& list) {
  std::vector<std::string> texts;
  const auto* entries = list.as_array();
  if (!entries || entries->empty())
    return usage_error("a flow is a list of sources, as [\"i2i:PART\", \"random\"]");
  for (const Json& entry : *entries) {
    if (!entry.as_string()) return usage_error("a source is a text, as \"indexed:PART\"");
    texts.push_back(*entry.as_string());
  }
  return texts;
}

Status read_flow(const Json& json, RawFlow& flow) {
  const Json* sources = &json;
  if (const auto* members = json.as_object()) {
    for (const auto& [key, value] : *members)
      if (key != "sources" && key != "repeats")
        return unknown_name("member of a flow", key, {"sources", "repeats"});
    sources = &json["sources"];
    if (const Json* repeats = json.find("repeats")) {
      if (!repeats->as_bool()) return usage_error("'repeats' is true or false");
      flow.repeats = *repeats->as_bool();
    }
  }
  CROSSFADE_ASSIGN_OR_RETURN(flow.sources, read_texts(*sources));
  return ok_status();
}

Result<std::vector<RawFlow>> read_flows(const Json& json, const Lines& lines) {
  std::vector<RawFlow> flows;
  if (json.is_null()) return flows;
  if (!json.is_object()) return usage_error("'flows' is a table of names and lists of sources");
  for (const auto& [name, value] : *json.as_object()) {
    RawFlow& flow = flows.emplace_back();
    flow.name = name;
    flow.place = place_of("flow '" + name + "'", "flows." + name, lines);
    if (const Status status = read_flow(value, flow); !status.ok()) return status.at(flow.place);
  }
  return flows;
}

std::vector<std::string> names_of(const std::vector<RawFlow>& flows) {
  std::vector<std::string> names;
  for (const RawFlow& flow : flows) names.push_back(flow.name);
  return names;
}

Result<std::size_t> find_flow(const std::vector<RawFlow>& flows, const std::string& name) {
  const auto found = std::find_if(flows.begin(), flows.end(),
                                  [&](const RawFlow& flow) { return flow.name == name; });
  if (found == flows.end()) return unknown_name("flow", name, names_of(flows));
  return static_cast<std::size_t>(found - flows.begin());
}

// Appends the sources of flows[at], following references; `path` are the flows that lead here.
Status expand(const std::vector<RawFlow>& flows, std::size_t at, std::vector<std::size_t>& path,
              std::vector<SourceEntry>& sources) {
  const bool again = std::find(path.begin(), path.end(), at) != path.end();
  path.push_back(at);
  if (again) {
    std::vector<std::string> names;
    for (const std::size_t flow : path) names.push_back(flows[flow].name);
    return usage_error("the flow leads back to itself: " + join(names, " -> "));
  }
  for (const std::string& text : flows[at].sources) {
    if (text.starts_with(kFlowPrefix)) {
      CROSSFADE_ASSIGN_OR_RETURN(const std::size_t other,
                                 find_flow(flows, text.substr(kFlowPrefix.size())));
      CROSSFADE_RETURN_IF_ERROR(expand(flows, other, path, sources));
    } else {
      CROSSFADE_ASSIGN_OR_RETURN(SourceEntry entry, parse_source(text));
      sources.push_back(std::move(entry));
    }
  }
  path.pop_back();
  return ok_status();
}

// An experiment's members without `flows`, which is not the assignment's.
Result<ExperimentConfig> read_config(const Json& json) {
  if (!json.is_object()) return usage_error("an experiment is a table: [[experiments]]");
  Json rest = Json::object();
  for (const auto& [key, value] : *json.as_object())
    if (key != "flows") rest.set(key, value);
  CROSSFADE_ASSIGN_OR_RETURN(auto configs, experiments_from_json(Json::array().push(rest)));
  return configs[0];
}

// One flow per treatment.
Result<std::vector<std::size_t>> read_mapping(const Json& json, const ExperimentConfig& config,
                                              const std::vector<RawFlow>& flows) {
  std::vector<std::size_t> mapping;
  if (json.is_null()) return mapping;
  if (!json.is_object())
    return usage_error("'flows' is a table, as { C = \"control\", T1 = \"sticky\" }");
  std::vector<std::string> treatments;
  for (std::int64_t k = 0; k < config.split; ++k)
    treatments.push_back(treatment_name(static_cast<TreatmentIndex>(k)));
  for (const auto& [treatment, flow] : *json.as_object())
    if (std::find(treatments.begin(), treatments.end(), treatment) == treatments.end())
      return unknown_name("treatment", treatment, treatments);
  for (const std::string& treatment : treatments) {
    const auto* name = json[treatment].as_string();
    if (!name)
      return usage_error("the treatment " + treatment + " has no flow; give one to each of " +
                         join(treatments, ", "));
    auto flow = find_flow(flows, *name);
    if (!flow.ok()) return flow.status().at(treatment);
    mapping.push_back(*flow);
  }
  return mapping;
}

Status check_layers(const std::vector<ExperimentEntry>& experiments) {
  const ExperimentEntry* first = nullptr;
  for (const ExperimentEntry& experiment : experiments) {
    if (experiment.flows.empty()) continue;
    if (!first) {
      first = &experiment;
      continue;
    }
    if (experiment.config.layer.empty() || experiment.config.layer != first->config.layer)
      return usage_error("the experiments '" + first->config.name + "' and '" +
                         experiment.config.name +
                         "' both choose flows, and a user may be in both; put them into one layer, "
                         "with shares of traffic");
  }
  return ok_status();
}

Result<std::vector<ExperimentEntry>> read_experiments(const Json& json,
                                                      const std::vector<RawFlow>& flows) {
  std::vector<ExperimentEntry> experiments;
  if (json.is_null()) return experiments;
  if (!json.is_array()) return usage_error("'experiments' is a list of tables: [[experiments]]");
  std::vector<ExperimentConfig> configs;
  for (const Json& one : *json.as_array()) {
    CROSSFADE_ASSIGN_OR_RETURN(ExperimentConfig config, read_config(one));
    auto mapping = read_mapping(one["flows"], config, flows);
    if (!mapping.ok()) return mapping.status().at("experiment '" + config.name + "'");
    configs.push_back(config);
    experiments.push_back({std::move(config), *std::move(mapping)});
  }
  CROSSFADE_RETURN_IF_ERROR(check_layers(experiments));
  if (const auto set = ExperimentSet::make(configs); !set.ok()) return set.status();
  return experiments;
}

}  // namespace

Result<FlowPlan> parse_flow_plan(const Json& root, const Lines& lines) {
  CROSSFADE_ASSIGN_OR_RETURN(const auto flows, read_flows(root["flows"], lines));
  FlowPlan plan;
  for (std::size_t f = 0; f < flows.size(); ++f) {
    FlowEntry& entry = plan.flows.emplace_back();
    entry.name = flows[f].name;
    entry.place = flows[f].place;
    entry.repeats = flows[f].repeats;
    std::vector<std::size_t> path;
    if (const Status status = expand(flows, f, path, entry.sources); !status.ok())
      return status.at(entry.place);
    if (entry.name == kDefault) plan.default_flow = f;
  }
  CROSSFADE_ASSIGN_OR_RETURN(plan.experiments, read_experiments(root["experiments"], flows));
  return plan;
}

}  // namespace crossfade
