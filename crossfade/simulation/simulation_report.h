// What a simulation came to, for people and for machines.
#pragma once

#include <span>

#include "crossfade/base/json.h"
#include "crossfade/report/document.h"
#include "crossfade/simulation/simulate.h"

namespace crossfade {

// Results of processes that played side by side, as one: day by day. The means are those of all
// sessions together.
SimulationResult join_results(std::span<const SimulationResult> results);

struct Elapsed {
  double seconds = 0;
  double cpu_seconds = 0;  // of the whole process
};

// A row per day with mean and standard error of reward and steps; what was lost and why; the time
// that it took.
Document simulation_document(const SimulationResult& result, const Elapsed& elapsed);
Json simulation_json(const SimulationResult& result, const Elapsed& elapsed);

}  // namespace crossfade
