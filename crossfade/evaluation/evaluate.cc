// Users are scored in blocks on all threads; every user's values have their own places.
#include "crossfade/evaluation/evaluate.h"

#include <algorithm>
#include <atomic>
#include <limits>
#include <mutex>
#include <optional>

#include "crossfade/base/text.h"
#include "crossfade/evaluation/metric_list.h"

namespace crossfade {
namespace {

// The metrics made for this evaluation, and where their values go.
struct Panel {
  std::vector<std::int64_t> ks;  // rising, each once
  std::vector<MetricEntry> entries;
  std::vector<std::unique_ptr<UserMetric>> user_metrics;  // null for a metric of all lists
  bool needs_exposure = false;
  std::int64_t max_k() const { return ks.back(); }
};

Result<Panel> make_panel(const EvalInput& input, const EvalOptions& options,
                         std::vector<std::string>& warnings) {
  Panel panel;
  panel.ks = options.ks;
  std::sort(panel.ks.begin(), panel.ks.end());
  panel.ks.erase(std::unique(panel.ks.begin(), panel.ks.end()), panel.ks.end());
  if (panel.ks.empty() || panel.ks.front() < 1)
    return usage_error("evaluation needs at least one k, and every k is 1 or more");
  constexpr std::int64_t kMaxK = 1'000'000;
  if (panel.max_k() > kMaxK)
    return usage_error("k is at most " + format_count(kMaxK) + ", and " +
                       format_count(panel.max_k()) + " was asked for");
  CROSSFADE_ASSIGN_OR_RETURN(const auto entries, find_metrics(options.metrics));
  std::vector<std::string> left_out;
  for (const MetricEntry& entry : entries) {
    if (entry.needs_train && input.train == nullptr) {
      if (!options.metrics.empty())
        return usage_error(std::string(entry.name) +
                           " refers to the train part; give it, or leave the metric out");
      left_out.emplace_back(entry.name);
      continue;
    }
    const MetricSetting setting{panel.max_k(), input.train};
    panel.entries.push_back(entry);
    panel.user_metrics.push_back(entry.make_user ? entry.make_user(setting) : nullptr);
    panel.needs_exposure |= entry.make_exposure != nullptr;
  }
  if (!left_out.empty())
    warnings.push_back(join(left_out, ", ") + " refer to the train part, which was not given.");
  return panel;
}

// Marks of one thread: which items are in the current user's truth, which the list had already.
class Marks {
 public:
  explicit Marks(std::int64_t num_items) : marks_(static_cast<std::size_t>(num_items)) {}
  void start(std::span<const ItemIndex> relevant) {
    if (stamp_ >= std::numeric_limits<std::uint32_t>::max() - 2) {
      std::fill(marks_.begin(), marks_.end(), 0);
      stamp_ = 0;
    }
    stamp_ += 2;
    for (const ItemIndex item : relevant) marks_[static_cast<std::size_t>(item)] = stamp_;
  }
  enum class Seen { kMiss, kHit, kTwice };
  Seen visit(ItemIndex item) {
    std::uint32_t& mark = marks_[static_cast<std::size_t>(item)];
    if (mark == stamp_ + 1) return Seen::kTwice;
    const bool hit = mark == stamp_;
    mark = stamp_ + 1;
    return hit ? Seen::kHit : Seen::kMiss;
  }

 private:
  std::vector<std::uint32_t> marks_;  // stamp_: relevant; stamp_ + 1: seen in the list
  std::uint32_t stamp_ = 0;
};

class Evaluation {
 public:
  Evaluation(const EvalInput& input, const Panel& panel, EvalReport& report)
      : input_(input), panel_(panel), report_(report), best_rank_(num_exposed()) {
    for (auto& rank : best_rank_) rank.store(Exposure::kNowhere, std::memory_order_relaxed);
  }

  Status run(Context& context);

 private:
  struct Tally {
    std::int64_t without_list = 0, cold_rows = 0, longest_list = 0, listed = 0;
  };

  std::size_t num_exposed() const {
    return panel_.needs_exposure ? static_cast<std::size_t>(input_.num_items) : 0;
  }
  void prepare();
  Tally score_block(std::int64_t begin, std::int64_t end, Marks& marks);
  void score_user(std::int64_t user, Marks& marks, std::vector<std::int64_t>& hit_ranks,
                  Tally& tally);
  void expose(std::span<const ItemIndex> items);
  void found_twice(std::int64_t user, ItemIndex item);
  void finish(const Tally& total);
  Status first_repeat() const;

  const EvalInput& input_;
  const Panel& panel_;
  EvalReport& report_;
  std::vector<std::int64_t> list_of_user_;  // kUnknown: none
  std::vector<std::atomic<std::int32_t>> best_rank_;
  std::mutex mutex_;
  // The first user (in the truth's order) whose list has an item twice; guarded by mutex_.
  std::optional<std::pair<std::int64_t, ItemIndex>> repeat_;
};

void Evaluation::prepare() {
  list_of_user_.assign(static_cast<std::size_t>(input_.num_users), kUnknown);
  for (std::int64_t l = 0; l < input_.lists.num_lists(); ++l)
    list_of_user_[static_cast<std::size_t>(input_.lists.users[static_cast<std::size_t>(l)])] = l;
  report_.users = input_.truth.users;
  for (std::size_t m = 0; m < panel_.entries.size(); ++m)
    for (const std::int64_t k : panel_.ks) {
      MetricResult& result = report_.metrics.emplace_back();
      result.metric = panel_.entries[m].name;
      result.k = k;
      if (panel_.user_metrics[m]) result.per_user.resize(report_.users.size());
    }
}

Status Evaluation::run(Context& context) {
  prepare();
  std::vector<Marks> marks;
  for (int worker = 0; worker < context.threads.num_threads(); ++worker)
    marks.emplace_back(input_.num_items);
  constexpr std::int64_t kBlock = 256;
  const std::int64_t num_users = input_.truth.num_users();
  std::vector<Tally> tallies(static_cast<std::size_t>((num_users + kBlock - 1) / kBlock));
  context.threads.parallel_for(
      num_users, kBlock, [&](std::int64_t begin, std::int64_t end, int worker) {
        if (context.stop.load(std::memory_order_relaxed)) return;
        tallies[static_cast<std::size_t>(begin / kBlock)] =
            score_block(begin, end, marks[static_cast<std::size_t>(worker)]);
      });
  CROSSFADE_RETURN_IF_ERROR(context.check_stop());
  CROSSFADE_RETURN_IF_ERROR(first_repeat());
  Tally total;
  for (const Tally& tally : tallies) {
    total.without_list += tally.without_list;
    total.cold_rows += tally.cold_rows;
    total.listed += tally.listed;
    total.longest_list = std::max(total.longest_list, tally.longest_list);
  }
  finish(total);
  return ok_status();
}

Evaluation::Tally Evaluation::score_block(std::int64_t begin, std::int64_t end, Marks& marks) {
  Tally tally;
  std::vector<std::int64_t> hit_ranks;
  for (std::int64_t user = begin; user < end; ++user) score_user(user, marks, hit_ranks, tally);
  return tally;
}

void Evaluation::score_user(std::int64_t user, Marks& marks, std::vector<std::int64_t>& hit_ranks,
                            Tally& tally) {
  const auto at = static_cast<std::size_t>(user);
  const auto relevant = input_.truth.relevant(user);
  const std::int64_t l = list_of_user_[static_cast<std::size_t>(input_.truth.users[at])];
  const auto whole = l == kUnknown ? std::span<const ItemIndex>() : input_.lists.list(l);
  hit_ranks.clear();
  marks.start(relevant);
  for (std::size_t row = 0; row < whole.size(); ++row) {
    const Marks::Seen seen = marks.visit(whole[row]);
    if (seen == Marks::Seen::kTwice) return found_twice(user, whole[row]);
    if (seen == Marks::Seen::kHit) hit_ranks.push_back(static_cast<std::int64_t>(row) + 1);
  }
  const auto items = whole.first(std::min(whole.size(), static_cast<std::size_t>(panel_.max_k())));
  const ScoredList list{items, hit_ranks, static_cast<std::int64_t>(relevant.size())};
  std::size_t column = 0;
  for (const auto& metric : panel_.user_metrics)
    for (const std::int64_t k : panel_.ks) {
      if (metric) report_.metrics[column].per_user[at] = metric->value(list, k);
      ++column;
    }
  if (panel_.needs_exposure) expose(items);
  tally.without_list += whole.empty() ? 1 : 0;
  tally.listed += l == kUnknown ? 0 : 1;
  tally.longest_list = std::max(tally.longest_list, static_cast<std::int64_t>(whole.size()));
  if (input_.train)
    tally.cold_rows += std::count_if(items.begin(), items.end(),
                                     [&](ItemIndex item) { return input_.train->is_cold(item); });
}

void Evaluation::expose(std::span<const ItemIndex> items) {
  for (std::size_t row = 0; row < items.size(); ++row) {
    std::atomic<std::int32_t>& best = best_rank_[static_cast<std::size_t>(items[row])];
    const auto rank = static_cast<std::int32_t>(row) + 1;
    std::int32_t known = best.load(std::memory_order_relaxed);
    while (rank < known && !best.compare_exchange_weak(known, rank, std::memory_order_relaxed)) {
    }
  }
}

void Evaluation::found_twice(std::int64_t user, ItemIndex item) {
  std::lock_guard lock(mutex_);
  if (!repeat_ || user < repeat_->first) repeat_ = {user, item};
}

Status Evaluation::first_repeat() const {
  if (!repeat_) return ok_status();
  const auto [at, item] = *repeat_;
  const UserIndex user = input_.truth.users[static_cast<std::size_t>(at)];
  const auto name = [](const Vocabulary* ids, std::int32_t index) {
    return ids ? ids->id_text(index) : "of index " + std::to_string(index);
  };
  return data_invalid("the recommendations for user " + name(input_.user_ids, user) +
                      " hold item " + name(input_.item_ids, item) +
                      " twice; a list names every item once");
}

void Evaluation::finish(const Tally& total) {
  EvalCounts& counts = report_.counts;
  counts.users = input_.truth.num_users();
  counts.users_without_list = total.without_list;
  counts.users_not_in_truth = input_.lists.num_lists() - total.listed;
  counts.relevant = static_cast<std::int64_t>(input_.truth.items.size());
  counts.cold_rows = total.cold_rows;
  counts.longest_list = total.longest_list;
  std::vector<std::int32_t> best_rank(best_rank_.size());
  for (std::size_t i = 0; i < best_rank.size(); ++i)
    best_rank[i] = best_rank_[i].load(std::memory_order_relaxed);
  std::size_t column = 0;
  for (const MetricEntry& entry : panel_.entries) {
    const auto of_all =
        entry.make_exposure ? entry.make_exposure({panel_.max_k(), input_.train}) : nullptr;
    for (const std::int64_t k : panel_.ks) {
      MetricResult& result = report_.metrics[column++];
      result.mean = of_all ? of_all->value({best_rank}, k) : mean_of(result.per_user);
    }
  }
}

void add_intervals(EvalReport& report, ThreadPool& threads) {
  std::vector<std::span<const double>> columns;
  std::vector<MetricResult*> results;
  for (MetricResult& result : report.metrics) {
    if (result.per_user.empty()) continue;
    columns.emplace_back(result.per_user);
    results.push_back(&result);
  }
  const std::vector<Interval> intervals = bootstrap_means(columns, report.bootstrap, threads);
  for (std::size_t i = 0; i < results.size(); ++i) results[i]->interval = intervals[i];
}

void add_warnings(const Truth& truth, std::int64_t max_k, EvalReport& report) {
  const EvalCounts& counts = report.counts;
  auto& warnings = report.warnings;
  if (counts.users_without_list > 0)
    warnings.push_back(format_count(counts.users_without_list) + " of " +
                       format_count(counts.users) +
                       " users of the truth have no recommendations and count as 0.");
  if (counts.users_not_in_truth > 0)
    warnings.push_back(
        format_count(counts.users_not_in_truth) +
        " users have recommendations but are not in the truth; they are not scored.");
  if (counts.longest_list < max_k)
    warnings.push_back("The longest list has " + format_count(counts.longest_list) +
                       " items, fewer than k = " + format_count(max_k) +
                       ": the places behind it count as misses.");
  if (counts.cold_rows > 0)
    warnings.push_back(format_count(counts.cold_rows) +
                       " recommendations are of items that the train part does not know.");
  if (truth.num_repeats > 0)
    warnings.push_back(format_count(truth.num_repeats) +
                       " rows of the truth repeat a pair of user and item and were counted once.");
}

}  // namespace

Result<EvalReport> evaluate(const EvalInput& input, const EvalOptions& options, Context& context) {
  EvalReport report;
  report.bootstrap = options.bootstrap;
  CROSSFADE_ASSIGN_OR_RETURN(const Panel panel, make_panel(input, options, report.warnings));
  if (input.truth.num_users() == 0)
    return data_invalid("the truth has no rows, so there is nobody to score");
  CROSSFADE_RETURN_IF_ERROR(input.truth.check(input.num_users, input.num_items));
  CROSSFADE_RETURN_IF_ERROR(input.lists.check(input.num_users, input.num_items));
  Evaluation evaluation(input, panel, report);
  CROSSFADE_RETURN_IF_ERROR(evaluation.run(context));
  add_intervals(report, context.threads);
  add_warnings(input.truth, panel.max_k(), report);
  return report;
}

}  // namespace crossfade
