// Flows: the chains of sources that a bundle's flows come to, and which of them answers a user.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "crossfade/bundle/bundle.h"
#include "crossfade/events/answer.h"
#include "crossfade/experiments/assignment.h"
#include "crossfade/serving/flow_plan.h"
#include "crossfade/serving/source.h"

namespace crossfade {

using Chain = std::vector<std::shared_ptr<const Source>>;

struct Flow {
  std::string name;
  bool repeats = false;  // a track may come again
  Chain chain;           // ends in one that always has something
};

// What next() may not play: 1 for hidden items and, if there is a catalogue, for what is not in it.
// One entry per item, or empty if all may be played.
std::vector<std::uint8_t> unplayable_items(const Bundle& bundle, std::size_t domain);

class Flows {
 public:
  // Those of a bundle; none if it has none. Errors: those of parse_flow_plan() and make_source().
  static Result<Flows> make(const Bundle& bundle);
  // The same of a file that is to become a bundle's, with the lines of its sentences.
  static Result<Flows> make(const Bundle& bundle, const Json& root,
                            const std::map<std::string, std::int64_t>& lines);

  const std::vector<Flow>& flows() const { return flows_; }
  std::span<const Experiment> experiments() const { return experiments_.experiments(); }

  // The user's treatment in every experiment that has one for him.
  std::vector<Treatment> treatments(const ExternalId& user) const;
  // The flow that answers, and the same treatments; null where no flow is meant for the user.
  const Flow* choose(const ExternalId& user, std::vector<Treatment>& treatments) const;

 private:
  std::vector<Flow> flows_;
  std::optional<std::size_t> default_flow_;
  ExperimentSet experiments_;
  std::vector<std::vector<std::size_t>> flow_of_;  // by experiment and treatment; may be empty
  std::vector<std::vector<Treatment>> treatment_names_;  // by experiment and treatment
};

}  // namespace crossfade
