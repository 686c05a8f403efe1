// Sources that are written alike in several flows are one object.
#include "crossfade/serving/flows.h"

#include <map>
#include <utility>

namespace crossfade {
namespace {

const std::string kRandom = "random", kPopular = "popular";

std::vector<ItemIndex> playable_items(const Bundle& bundle) {
  const std::size_t domain = bundle.catalog_domain();
  const std::vector<std::uint8_t> unplayable = unplayable_items(bundle, domain);
  std::vector<ItemIndex> playable;
  for (std::int64_t item = 0; item < bundle.domains()[domain].num_items; ++item) {
    const auto at = static_cast<std::size_t>(item);
    if (at >= unplayable.size() || !unplayable[at])
      playable.push_back(static_cast<ItemIndex>(item));
  }
  return playable;
}

class Maker {
 public:
  explicit Maker(const Bundle& bundle)
      : input_{bundle, playable_items(bundle),
               std::make_shared<const Artists>(Artists::of(bundle))} {}

  Result<Flow> make(const FlowEntry& entry) {
    Flow flow{entry.name, entry.repeats, {}};
    for (const SourceEntry& source : entry.sources) CROSSFADE_RETURN_IF_ERROR(add(source, flow));
    const std::string& last = entry.sources.back().kind;
    if (last != kRandom && last != kPopular)
      CROSSFADE_RETURN_IF_ERROR(add({kRandom, kRandom, "", {}}, flow));
    return flow;
  }

 private:
  Status add(const SourceEntry& entry, Flow& flow) {
    std::shared_ptr<const Source>& source = made_[entry.text];
    if (!source) {
      CROSSFADE_ASSIGN_OR_RETURN(source, make_source(entry, input_));
    }
    flow.chain.push_back(source);
    return ok_status();
  }

  SourceInput input_;
  std::map<std::string, std::shared_ptr<const Source>> made_;  // by how it is written
};

}  // namespace

std::vector<std::uint8_t> unplayable_items(const Bundle& bundle, std::size_t domain) {
  const BundleDomain& source = bundle.domains()[domain];
  const bool cataloged = !bundle.catalog().empty() && domain == bundle.catalog_domain();
  if (!cataloged) return {source.hidden.begin(), source.hidden.end()};
  std::vector<std::uint8_t> unplayable(static_cast<std::size_t>(source.num_items), 1);
  for (const ItemIndex item : bundle.catalog_items())
    unplayable[static_cast<std::size_t>(item)] = 0;
  for (std::size_t item = 0; item < source.hidden.size(); ++item)
    unplayable[item] |= source.hidden[item];
  return unplayable;
}

Result<Flows> Flows::make(const Bundle& bundle) {
  return make(bundle, bundle.flows(), {});
}

Result<Flows> Flows::make(const Bundle& bundle, const Json& root,
                          const std::map<std::string, std::int64_t>& lines) {
  Flows flows;
  if (root.is_null()) return flows;
  CROSSFADE_ASSIGN_OR_RETURN(const FlowPlan plan, parse_flow_plan(root, lines));
  if (!plan.flows.empty()) {
    Maker maker(bundle);
    for (const FlowEntry& entry : plan.flows) {
      auto flow = maker.make(entry);
      if (!flow.ok()) return flow.status().at(entry.place);
      flows.flows_.push_back(*std::move(flow));
    }
  }
  flows.default_flow_ = plan.default_flow;
  std::vector<ExperimentConfig> configs;
  for (const ExperimentEntry& experiment : plan.experiments) {
    configs.push_back(experiment.config);
    flows.flow_of_.push_back(experiment.flows);
    auto& names = flows.treatment_names_.emplace_back();
    for (std::int64_t k = 0; k < experiment.config.split; ++k)
      names.push_back({experiment.config.name, treatment_name(static_cast<TreatmentIndex>(k))});
  }
  CROSSFADE_ASSIGN_OR_RETURN(flows.experiments_, ExperimentSet::make(configs));
  return flows;
}

std::vector<Treatment> Flows::treatments(const ExternalId& user) const {
  std::vector<Treatment> treatments;
  (void)choose(user, treatments);
  return treatments;
}

const Flow* Flows::choose(const ExternalId& user, std::vector<Treatment>& treatments) const {
  const Flow* chosen = nullptr;
  const auto experiments = experiments_.experiments();
  treatments.reserve(experiments.size());
  for (std::size_t e = 0; e < experiments.size(); ++e) {
    const TreatmentIndex treatment = experiments[e].assign(user);
    if (treatment == kNoTreatment) continue;
    const auto t = static_cast<std::size_t>(treatment);
    treatments.push_back(treatment_names_[e][t]);
    if (!chosen && !flow_of_[e].empty()) chosen = &flows_[flow_of_[e][t]];
  }
  if (!chosen && default_flow_) chosen = &flows_[*default_flow_];
  return chosen;
}

}  // namespace crossfade
