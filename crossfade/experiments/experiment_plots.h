// The pictures of an experiment, as data for report/.
#pragma once

#include <vector>

#include "crossfade/experiments/experiment_result.h"

namespace crossfade {

// The relative effect of each treatment on each published metric, with its interval. Latencies vary
// by far more than what listeners do, so they have a plot of their own; without series if the log
// says none.
PlotBlock effects_plot(const ExperimentResult& result);
PlotBlock latency_plot(const ExperimentResult& result);
// One treatment: its effect as data came in, with the always-valid bounds and the fixed ones.
PlotBlock looks_plot(const TreatmentLooks& looks, const std::string& metric);
PlotBlock days_plot(const std::vector<TreatmentDays>& days, const std::string& metric);
// Tracks, or time, of users' first, second, .. sessions per arm, as the seminars draw them.
PlotBlock tracks_in_order_plot(const std::vector<SessionsInOrder>& arms);
PlotBlock times_in_order_plot(const std::vector<SessionsInOrder>& arms);

}  // namespace crossfade
