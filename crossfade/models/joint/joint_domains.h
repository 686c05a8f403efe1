// Several domains as one: the items of the target first, with their own indices, those of the
// others behind them. Users are shared, so a generator that learns on the joint domain learns what
// buying says about listening without knowing that there are two.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "crossfade/base/json.h"
#include "crossfade/data/dataset.h"
#include "crossfade/models/trained_over.h"

namespace crossfade {

// A domain that helps the target. Its place is that in the Dataset's (and every view's) domains.
struct HelpingDomain {
  std::size_t place = 0;
  std::string name;
  std::int64_t num_items = 0;  // when the model was trained
  double share = 1;            // what its weights count against the target's
  TrainedOver over = {};       // which ids its items stand for
};

struct JointDomains {
  std::size_t target = 0;
  std::int64_t num_items = 0;  // of the target
  std::vector<HelpingDomain> helping;

  std::int64_t all_items() const;
  // For a model's manifest. Errors of reading (data invalid): a member is missing or makes no
  // sense.
  Json to_json() const;
  static Result<JointDomains> from_json(const Json& json);
  // Whether the helping domains are as they were. Errors (data invalid) name `model`.
  Status check_helping(const std::string& model, const Dataset& dataset) const;
};

// Says how many users of the target are known in each helping domain. Errors (data invalid): none
// are, so there is nothing to learn from it.
Status check_shared(const Dataset& dataset, const JointDomains& domains, Context& context);

// One user's histories as one: by time if all that are not empty have times, else the helping
// domains' first and the target's last, which is what counts as newest. Items beyond what the model
// was trained over are left out. Kinds are; sessions are kept where all have them.
class JointHistory {
 public:
  JointHistory(const JointDomains& domains, const UserView& view, std::size_t target);
  History history() const { return {items_, weights_, times_, {}, sessions_}; }

 private:
  std::vector<ItemIndex> items_;
  std::vector<float> weights_;
  std::vector<std::int64_t> times_, sessions_;
};

// The Dataset's users with one domain, named like the target. Takes the memory of the domains that
// are joined once more.
Dataset join_domains(const Dataset& dataset, const JointDomains& domains, Context& context);

}  // namespace crossfade
