// The list of generators, expanded for training; see trainer.h.
#include "crossfade/models/trainer.h"

#include "crossfade/base/text.h"
#include "crossfade/models/joint/joint_model.h"
#include "crossfade/models/list.h"

namespace crossfade {

#define CROSSFADE_DECLARE_TRAINER(name) TrainerEntry name##_trainer();
CROSSFADE_MODELS(CROSSFADE_DECLARE_TRAINER)
#undef CROSSFADE_DECLARE_TRAINER

namespace {

Result<std::unique_ptr<Model>> learn_jointly(const TrainerEntry& trainer, const TrainInput& input,
                                             Context& context) {
  CROSSFADE_ASSIGN_OR_RETURN(JointDomains domains, joint_domains_of(input));
  CROSSFADE_RETURN_IF_ERROR(check_shared(input.dataset, domains, context));
  const Dataset joint = join_domains(input.dataset, domains, context);
  const TrainInput joined{
      joint, 0, input.settings, input.seed, {}, {domains.num_items}, "", input.elsewhere};
  CROSSFADE_ASSIGN_OR_RETURN(auto inside, trainer.learn(joined, context));
  return JointModel::make(std::move(inside), std::move(domains));
}

}  // namespace

Result<JointDomains> joint_domains_of(const TrainInput& input) {
  const auto& all = input.dataset.domains();
  JointDomains domains{input.domain_index, all[input.domain_index].items.size(), {}};
  for (const LearnWith& with : input.with) {
    if (with.domain_index == input.domain_index)
      return usage_error("the domain " + all[with.domain_index].name +
                         " is to be recommended from and to help as well; name another");
    domains.helping.push_back({with.domain_index, all[with.domain_index].name,
                               all[with.domain_index].items.size(), with.share,
                               TrainedOver::of(input.dataset, with.domain_index)});
  }
  return domains;
}

Result<std::unique_ptr<Model>> TrainerEntry::train(const TrainInput& input,
                                                   Context& context) const {
  if (!input.with.empty() && others == OtherDomains::kNone)
    return usage_error("this generator knows items of one domain by what they are, and other " +
                       std::string("domains tell it nothing; leave --with out"));
  auto model = input.with.empty() || others == OtherDomains::kApart
                   ? learn(input, context)
                   : learn_jointly(*this, input, context);
  if (model.ok()) (*model)->set_trained_over(TrainedOver::of(input.dataset, input.domain_index));
  return model;
}

Result<std::vector<LearnWith>> find_helping(const std::vector<std::string>& texts,
                                            const Dataset& dataset) {
  std::vector<LearnWith> with;
  for (const std::string& text : texts) {
    const std::size_t colon = text.find(':');
    CROSSFADE_ASSIGN_OR_RETURN(const std::size_t domain,
                               dataset.find_domain(text.substr(0, colon)));
    const auto share = colon == std::string::npos ? 1.0 : parse_double(text.substr(colon + 1));
    if (!share || !(*share >= 0 && *share <= 1e9))
      return usage_error("'" + text + "' is no domain to learn with: it is NAME, or NAME:SHARE " +
                         "with a share from 0 on that its weights are multiplied by");
    for (const LearnWith& other : with)
      if (other.domain_index == domain)
        return usage_error("the domain '" + text.substr(0, colon) +
                           "' is named twice to learn with; once is enough");
    with.push_back({domain, *share});
  }
  return with;
}

std::vector<std::string> trainer_names() {
#define CROSSFADE_LIST_NAME(name) #name,
  return {CROSSFADE_MODELS(CROSSFADE_LIST_NAME)};
#undef CROSSFADE_LIST_NAME
}

Result<TrainerEntry> find_trainer(const std::string& name) {
#define CROSSFADE_MATCH_TRAINER(candidate) \
  if (name == #candidate) return candidate##_trainer();
  CROSSFADE_MODELS(CROSSFADE_MATCH_TRAINER)
#undef CROSSFADE_MATCH_TRAINER
  return unknown_name("model", name, trainer_names());
}

}  // namespace crossfade
