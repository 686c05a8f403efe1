// A log with a planted order, which a sequence model must find and a count of items cannot: after
// item i comes, mostly, item 7 i + 3 (mod kItems); every item is as frequent as any other. Only
// tests include it. And a Progress that stops what it watches.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "crossfade/data/test_log.h"

namespace crossfade {

constexpr std::int64_t kWorldItems = 30;

inline std::int64_t next_in_world(std::int64_t item) {
  return (7 * item + 3) % kWorldItems;
}

// Histories of 3 to 14 items; `surprise` is the share of steps that follow no order. Items have
// numbers as ids, so that index and id differ only by the order in which they are met.
inline Dataset ordered_world(std::int64_t users, double surprise = 0.1, std::uint64_t seed = 3) {
  std::vector<TestRow> rows;
  Rng rng(seed);
  for (std::int64_t user = 0; user < users; ++user) {
    auto item = static_cast<std::int64_t>(rng.below(kWorldItems));
    const auto length = static_cast<std::int64_t>(3 + rng.below(12));
    for (std::int64_t step = 0; step < length; ++step) {
      rows.push_back({user, item, step + 1});
      item = rng.uniform() < surprise ? static_cast<std::int64_t>(rng.below(kWorldItems))
                                      : next_in_world(item);
    }
  }
  return make_dataset(rows);
}

// Sets the stop after so many units of progress, as a Ctrl-C would.
class StopAfter final : public Progress {
 public:
  StopAfter(std::int64_t units, std::atomic<bool>& stop) : left_(units), stop_(stop) {}
  void begin(const std::string&, std::int64_t, const std::string&) override {}
  void advance(std::int64_t count) override {
    left_ -= count;
    if (left_ <= 0) stop_.store(true);
  }
  void end(const std::string& note) override { notes.push_back(note); }
  void say(const std::string&) override {}
  std::vector<std::string> notes;

 private:
  std::int64_t left_;
  std::atomic<bool>& stop_;
};

}  // namespace crossfade
