// A block of a file's text, parsed by itself: what threads do in parallel.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "crossfade/experiments/traffic_log.h"

namespace crossfade {

// Whose lines a file has: botify's data log (ours writes the same), or our event log.
enum class TrafficForm { kDataLog, kEventLog };

// A part of a file, from the start of a line to the end of one.
struct TrafficBlock {
  std::string_view text;
  TrafficForm form = TrafficForm::kDataLog;
  bool ends_file = false;
};
std::vector<TrafficBlock> cut_into_blocks(std::string_view text);

// A user as a line names him: a number, or else a text.
struct LineUser {
  std::int64_t number = 0;
  std::string text = "";
};

// What an event log says of a play in a record of its own, behind the play.
struct LateAnswer {
  std::size_t rows_before = 0;  // of the block
  LineUser user;
  std::int64_t after = kNoTrack, recommendation = kNoTrack;
  double propensity = 1;
  std::vector<std::pair<std::string, TreatmentIndex>> experiments;
};

// What a block holds; experiments are numbered within the block.
struct ParsedBlock {
  TrafficLog log;                   // without users and user_ids
  std::vector<std::int64_t> users;  // numbers; where text_users has an entry, nothing
  std::vector<std::pair<std::size_t, std::string>> text_users;  // row and id
  std::vector<LateAnswer> answers;
  TrafficReport report;
  std::int64_t all_lines = 0, first_damaged_line = 0;  // counted from 1, empty ones too
};
ParsedBlock parse_block(const TrafficBlock& block);

// The column of that name with `rows` rows, a new one if need be; nullptr if there are too many.
std::vector<TreatmentIndex>* experiment_column(TrafficLog& log, std::string_view experiment,
                                               std::size_t rows);

}  // namespace crossfade
