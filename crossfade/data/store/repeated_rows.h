// RepeatedRows: rows of a history that say exactly what an earlier row of it says.
//
// Two plays of a track at different times are two facts; the same user, item, time, kind and weight
// twice is most often one fact that was exported twice. Sessions are not compared: an export that
// repeats a row often numbers its sessions anew.
#pragma once

#include <cstdint>
#include <tuple>
#include <vector>

#include "crossfade/data/store/history_columns.h"

namespace crossfade {

// Owns the scratch space of one thread.
class alignas(64) RepeatFinder {
 public:
  // Appends to `repeats` the rows of [begin, end), one user's in the order of time, that repeat an
  // earlier one in all columns but the session; rising. Only rows of equal times are compared:
  // short runs each with each, long ones sorted.
  void find(const HistoryColumns& columns, std::size_t begin, std::size_t end,
            std::vector<std::size_t>& repeats);

 private:
  void find_in_run(const HistoryColumns& columns, std::size_t begin, std::size_t end,
                   std::vector<std::size_t>& repeats);

  std::vector<std::tuple<ItemIndex, std::uint32_t, std::uint8_t, std::size_t>> rows_;
};

// Takes out the rows, which rise; the others close up, and the offsets of the users with them.
void remove_rows(const std::vector<std::size_t>& rows, HistoryColumns& columns,
                 std::vector<std::int64_t>& offsets);

}  // namespace crossfade
