// explore(): what is to be known of a log before anything is trained on it: how much there is, how
// it grows, how it is spread over users, items, hours and sessions, what is odd in it.
//
// Each part is a file of its own (explore_time.h, explore_popularity.h, ..), one linear pass over
// the columns on all threads, whole numbers only where order could matter: the same result for any
// number of threads.
#pragma once

#include <string>
#include <vector>

#include "crossfade/base/context.h"
#include "crossfade/data/dataset.h"
#include "crossfade/data/exploration/explore_histories.h"
#include "crossfade/data/exploration/explore_labels.h"
#include "crossfade/data/exploration/explore_numbers.h"
#include "crossfade/data/exploration/explore_popularity.h"
#include "crossfade/data/exploration/explore_time.h"
#include "crossfade/data/exploration/explore_users.h"
#include "crossfade/data/exploration/explore_values.h"

namespace crossfade {

// A domain in numbers.
struct DomainSummary {
  std::string name;
  std::int64_t items = 0;         // in the vocabulary
  std::int64_t active_items = 0;  // with at least one interaction
  std::int64_t active_users = 0;
  std::int64_t interactions = 0;
  std::int64_t longest_history = 0;
  double mean_history = 0;  // interactions per active user; 0 if there is none
  double density = 0;       // interactions / (active users * active items), repeats counted
  bool has_times = false;
  std::int64_t first_ns = 0, last_ns = 0;  // of the times, if there are any
};

struct NamedItem {
  std::string id, name;  // name is empty if the item has none
  std::int64_t events = 0, users = 0;
};

struct DomainExploration {
  DomainSummary summary;
  TimeExploration time;
  HistoryExploration histories;
  PopularityExploration popularity;
  ValueExploration values;
  std::vector<LabelExploration> labels;
  std::vector<NumberExploration> numbers;
  std::vector<NamedItem> top_items;
  bool has_names = false;          // items can have names at all
  std::int64_t items_unnamed = 0;  // active items without one
};

// Users with events in both of two domains.
struct DomainOverlap {
  std::string a, b;
  std::int64_t users_of_a = 0, users_of_b = 0, users_of_both = 0;
};

struct Exploration {
  std::int64_t users = 0, users_in_all_domains = 0;
  UserExploration about_users;
  std::vector<DomainExploration> domains;
  std::vector<DomainOverlap> overlaps;  // of every two domains
};

struct ExploreOptions {
  std::int64_t top = 20;  // most taken items, artists, genres
  std::int64_t session_gap_ns = kSessionGapNs;
};

// Errors: interrupted.
Result<Exploration> explore(const Dataset& dataset, const ExploreOptions& options,
                            Context& context);

}  // namespace crossfade
