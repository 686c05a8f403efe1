// What tests of this room and those below need again and again: a Context without a program around
// it, and logs and datasets written down row by row. Only tests include it.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "crossfade/base/context.h"
#include "crossfade/base/rng.h"
#include "crossfade/data/dataset.h"

namespace crossfade {

struct TestContext {
  explicit TestContext(int num_threads = 2) : threads(num_threads) {}
  ThreadPool threads;
  SilentProgress progress;
  std::atomic<bool> stop{false};
  Context context{threads, progress, stop};
  operator Context&() { return context; }  // NOLINT: implicit on purpose
};

struct TestRow {
  std::int64_t user, item, time_ns;
  float weight = 1;
};

inline LogColumns make_log(const std::vector<TestRow>& rows) {
  std::vector<std::int64_t> users, items;
  LogColumns log;
  for (const TestRow& row : rows) {
    users.push_back(row.user);
    items.push_back(row.item);
    log.time_ns.push_back(row.time_ns);
    log.weights.push_back(row.weight);
  }
  log.users = std::move(users);
  log.items = std::move(items);
  return log;
}

// A dataset of one domain; dies (a check) where build_dataset reports an error.
inline Dataset make_dataset(const std::vector<TestRow>& rows, const std::string& domain = "music") {
  TestContext run;
  return *build_dataset(Dataset(), domain, make_log(rows), run);
}

// `rows` random rows: skewed users and items with gaps between their ids, times with repeats in no
// order, kinds and sessions too.
inline LogColumns random_log(std::int64_t rows, std::uint64_t seed) {
  std::vector<std::int64_t> users, items;
  LogColumns log;
  Rng rng(seed);
  for (std::int64_t row = 0; row < rows; ++row) {
    const double u = rng.uniform(), i = rng.uniform();
    users.push_back(static_cast<std::int64_t>(u * u * 300) * 1'000'003 - 5);
    items.push_back(100 + static_cast<std::int64_t>(i * i * 90) * 3);
    log.time_ns.push_back(static_cast<std::int64_t>(rng.below(1000)) - 500);
    log.weights.push_back(static_cast<float>(rng.uniform()));
    log.kinds.push_back(static_cast<std::uint8_t>(rng.below(3)));
    log.sessions.push_back(static_cast<std::int64_t>(rng.below(1'000'000)));
  }
  log.users = std::move(users);
  log.items = std::move(items);
  return log;
}

// Rows [begin, end) of a log.
inline LogColumns slice(const LogColumns& log, std::size_t begin, std::size_t end) {
  const auto cut = [&](const auto& column) {
    using Values = std::decay_t<decltype(column)>;
    if (column.empty()) return Values();
    return Values(column.begin() + static_cast<std::ptrdiff_t>(begin),
                  column.begin() + static_cast<std::ptrdiff_t>(end));
  };
  LogColumns part;
  std::visit([&](const auto& ids) { part.users = cut(ids); }, log.users);
  std::visit([&](const auto& ids) { part.items = cut(ids); }, log.items);
  part.time_ns = cut(log.time_ns);
  part.weights = cut(log.weights);
  part.kinds = cut(log.kinds);
  part.sessions = cut(log.sessions);
  return part;
}

}  // namespace crossfade
