// Lays sequences behind each other; see packed.h.
#include "crossfade/neural/packed.h"

#include <algorithm>

namespace crossfade {
namespace {

void add_run(std::vector<Run>& runs, std::int64_t length) {
  if (!runs.empty() && runs.back().length == length)
    ++runs.back().count;
  else
    runs.push_back({1, length});
}

void add_row(Packed& packed, std::int64_t item, std::int64_t position) {
  packed.items.push_back(item);
  packed.positions.push_back(position);
}

void ask(Packed& packed, std::int64_t row, std::int64_t target) {
  packed.scored.push_back(row);
  packed.targets.push_back(target);
}

// Every item but the last is a row, and the one behind it its target.
void pack_next(std::span<const ItemIndex> window, Packed& packed) {
  for (std::size_t p = 0; p + 1 < window.size(); ++p) {
    ask(packed, packed.rows(), window[p + 1]);
    add_row(packed, window[p], static_cast<std::int64_t>(p));
  }
  add_run(packed.runs, static_cast<std::int64_t>(window.size()) - 1);
}

// Some items are replaced by the mask token and asked for. One window in so many as it has items
// that would be masked is asked for its last item only, which is what will be asked in the end.
void pack_masked(std::span<const ItemIndex> window, const Questions& questions, Rng rng,
                 Packed& packed) {
  const std::uint64_t size = window.size();
  const std::uint64_t certain = rng.below(size);  // so that each window has one
  const bool last_only = rng.uniform() * questions.mask * static_cast<double>(size) < 1;
  for (std::uint64_t p = 0; p < size; ++p) {
    const bool chosen = rng.uniform() < questions.mask || p == certain;
    const bool masked = last_only ? p + 1 == size : chosen;
    if (masked) ask(packed, packed.rows(), window[p]);
    add_row(packed, masked ? questions.mask_item : window[p], static_cast<std::int64_t>(p));
  }
  add_run(packed.runs, static_cast<std::int64_t>(size));
}

}  // namespace

std::vector<Window> longest_first(std::span<const Window> windows) {
  std::vector<Window> sorted(windows.begin(), windows.end());
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const Window& a, const Window& b) { return a.size() > b.size(); });
  return sorted;
}

Packed pack(std::span<const ItemIndex> items, std::span<const Window> windows,
            const Questions& questions) {
  Packed packed;
  const std::int64_t longest = questions.length + (questions.causal ? 1 : 0);
  for (const Window& window : windows) {
    const std::int64_t size = std::min(window.size(), longest);
    const auto part =
        items.subspan(static_cast<std::size_t>(window.end - size), static_cast<std::size_t>(size));
    if (questions.causal)
      pack_next(part, packed);
    else
      pack_masked(part, questions, Rng(questions.seed, static_cast<std::uint64_t>(window.begin)),
                  packed);
  }
  return packed;
}

Packed pack_histories(std::span<const ItemIndex> items, std::span<const Window> histories,
                      const Questions& questions) {
  Packed packed;
  for (const Window& history : histories) {
    for (std::int64_t at = history.begin; at < history.end; ++at)
      add_row(packed, items[static_cast<std::size_t>(at)], at - history.begin);
    if (!questions.causal) add_row(packed, questions.mask_item, history.size());
    packed.scored.push_back(packed.rows() - 1);
    add_run(packed.runs, history.size() + (questions.causal ? 0 : 1));
  }
  return packed;
}

std::vector<std::span<const Window>> cut_by_rows(std::span<const Window> windows,
                                                 std::int64_t rows) {
  std::vector<std::span<const Window>> parts;
  std::size_t begin = 0;
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < windows.size(); ++i) {
    if (sum > 0 && sum + windows[i].size() > rows) {
      parts.push_back(windows.subspan(begin, i - begin));
      begin = i;
      sum = 0;
    }
    sum += windows[i].size();
  }
  if (begin < windows.size()) parts.push_back(windows.subspan(begin));
  return parts;
}

}  // namespace crossfade
