// One pass over the users' histories, newest event first; see popular_trainer.h.
#include "crossfade/models/popular/popular_trainer.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "crossfade/models/popular/event_shares.h"
#include "crossfade/models/popular/group_popularity.h"
#include "crossfade/models/popular/popular_model.h"

namespace crossfade {
namespace {

// Counts the events of some users.
class Counter {
 public:
  Counter(const PopularConfig& config, const Domain& domain)
      : domain_(domain), shares_(config, domain) {}

  std::vector<double> count(std::int64_t first_user, std::int64_t last_user) const {
    const auto num_items = static_cast<std::size_t>(domain_.items.size());
    std::vector<double> sums(num_items);
    std::vector<std::int64_t> last_counted(num_items, -1);
    for (std::int64_t user = first_user; user < last_user; ++user)
      shares_.visit(domain_.history(static_cast<UserIndex>(user)), user, last_counted,
                    [&](std::size_t item, double share) { sums[item] += share; });
    return sums;
  }

 private:
  const Domain& domain_;
  EventShares shares_;
};

Result<std::unique_ptr<Model>> train(const TrainInput& input, Context& context) {
  PopularConfig config;
  CROSSFADE_RETURN_IF_ERROR(apply_settings(config, "popular", input.settings));
  const Domain& domain = input.dataset.domains()[input.domain_index];
  CROSSFADE_ASSIGN_OR_RETURN(std::vector<float> scores, count_popularity(config, domain, context));
  if (std::all_of(scores.begin(), scores.end(), [](float score) { return score == 0; }))
    return data_invalid("domain " + domain.name +
                        " has no interaction of positive weight, so popular has nothing to count");
  CROSSFADE_ASSIGN_OR_RETURN(
      PopularGroups groups,
      group_popularity(config, input.dataset, input.domain_index, scores, context));
  return PopularModel::make(config, domain.name, std::move(scores), std::move(groups));
}

}  // namespace

Result<std::vector<float>> count_popularity(const PopularConfig& config, const Domain& domain,
                                            Context& context) {
  const bool needs_times = config.window_days > 0 || config.half_life_days > 0;
  if (needs_times && domain.time_ns.empty() && !domain.item.empty())
    return usage_error("popular: window_days and half_life_days need times, and domain " +
                       domain.name + " has none; set both to 0 or import the log with its times");

  // Few blocks, because each holds a sum per item.
  constexpr std::int64_t kBlocks = 16;
  const auto num_users = static_cast<std::int64_t>(domain.offsets.size()) - 1;
  const std::int64_t grain = std::max<std::int64_t>(1, (num_users + kBlocks - 1) / kBlocks);
  const Counter counter(config, domain);
  const auto sums = context.threads.map_reduce(
      num_users, grain, std::vector<double>(static_cast<std::size_t>(domain.items.size())),
      [&](std::int64_t begin, std::int64_t end) { return counter.count(begin, end); },
      [](std::vector<double>& total, const std::vector<double>& part) {
        for (std::size_t i = 0; i < total.size(); ++i) total[i] += part[i];
      });
  CROSSFADE_RETURN_IF_ERROR(context.check_stop());
  return std::vector<float>(sums.begin(), sums.end());
}

TrainerEntry popular_trainer() {
  return {"the items that most users met, of all time or lately", list_knobs<PopularConfig>(),
          &train, /*personal=*/false};
}

}  // namespace crossfade
