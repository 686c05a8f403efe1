// Users by segment, items by category; see group_popularity.h.
#include "crossfade/models/popular/group_popularity.h"

#include <utility>
#include <vector>

#include "crossfade/models/popular/event_shares.h"
#include "crossfade/models/row_labels.h"
#include "crossfade/models/scored.h"

namespace crossfade {
namespace {

// Everything that the users of each segment add to each item's score.
class SegmentCounter {
 public:
  SegmentCounter(const PopularConfig& config, const Domain& domain, std::span<const float> scores)
      : config_(config), domain_(domain), shares_(config, domain), scores_(scores) {
    for (const float score : scores) total_ += score;
  }

  // One thread's sums; all zero between segments.
  struct Scratch {
    explicit Scratch(std::size_t num_items) : sums(num_items), last_counted(num_items, -1) {}
    std::vector<double> sums;
    std::vector<std::int64_t> last_counted;
    std::vector<ItemIndex> met;
  };
  std::vector<ScoredItem> count(std::span<const std::int64_t> users, Scratch& scratch) const {
    for (const std::int64_t user : users)
      shares_.visit(domain_.history(static_cast<UserIndex>(user)), user, scratch.last_counted,
                    [&](std::size_t item, double share) {
                      if (scratch.sums[item] == 0)
                        scratch.met.push_back(static_cast<ItemIndex>(item));
                      scratch.sums[item] += share;
                    });
    std::vector<ScoredItem> list;
    const double smoothing = config_.smoothing / total_;
    for (const ItemIndex item : scratch.met)
      list.push_back(
          {item, static_cast<float>(scratch.sums[at(item)] + smoothing * scores_[at(item)])});
    keep_best(list, std::ssize(list));
    for (ScoredItem& one : list)
      one.score = static_cast<float>(std::exchange(scratch.sums[at(one.item)], 0.0));
    scratch.met.clear();
    return list;
  }

 private:
  const PopularConfig& config_;
  const Domain& domain_;
  EventShares shares_;
  std::span<const float> scores_;
  double total_ = 0;
};

Status count_segments(const PopularConfig& config, const Dataset& dataset, const Domain& domain,
                      std::span<const float> scores, Context& context, PopularGroups& groups) {
  CROSSFADE_ASSIGN_OR_RETURN(
      const RowLabels labels,
      row_labels(dataset.user_attributes(), config.segment, "the users", dataset.num_users()));
  std::vector<std::int32_t> of_user(at(dataset.num_users()), -1);
  std::vector<std::vector<std::int64_t>> users(at(labels.count));
  for (std::size_t user = 0; user < of_user.size(); ++user) {
    if (labels.of_row[user].empty()) continue;
    of_user[user] = labels.of_row[user].front();
    users[at(of_user[user])].push_back(static_cast<std::int64_t>(user));
  }
  const SegmentCounter counter(config, domain, scores);
  std::vector<std::vector<ScoredItem>> rows(users.size());
  std::vector<SegmentCounter::Scratch> scratches(at(context.threads.num_threads()),
                                                 SegmentCounter::Scratch(scores.size()));
  context.threads.parallel_for(
      std::ssize(rows), 1, [&](std::int64_t begin, std::int64_t end, int worker) {
        for (std::int64_t segment = begin; segment < end && !context.stop.load(); ++segment)
          rows[at(segment)] = counter.count(users[at(segment)], scratches[at(worker)]);
      });
  groups.segment_of_user = std::move(of_user);
  groups.segments = LabelMatrix::of(rows);
  return context.check_stop();
}

Status count_categories(const PopularConfig& config, const Domain& domain,
                        std::span<const float> scores, PopularGroups& groups) {
  CROSSFADE_ASSIGN_OR_RETURN(const RowLabels labels, row_labels(domain.about, config.category,
                                                                "the items", domain.items.size()));
  std::vector<std::vector<ScoredItem>> items(scores.size()), categories(at(labels.count));
  std::vector<double> totals(categories.size());
  for (std::size_t item = 0; item < items.size(); ++item)
    for (const std::int32_t label : labels.of_row[item]) {
      items[item].push_back({label, 1 / static_cast<float>(labels.of_row[item].size())});
      if (!(scores[item] > 0)) continue;
      categories[at(label)].push_back({static_cast<ItemIndex>(item), scores[item]});
      totals[at(label)] += scores[item];
    }
  for (std::size_t label = 0; label < categories.size(); ++label) {
    keep_best(categories[label], config.category_items);
    for (ScoredItem& one : categories[label])
      one.score = static_cast<float>(one.score / totals[label]);
  }
  groups.items = LabelMatrix::of(items);
  groups.categories = LabelMatrix::of(categories);
  return ok_status();
}

}  // namespace

Result<PopularGroups> group_popularity(const PopularConfig& config, const Dataset& dataset,
                                       std::size_t domain_index, std::span<const float> scores,
                                       Context& context) {
  PopularGroups groups;
  const Domain& domain = dataset.domains()[domain_index];
  if (!config.segment.empty() && !config.category.empty())
    return usage_error("popular: segment and category are two ways to group; set one of them");
  if (!config.segment.empty())
    CROSSFADE_RETURN_IF_ERROR(count_segments(config, dataset, domain, scores, context, groups));
  if (!config.category.empty())
    CROSSFADE_RETURN_IF_ERROR(count_categories(config, domain, scores, groups));
  return groups;
}

}  // namespace crossfade
