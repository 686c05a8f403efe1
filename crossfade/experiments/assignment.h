// Assignment: which treatment of an experiment a user is in, from a hash and nothing else.
//
//   seed      = murmur3(name, 0)                 the experiment's name is the only salt
//   h         = murmur3(decimal(user), seed)     unsigned; a text id is hashed as its UTF-8
//   treatment = h mod split                      0 = "C", k = "Tk"
//
// exactly as botify does, so the arms of published logs come out again. What it has not:
//   weights   treatment = the first k with h / 2^32 < (w_0 + .. + w_k) / sum(w)
//   traffic   a second hash, salted with "name/traffic" (or "layer/layer"), says who takes part, so
//             raising the share adds users and moves nobody to another treatment
//   layers    the experiments of one layer own ranges of that hash that do not overlap: no user
//             is in two of them; experiments of different layers cross independently
//   overrides by user, before everything else: testers see what they ask for. They were not drawn:
//             an analysis should leave them out.
//
// (Layers as in Tang et al., Overlapping Experiment Infrastructure, KDD 2010.)
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "crossfade/base/json.h"
#include "crossfade/base/status.h"
#include "crossfade/data/ids.h"

namespace crossfade {

using TreatmentIndex = std::int16_t;                  // 0 is the control
constexpr TreatmentIndex kNoTreatment = -1;           // the user takes no part
constexpr std::int64_t kMaxTreatments = 1000;         // of one experiment
constexpr std::int64_t kMaxExperiments = 1000;        // of one set
constexpr std::size_t kMaxExperimentNameBytes = 200;  // and of a layer's

std::string treatment_name(TreatmentIndex treatment);  // "C", "T1", "T2", ..; "" of kNoTreatment
// The treatment that is called so, or kNoTreatment.
TreatmentIndex treatment_from_name(std::string_view name);

// What an operator writes.
struct ExperimentConfig {
  std::string name = "";
  std::int64_t split = 2;            // treatments, the control among them
  std::vector<double> weights = {};  // one per treatment; empty: equal, by the exact rule above
  double traffic = 1;                // share of users who take part, in (0, 1]
  std::string layer = "";            // "": crosses all others
  std::vector<std::pair<ExternalId, TreatmentIndex>> overrides = {};
};

class Experiment {
 public:
  // Usage errors name the experiment and the field.
  static Result<Experiment> make(const ExperimentConfig& config);

  const std::string& name() const { return name_; }
  std::int64_t num_treatments() const { return split_; }
  // Of those who take part, by treatment; they sum to 1.
  std::vector<double> shares() const;

  TreatmentIndex assign(std::int64_t user) const;
  TreatmentIndex assign(const ExternalId& user) const;
  // One treatment per user; the spans have one length.
  void assign(std::span<const std::int64_t> users, std::span<TreatmentIndex> treatments) const;

 private:
  friend class ExperimentSet;
  // Who takes part: those whose hash under `seed` lies in [low, high).
  struct Gate {
    std::uint32_t seed = 0;
    std::uint64_t low = 0, high = 0;
    bool open = true;  // everybody
  };
  Experiment() = default;
  void place_gate(const ExperimentConfig& config, double from);
  TreatmentIndex drawn(std::string_view user) const;

  std::string name_;
  std::int64_t split_ = 2;
  std::uint32_t seed_ = 0;
  std::vector<std::uint64_t> bounds_;  // cumulated weights in units of 2^-32; empty: mod split
  Gate gate_;
  std::unordered_map<std::string, TreatmentIndex> overrides_;  // by the id's text
};

// Several experiments at once, each with its own treatment of every user.
class ExperimentSet {
 public:
  ExperimentSet() = default;  // none
  // Ranges of a layer are given out in the order of `configs`: append, and nobody moves. Usage
  // errors: those of Experiment::make, a name that comes twice, a layer whose shares exceed 1.
  static Result<ExperimentSet> make(const std::vector<ExperimentConfig>& configs);

  std::span<const Experiment> experiments() const { return experiments_; }
  // Where the experiment of that name stands; a usage error names the nearest.
  Result<std::size_t> find(const std::string& name) const;
  // One treatment per experiment, in order.
  std::vector<TreatmentIndex> assign(const ExternalId& user) const;
  void assign(const ExternalId& user, std::span<TreatmentIndex> treatments) const;

 private:
  std::vector<Experiment> experiments_;
};

// [{"name": "HSTU", "split": 2, "weights": [9, 1], "traffic": 0.5, "layer": "ranking",
//   "overrides": {"17": "T1"}}, ..]; all but the name may be missing. A member of another name or
// type is a usage error that says which. A user in overrides that reads as a number is one.
Result<std::vector<ExperimentConfig>> experiments_from_json(const Json& json);

}  // namespace crossfade
