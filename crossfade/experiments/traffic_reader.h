// Reads data logs: files, and folders as they are collected (`DIR/*/data.json`, with their rotated
// parts data.json.1, data.json.2, ..).
//
// Files are mapped and cut into blocks at line ends; blocks are parsed on all threads and appended
// in order, so the log does not depend on the threads. Beside the columns only a few blocks are in
// memory. Lines that say nothing usable are left out and counted; the rest is kept.
#pragma once

#include <string>
#include <vector>

#include "crossfade/base/context.h"
#include "crossfade/experiments/traffic_log.h"

namespace crossfade {

struct Traffic {
  TrafficLog log;
  TrafficReport report;
};

// The files behind `paths` in the order of their age: a rotated part before what came after it.
// Failed if a path is missing, data invalid if a folder holds no data log.
Result<std::vector<std::string>> find_traffic_files(const std::vector<std::string>& paths);

// Errors: those of find_traffic_files; data invalid if a file is no data log (it has lines and not
// one of them is usable) or no line is left at all.
Result<Traffic> read_traffic(const std::vector<std::string>& paths, Context& context);

}  // namespace crossfade
