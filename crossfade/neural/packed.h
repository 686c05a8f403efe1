// Packed: several sequences behind each other, without padding.
//
// Sequences stand longest first, so that equal lengths form runs, which attention takes as one
// block each. Rows are tokens: row r has item items[r] at place positions[r] of its window.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "crossfade/base/rng.h"
#include "crossfade/neural/sequences.h"

namespace crossfade {

struct Run {
  std::int64_t count = 0, length = 0;  // so many sequences of so many rows
};

struct Packed {
  std::vector<std::int64_t> items, positions;
  std::vector<Run> runs;
  // Rows that are asked about and the items that belong there, in rising order of rows.
  std::vector<std::int64_t> scored, targets;

  std::int64_t rows() const { return static_cast<std::int64_t>(items.size()); }
};

// How windows become questions.
struct Questions {
  bool causal = true;       // every row asks for the next item; else masked items are asked for
  std::int64_t length = 1;  // rows of a sequence at most; of a longer window the newest are taken
  double mask = 0.2;        // share of masked items; at least one of each window
  std::int64_t mask_item = 0;  // the item index of the mask token
  std::uint64_t seed = 0;      // of the masks: with the window's first place it decides them
};

// The windows in the order of falling length (equal ones as they come).
std::vector<Window> longest_first(std::span<const Window> windows);

// For training.
Packed pack(std::span<const ItemIndex> items, std::span<const Window> windows,
            const Questions& questions);
// For answering: the newest rows of each history, the last row (the mask token's, if not causal)
// asked. `targets` stays empty; `histories` are longest first and not empty, and are taken whole.
Packed pack_histories(std::span<const ItemIndex> items, std::span<const Window> histories,
                      const Questions& questions);

// Cuts windows (longest first) into parts of about `rows` rows; every part has at least one.
std::vector<std::span<const Window>> cut_by_rows(std::span<const Window> windows,
                                                 std::int64_t rows);

}  // namespace crossfade
