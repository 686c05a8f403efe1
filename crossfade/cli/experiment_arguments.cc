// A file of experiments is the JSON that experiments/assignment.h describes.
#include "crossfade/cli/experiment_arguments.h"

#include "crossfade/base/file.h"
#include "crossfade/base/text.h"

namespace crossfade {

Result<double> number_option(const std::string& option, const std::string& text) {
  const auto number = parse_double(text);
  if (!number) return usage_error(option + " is a number; '" + text + "' is not");
  return *number;
}

Result<std::vector<double>> numbers_option(const std::string& option, const std::string& text) {
  std::vector<double> numbers;
  if (text.empty()) return numbers;
  for (const std::string& part : split(text, ',')) {
    const auto number = parse_double(part);
    if (!number)
      return usage_error(option + " are numbers separated by commas, as in 8,1,1; '" + text +
                         "' is not");
    numbers.push_back(*number);
  }
  return numbers;
}

void ExperimentArguments::declare(Arguments& arguments) {
  arguments.option("--experiment", name_, "its name, which is the only salt");
  arguments.option("--split", split_, "number of arms, the control among them; 0: 2, or the log's");
  arguments.option("--weights", weights_, "shares of the arms, as in 8,1,1");
  arguments.option("--traffic", traffic_, "share of the users who take part");
  arguments.option("--experiments", file_, "a JSON file of experiments, with layers and overrides");
}

Result<std::vector<ExperimentConfig>> ExperimentArguments::configs() const {
  if (!file_.empty()) {
    if (split_ != 0 || !weights_.empty() || traffic_ != "1")
      return usage_error(
          "--experiments says how users are dealt; leave --split, --weights and --traffic out");
    CROSSFADE_ASSIGN_OR_RETURN(const std::string text, read_file(file_));
    const auto json = parse_json(text);
    if (!json.ok()) return json.status().at(file_);
    auto configs = experiments_from_json(*json);
    if (!configs.ok()) return configs.status().at(file_);
    return configs;
  }
  ExperimentConfig config{.name = name_};
  CROSSFADE_ASSIGN_OR_RETURN(config.weights, numbers_option("--weights", weights_));
  CROSSFADE_ASSIGN_OR_RETURN(config.traffic, number_option("--traffic", traffic_));
  if (split_ != 0)
    config.split = split_;
  else if (!config.weights.empty())
    config.split = static_cast<std::int64_t>(config.weights.size());
  return std::vector<ExperimentConfig>{std::move(config)};
}

Result<Experiment> ExperimentArguments::experiment() const {
  if (name_.empty()) return usage_error("name the experiment with --experiment");
  CROSSFADE_ASSIGN_OR_RETURN(const auto list, configs());
  CROSSFADE_ASSIGN_OR_RETURN(const ExperimentSet set, ExperimentSet::make(list));
  CROSSFADE_ASSIGN_OR_RETURN(const std::size_t at, set.find(name_));
  return set.experiments()[at];
}

}  // namespace crossfade
