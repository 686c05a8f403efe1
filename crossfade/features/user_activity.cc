// Whole days between two moments; see user_activity.h.
#include "crossfade/features/user_activity.h"

#include <algorithm>
#include <limits>

#include "crossfade/data/moments.h"

namespace crossfade {
namespace {

constexpr double kDaysPerMonth = 30.4375;  // 365.25 / 12
constexpr double kDayNs = 86400e9;

}  // namespace

UserActivity activity_of(const History& history) {
  constexpr double kUnknownNumber = std::numeric_limits<double>::quiet_NaN();
  UserActivity activity{kUnknownNumber, static_cast<double>(history.size()), kUnknownNumber};
  if (history.time_ns.empty()) return activity;
  const double days = static_cast<double>(midnight_of(history.time_ns.back()) -
                                          midnight_of(history.time_ns.front())) /
                          kDayNs +
                      1;
  activity.listening_month = days / kDaysPerMonth;
  activity.tracks_per_month = activity.tracks_listened / activity.listening_month;
  return activity;
}

void UserActivityFeature::fill(const FeatureQuestion& question,
                               std::span<const std::span<float>> columns) const {
  const UserActivity activity = activity_of(history_before(question, question.domain));
  const double values[] = {activity.listening_month, activity.tracks_listened,
                           activity.tracks_per_month};
  for (std::size_t c = 0; c < columns.size(); ++c)
    std::fill(columns[c].begin(), columns[c].end(), static_cast<float>(values[c]));
}

}  // namespace crossfade
