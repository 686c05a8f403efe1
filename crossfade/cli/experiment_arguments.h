// What the experiment commands share: numbers and lists of them as options, and an experiment as
// the command line describes it.
#pragma once

#include <string>
#include <vector>

#include "crossfade/cli/arguments.h"
#include "crossfade/experiments/assignment.h"

namespace crossfade {

// "0.05" as a number; a usage error names the option.
Result<double> number_option(const std::string& option, const std::string& text);
// "8,1,1"; empty for "".
Result<std::vector<double>> numbers_option(const std::string& option, const std::string& text);

// Which experiment, and how its users are dealt: by name and split, or from a file of experiments.
class ExperimentArguments {
 public:
  void declare(Arguments& arguments);
  // Whether the command line says how users are dealt.
  bool says_split() const { return split_ != 0 || !weights_.empty() || !file_.empty(); }
  // Whether it says how many users take part, and nothing else of how they are dealt.
  bool says_traffic_only() const { return traffic_ != "1" && !says_split(); }
  const std::string& name() const { return name_; }
  // Usage errors: no name, an unknown one, a file beside what it says itself, and those of
  // ExperimentSet::make.
  Result<Experiment> experiment() const;

 private:
  Result<std::vector<ExperimentConfig>> configs() const;

  std::string name_, weights_, traffic_ = "1", file_;
  std::int64_t split_ = 0;
};

}  // namespace crossfade
