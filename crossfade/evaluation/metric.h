// Metric: one formula that judges ranked lists. Each stands in its own file, metric_<name>.cc, with
// its source; metric_list.h enrols them.
//
// All are computed over the full catalogue (no sampled negatives) and over the users of the truth.
// A user without a list has a list of length 0, which is worth 0 by every formula. A list shorter
// than k is judged as it is: the places behind its end are misses.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "crossfade/data/ids.h"
#include "crossfade/evaluation/train_counts.h"

namespace crossfade {

// What a metric sees of one user. Places are counted from 1.
struct ScoredList {
  std::span<const ItemIndex> items;         // best first, cut at the largest k asked for
  std::span<const std::int64_t> hit_ranks;  // places of the relevant items, rising
  std::int64_t num_relevant = 1;            // items in the user's truth, in the list or not

  // The number of relevant items among the first k.
  std::int64_t hits(std::int64_t k) const;
};

// What all scored lists show together: for each item the best place at which any of them has it,
// kNowhere if none does within the largest k.
struct Exposure {
  static constexpr std::int32_t kNowhere = 0x7FFFFFFF;
  std::span<const std::int32_t> best_rank;
};

struct MetricSetting {
  std::int64_t max_k = 1;              // the largest k asked for
  const TrainCounts* train = nullptr;  // given to every metric that needs it
};

// A metric that is a mean over users; const calls are safe from several threads.
class UserMetric {
 public:
  virtual ~UserMetric() = default;
  // 1 <= k <= max_k. Finite.
  virtual double value(const ScoredList& list, std::int64_t k) const = 0;
};

// A metric of all lists together; it has no value per user and so no interval.
class ExposureMetric {
 public:
  virtual ~ExposureMetric() = default;
  virtual double value(const Exposure& exposure, std::int64_t k) const = 0;
};

// How a metric is enrolled: exactly one of the two makers is set.
struct MetricEntry {
  const char* name;     // as in "ndcg@10"
  const char* formula;  // one line, for README and --help
  bool needs_train;
  std::unique_ptr<UserMetric> (*make_user)(const MetricSetting&) = nullptr;
  std::unique_ptr<ExposureMetric> (*make_exposure)(const MetricSetting&) = nullptr;
};

// For a metric file's last lines: the maker of a class whose constructor takes the setting.
template <class M>
std::unique_ptr<UserMetric> make_user_metric(const MetricSetting& setting) {
  return std::make_unique<M>(setting);
}

}  // namespace crossfade
