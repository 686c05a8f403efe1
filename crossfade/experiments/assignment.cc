// The hash is taken of the decimal text in a buffer on the stack: no allocation per user.
#include "crossfade/experiments/assignment.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>

#include "crossfade/base/check.h"
#include "crossfade/base/counted.h"
#include "crossfade/base/text.h"
#include "crossfade/experiments/murmur3.h"

namespace crossfade {
namespace {

constexpr double kHashes = 4294967296.0;  // 2^32

// The decimal text of a number, without an allocation.
class DecimalText {
 public:
  explicit DecimalText(std::int64_t number)
      : end_(std::to_chars(digits_, digits_ + sizeof digits_, number).ptr) {}
  std::string_view view() const { return {digits_, static_cast<std::size_t>(end_ - digits_)}; }

 private:
  char digits_[20];
  char* end_;
};

Status check_name(const std::string& what, const std::string& name) {
  if (name.size() > kMaxExperimentNameBytes)
    return usage_error(what + " has a name of " + std::to_string(name.size()) + " bytes; at most " +
                       std::to_string(kMaxExperimentNameBytes) + " are allowed");
  return ok_status();
}

Status check_weights(const ExperimentConfig& config) {
  if (config.weights.empty()) return ok_status();
  if (static_cast<std::int64_t>(config.weights.size()) != config.split)
    return usage_error(counted(std::ssize(config.weights), "weight", "weights") + " for " +
                       std::to_string(config.split) + " treatments; give one each");
  double sum = 0;
  for (const double weight : config.weights) {
    if (!(weight >= 0 && std::isfinite(weight)))
      return usage_error("a weight must be a number of at least 0");
    sum += weight;
  }
  if (!(sum > 0 && std::isfinite(sum)))
    return usage_error("all weights are 0; give a share to one");
  return ok_status();
}

Status check_config(const ExperimentConfig& config) {
  if (config.name.empty()) return usage_error("it has no name, and the name is what deals users");
  CROSSFADE_RETURN_IF_ERROR(check_name("it", config.name));
  CROSSFADE_RETURN_IF_ERROR(check_name("its layer", config.layer));
  if (config.split < 2 || config.split > kMaxTreatments)
    return usage_error("split is " + std::to_string(config.split) +
                       "; an experiment has 2 to 1,000 treatments");
  if (!(config.traffic > 0 && config.traffic <= 1))
    return usage_error("traffic is " + format_shortest(config.traffic) +
                       "; give a share above 0 and at most 1");
  CROSSFADE_RETURN_IF_ERROR(check_weights(config));
  for (const auto& [user, treatment] : config.overrides)
    if (treatment < 0 || treatment >= config.split)
      return usage_error("user " + to_text(user) + " is to see " + treatment_name(treatment) +
                         ", and the last treatment is " +
                         treatment_name(static_cast<TreatmentIndex>(config.split - 1)));
  return ok_status();
}

std::vector<std::uint64_t> bounds_of(const std::vector<double>& weights) {
  std::vector<std::uint64_t> bounds;
  double sum = 0, reached = 0;
  for (const double weight : weights) sum += weight;
  for (const double weight : weights)
    bounds.push_back(static_cast<std::uint64_t>(std::llround((reached += weight) / sum * kHashes)));
  // Rounding may not leave anybody without a treatment, nor give one to a last weight of 0.
  for (std::size_t k = weights.size(); k-- > 0;) {
    bounds[k] = std::uint64_t{1} << 32;
    if (weights[k] > 0) break;
  }
  return bounds;
}

}  // namespace

std::string treatment_name(TreatmentIndex treatment) {
  if (treatment < 0) return "";
  return treatment == 0 ? "C" : "T" + std::to_string(treatment);
}

TreatmentIndex treatment_from_name(std::string_view name) {
  if (name == "C") return 0;
  if (name.size() < 2 || name[0] != 'T' || name[1] == '0') return kNoTreatment;
  const auto number = parse_int(name.substr(1));
  const bool known = number && *number > 0 && *number < kMaxTreatments;
  return known ? static_cast<TreatmentIndex>(*number) : kNoTreatment;
}

Result<Experiment> Experiment::make(const ExperimentConfig& config) {
  if (Status status = check_config(config); !status.ok())
    return status.at("experiment '" + config.name + "'");
  Experiment experiment;
  experiment.name_ = config.name;
  experiment.split_ = config.split;
  experiment.seed_ = murmur3_32(config.name, 0);
  experiment.bounds_ = bounds_of(config.weights);
  for (const auto& [user, treatment] : config.overrides)
    experiment.overrides_[to_text(user)] = treatment;
  experiment.place_gate(config, 0);
  return experiment;
}

std::vector<double> Experiment::shares() const {
  std::vector<double> shares(static_cast<std::size_t>(split_), 1 / static_cast<double>(split_));
  for (std::size_t k = 0; k < bounds_.size(); ++k)
    shares[k] = static_cast<double>(bounds_[k] - (k > 0 ? bounds_[k - 1] : 0)) / kHashes;
  return shares;
}

void Experiment::place_gate(const ExperimentConfig& config, double from) {
  const std::string salt = config.layer.empty() ? name_ + "/traffic" : config.layer + "/layer";
  gate_.seed = murmur3_32(salt, 0);
  gate_.low = static_cast<std::uint64_t>(std::llround(from * kHashes));
  gate_.high =
      static_cast<std::uint64_t>(std::llround(std::min(1.0, from + config.traffic) * kHashes));
  gate_.open = gate_.low == 0 && gate_.high == std::uint64_t{1} << 32;
}

TreatmentIndex Experiment::drawn(std::string_view user) const {
  if (!gate_.open) {
    const std::uint32_t hash = murmur3_32(user, gate_.seed);
    if (hash < gate_.low || hash >= gate_.high) return kNoTreatment;
  }
  const std::uint32_t hash = murmur3_32(user, seed_);
  if (bounds_.empty())
    return static_cast<TreatmentIndex>(hash % static_cast<std::uint32_t>(split_));
  const auto found = std::upper_bound(bounds_.begin(), bounds_.end(), std::uint64_t{hash});
  return static_cast<TreatmentIndex>(found - bounds_.begin());
}

TreatmentIndex Experiment::assign(const ExternalId& user) const {
  if (const auto* number = std::get_if<std::int64_t>(&user)) return assign(*number);
  const std::string& text = std::get<std::string>(user);
  const auto found = overrides_.find(text);
  return found == overrides_.end() ? drawn(text) : found->second;
}

TreatmentIndex Experiment::assign(std::int64_t user) const {
  const DecimalText text(user);
  if (!overrides_.empty())
    if (const auto found = overrides_.find(std::string(text.view())); found != overrides_.end())
      return found->second;
  return drawn(text.view());
}

void Experiment::assign(std::span<const std::int64_t> users,
                        std::span<TreatmentIndex> treatments) const {
  CROSSFADE_CHECK(users.size() == treatments.size(), "one treatment per user");
  for (std::size_t i = 0; i < users.size(); ++i) treatments[i] = assign(users[i]);
}

Result<ExperimentSet> ExperimentSet::make(const std::vector<ExperimentConfig>& configs) {
  if (static_cast<std::int64_t>(configs.size()) > kMaxExperiments)
    return usage_error(format_count(static_cast<std::int64_t>(configs.size())) +
                       " experiments at once; at most 1,000 are allowed");
  ExperimentSet set;
  std::map<std::string, double> given;  // share of each layer that is taken
  for (const ExperimentConfig& config : configs) {
    CROSSFADE_ASSIGN_OR_RETURN(Experiment experiment, Experiment::make(config));
    for (const Experiment& other : set.experiments_)
      if (other.name() == config.name)
        return usage_error("experiment '" + config.name +
                           "' comes twice; the name deals the users, so give each its own");
    if (!config.layer.empty()) {
      double& share = given[config.layer];
      experiment.place_gate(config, share);
      share += config.traffic;
      if (share > 1 + 1e-9)
        return usage_error("layer '" + config.layer + "' is full: with experiment '" + config.name +
                           "' its shares of traffic sum to " + format_shortest(share) +
                           "; at most 1 can be given");
    }
    set.experiments_.push_back(std::move(experiment));
  }
  return set;
}

Result<std::size_t> ExperimentSet::find(const std::string& name) const {
  std::vector<std::string> known;
  for (const Experiment& experiment : experiments_) {
    if (experiment.name() == name) return known.size();
    known.push_back(experiment.name());
  }
  return unknown_name("experiment", name, known);
}

std::vector<TreatmentIndex> ExperimentSet::assign(const ExternalId& user) const {
  std::vector<TreatmentIndex> treatments(experiments_.size());
  assign(user, treatments);
  return treatments;
}

void ExperimentSet::assign(const ExternalId& user, std::span<TreatmentIndex> treatments) const {
  CROSSFADE_CHECK(treatments.size() == experiments_.size(), "one treatment per experiment");
  for (std::size_t i = 0; i < experiments_.size(); ++i)
    treatments[i] = experiments_[i].assign(user);
}

}  // namespace crossfade
