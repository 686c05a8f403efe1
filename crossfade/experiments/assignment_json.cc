// Experiments as JSON, which an operator writes by hand (as the [[experiments]] of flows too), so
// wrong members are named.
#include "crossfade/base/text.h"
#include "crossfade/experiments/assignment.h"

namespace crossfade {
namespace {

Status wrong(const std::string& member, const std::string& wanted) {
  return usage_error("the member '" + member + "' has to be " + wanted);
}

Status read_weights(const Json& value, ExperimentConfig& config) {
  if (!value.is_array()) return wrong("weights", "a list of numbers, one per treatment");
  for (const Json& weight : *value.as_array()) {
    if (!weight.is_number()) return wrong("weights", "a list of numbers, one per treatment");
    config.weights.push_back(weight.number());
  }
  return ok_status();
}

Status read_overrides(const Json& value, ExperimentConfig& config) {
  const std::string wanted = "an object of users and treatments, such as {\"17\": \"T1\"}";
  if (!value.is_object()) return wrong("overrides", wanted);
  for (const auto& [user, name] : *value.as_object()) {
    if (!name.as_string()) return wrong("overrides", wanted);
    const TreatmentIndex treatment = treatment_from_name(*name.as_string());
    if (treatment == kNoTreatment) return wrong("overrides", wanted);
    const auto number = as_number(ExternalId(user));
    config.overrides.emplace_back(number ? ExternalId(*number) : ExternalId(user), treatment);
  }
  return ok_status();
}

Status read_member(const std::string& key, const Json& value, ExperimentConfig& config) {
  if (key == "name" || key == "layer") {
    if (!value.as_string()) return wrong(key, "a text");
    (key == "name" ? config.name : config.layer) = *value.as_string();
  } else if (key == "split") {
    if (!value.as_int()) return wrong(key, "a whole number");
    config.split = *value.as_int();
  } else if (key == "traffic") {
    if (!value.is_number()) return wrong(key, "a number");
    config.traffic = value.number();
  } else if (key == "weights") {
    return read_weights(value, config);
  } else if (key == "overrides") {
    return read_overrides(value, config);
  } else {
    return unknown_name("member of an experiment", key,
                        {"name", "split", "weights", "traffic", "layer", "overrides"});
  }
  return ok_status();
}

Result<ExperimentConfig> read_experiment(const Json& json) {
  if (!json.is_object()) return usage_error("an experiment has to be an object");
  ExperimentConfig config;
  for (const auto& [key, value] : *json.as_object())
    CROSSFADE_RETURN_IF_ERROR(read_member(key, value, config));
  if (json.find("weights") && !json.find("split"))
    config.split = static_cast<std::int64_t>(config.weights.size());
  return config;
}

}  // namespace

Result<std::vector<ExperimentConfig>> experiments_from_json(const Json& json) {
  if (!json.is_array()) return usage_error("experiments have to be a list of objects");
  std::vector<ExperimentConfig> configs;
  for (const Json& entry : *json.as_array()) {
    auto config = read_experiment(entry);
    if (!config.ok())
      return config.status().at("experiment " + std::to_string(configs.size() + 1) +
                                " of the list");
    configs.push_back(*std::move(config));
  }
  return configs;
}

}  // namespace crossfade
