// Drift: how a later part of a log differs from an earlier one that a model was trained on.
//
// New users and items are counted; for what both parts have, shares of groups are compared: of
// items by their popularity before, of hours, weekdays and kinds. Two measures per comparison, with
// p the shares before and q those after:
//   PSI = sum (q - p) ln(q / p)   the population stability index of credit scoring (Siddiqi, Credit
//                                 Risk Scorecards, 2006): below 0.1 little, above 0.25 much has
//                                 moved
//   KL  = sum q ln(q / p)         in nats: the price of believing p
// Shares below one in a million count as that, so that new groups do not make either infinite.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "crossfade/data/dataset.h"

namespace crossfade {

struct ShareShift {
  std::string what;                   // "popularity of items"
  std::vector<std::string> groups;    // "most popular tenth", ..
  std::vector<double> before, after;  // shares of the events
  double psi = 0, kl = 0;
};

struct Drift {
  std::int64_t events_before = 0, events_after = 0;
  std::int64_t users_after = 0, new_users = 0;  // new: without events before
  std::int64_t items_after = 0, new_items = 0;
  std::int64_t events_of_new_users = 0, events_of_new_items = 0;
  std::int64_t top = 0, top_kept = 0;  // of the `top` most taken items before, still so after
  std::vector<ShareShift> shifts;
};

// Fills psi and kl.
void measure(ShareShift& shift);

// The domains may be of different datasets: users and items are matched by their external ids.
struct DriftInput {
  const Vocabulary& users;
  const Domain& domain;
};
Drift explore_drift(const DriftInput& before, const DriftInput& after, ThreadPool& threads);

}  // namespace crossfade
