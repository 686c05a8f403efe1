// By user: the values per user that the report has, dealt into groups. By item: evaluate() again,
// once per group, on a smaller truth.
#include "crossfade/evaluation/segments.h"

#include <algorithm>
#include <array>
#include <functional>

#include "crossfade/base/check.h"
#include "crossfade/base/counted.h"
#include "crossfade/base/text.h"
#include "crossfade/evaluation/metric_list.h"

namespace crossfade {
namespace {

constexpr std::array<std::int64_t, 6> kHistoryFrom{0, 1, 5, 20, 100, 500};

std::string range_name(std::size_t group) {
  const std::int64_t from = kHistoryFrom[group];
  if (group + 1 == kHistoryFrom.size()) return format_count(from) + " on";
  const std::int64_t to = kHistoryFrom[group + 1] - 1;
  return from == to ? format_count(from) : format_count(from) + " to " + format_count(to);
}

std::size_t history_group(std::size_t length) {
  const auto above =
      std::upper_bound(kHistoryFrom.begin(), kHistoryFrom.end(), static_cast<std::int64_t>(length));
  return static_cast<std::size_t>(above - kHistoryFrom.begin()) - 1;
}

// The metrics of one group of users; `places` are rows of report.users.
SegmentGroup group_of_users(const EvalReport& report, const Truth& truth, const std::string& name,
                            const std::vector<std::size_t>& places, ThreadPool& threads) {
  SegmentGroup group;
  group.name = name;
  group.users = static_cast<std::int64_t>(places.size());
  for (const std::size_t place : places)
    group.relevant += truth.offsets[place + 1] - truth.offsets[place];
  std::vector<std::vector<double>> values;
  for (const MetricResult& metric : report.metrics) {
    if (metric.per_user.empty()) continue;
    std::vector<double>& chosen = values.emplace_back();
    for (const std::size_t place : places) chosen.push_back(metric.per_user[place]);
    group.metrics.push_back({metric.metric, metric.k, mean_of(chosen), {}, {}});
  }
  const std::vector<std::span<const double>> columns(values.begin(), values.end());
  const std::vector<Interval> intervals = bootstrap_means(columns, report.bootstrap, threads);
  for (std::size_t i = 0; i < intervals.size(); ++i) group.metrics[i].interval = intervals[i];
  return group;
}

// Deals the users into groups by `group_of`, a place in `names`.
Segmentation by_user(const EvalReport& report, const Truth& truth, Segmentation segmentation,
                     const std::vector<std::string>& names,
                     const std::function<std::size_t(UserIndex)>& group_of, ThreadPool& threads) {
  std::vector<std::vector<std::size_t>> places(names.size());
  for (std::size_t i = 0; i < report.users.size(); ++i)
    places[group_of(report.users[i])].push_back(i);
  for (std::size_t g = 0; g < names.size(); ++g)
    if (!places[g].empty())
      segmentation.groups.push_back(group_of_users(report, truth, names[g], places[g], threads));
  return segmentation;
}

Truth restricted(const Truth& truth, const std::function<bool(ItemIndex)>& wanted) {
  Truth part;
  for (std::int64_t u = 0; u < truth.num_users(); ++u) {
    for (const ItemIndex item : truth.relevant(u))
      if (wanted(item)) part.items.push_back(item);
    const auto size = static_cast<std::int64_t>(part.items.size());
    if (size == part.offsets.back()) continue;
    part.users.push_back(truth.users[static_cast<std::size_t>(u)]);
    part.offsets.push_back(size);
  }
  return part;
}

// The least count of an item of the head, and of the middle: see segments.h.
struct Thirds {
  std::int64_t head = 1, middle = 1;
};
Thirds find_thirds(const TrainCounts& counts) {
  std::vector<std::int64_t> falling = counts.users_of_item;
  std::sort(falling.begin(), falling.end(), std::greater<>());
  std::int64_t all = 0;
  for (const std::int64_t count : falling) all += count;
  Thirds thirds;
  std::int64_t sum = 0;
  for (const std::int64_t count : falling) {
    if (count == 0) break;
    if (3 * sum < all) thirds.head = count;
    if (3 * sum < 2 * all) thirds.middle = count;
    sum += count;
  }
  return thirds;
}

// Names of the user metrics that look at the truth, so that a smaller truth changes them.
std::vector<std::string> accuracy_metrics(const EvalReport& report) {
  std::vector<std::string> names;
  for (const MetricEntry& entry : all_metrics()) {
    const bool judged =
        std::any_of(report.metrics.begin(), report.metrics.end(),
                    [&](const auto& metric) { return metric.metric == entry.name; });
    if (judged && !entry.needs_train && entry.make_user != nullptr) names.emplace_back(entry.name);
  }
  return names;
}

struct PopularityGroup {
  const char* name;
  std::int64_t from, to;  // users of an item in train, both included
};

std::string detail_of(const PopularityGroup& group, const TrainCounts& counts) {
  if (group.to == 0) return "items without users in train";
  const auto items = std::count_if(counts.users_of_item.begin(), counts.users_of_item.end(),
                                   [&](auto n) { return n >= group.from && n <= group.to; });
  return counted(items, "item, ", "items, ") + counted(group.from, "user", "users") +
         " or more each";
}

Result<Segmentation> by_popularity(const EvalInput& input, const EvalReport& report,
                                   Context& context) {
  const TrainCounts& counts = *input.train;
  const Thirds thirds = find_thirds(counts);
  constexpr std::int64_t kAll = std::int64_t{1} << 62;
  const std::array<PopularityGroup, 4> groups{{{"head", thirds.head, kAll},
                                               {"middle", thirds.middle, thirds.head - 1},
                                               {"tail", 1, thirds.middle - 1},
                                               {"new", 0, 0}}};
  EvalOptions options{{}, accuracy_metrics(report), report.bootstrap};
  for (const MetricResult& metric : report.metrics) options.ks.push_back(metric.k);
  Segmentation segmentation{"popularity",
                            "By the popularity of an item",
                            "The truth is restricted to the items of a group; lists stay whole. "
                            "Head, middle and tail have a third of train's pairs of user and item "
                            "each.",
                            {}};
  if (options.metrics.empty()) return segmentation;
  for (const PopularityGroup& group : groups) {
    const Truth truth = restricted(input.truth, [&](ItemIndex item) {
      const std::int64_t users =
          counts.is_cold(item) ? 0 : counts.users_of_item[static_cast<std::size_t>(item)];
      return users >= group.from && users <= group.to;
    });
    if (truth.users.empty()) continue;
    const EvalInput part{input.lists, truth,          input.num_users, input.num_items,
                         input.train, input.user_ids, input.item_ids};
    CROSSFADE_ASSIGN_OR_RETURN(EvalReport judged, evaluate(part, options, context));
    for (MetricResult& metric : judged.metrics) metric.per_user = {};
    segmentation.groups.push_back({group.name, detail_of(group, counts), judged.counts.users,
                                   judged.counts.relevant, std::move(judged.metrics)});
  }
  return segmentation;
}

}  // namespace

Result<std::vector<Segmentation>> evaluate_segments(const EvalInput& input,
                                                    const EvalReport& report, const Domain& train,
                                                    Context& context) {
  CROSSFADE_CHECK(input.train != nullptr, "segments need the counts of the train part");
  const auto length = [&](UserIndex user) { return train.history(user).size(); };
  std::vector<std::string> ranges;
  for (std::size_t group = 0; group < kHistoryFrom.size(); ++group)
    ranges.push_back(range_name(group));
  std::vector<Segmentation> segments;
  segments.push_back(by_user(
      report, input.truth,
      {"warm", "Warm and cold users", "A cold user has no event in train.", {}}, {"warm", "cold"},
      [&](UserIndex user) { return std::size_t{length(user) == 0}; }, context.threads));
  segments.push_back(by_user(
      report, input.truth,
      {"history",
       "By the length of a user's history",
       "Groups are of so many events of a user in train.",
       {}},
      ranges, [&](UserIndex user) { return history_group(length(user)); }, context.threads));
  CROSSFADE_ASSIGN_OR_RETURN(Segmentation popularity, by_popularity(input, report, context));
  segments.push_back(std::move(popularity));
  CROSSFADE_RETURN_IF_ERROR(context.check_stop());
  return segments;
}

}  // namespace crossfade
