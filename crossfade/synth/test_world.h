// MadeWorld: a world with the threads it is made and asked with, as the tests of worlds need it.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "crossfade/base/hash.h"
#include "crossfade/synth/world.h"

namespace crossfade {

using Longs = std::vector<std::int64_t>;

struct MadeWorld {
  std::unique_ptr<ThreadPool> threads;
  std::unique_ptr<World> world;

  Table table(const std::string& name) const {
    SilentProgress progress;
    const std::atomic<bool> stop{false};
    Context context{*threads, progress, stop};
    auto table = world->generate(name, context);
    EXPECT_TRUE(table.ok()) << table.status().message();
    return std::move(table).value();
  }
  Table oracle(const OracleRequest& request) const {
    SilentProgress progress;
    const std::atomic<bool> stop{false};
    Context context{*threads, progress, stop};
    auto table = world->oracle(request, context);
    EXPECT_TRUE(table.ok()) << table.status().message();
    return std::move(table).value();
  }
};

inline Result<std::unique_ptr<World>> make_world(const std::string& name,
                                                 const std::vector<std::string>& settings,
                                                 ThreadPool& threads, std::uint64_t seed = 1) {
  SilentProgress progress;
  const std::atomic<bool> stop{false};
  Context context{threads, progress, stop};
  CROSSFADE_ASSIGN_OR_RETURN(const WorldEntry entry, find_world(name));
  return entry.make(settings, seed, context);
}

inline MadeWorld made(const std::string& name, const std::vector<std::string>& settings,
                      int threads = 2) {
  MadeWorld result;
  result.threads = std::make_unique<ThreadPool>(threads);
  auto world = make_world(name, settings, *result.threads);
  EXPECT_TRUE(world.ok()) << world.status().message();
  result.world = std::move(world).value();
  return result;
}

template <class T>
const std::vector<T>& values(const Table& table, const std::string& name) {
  for (const Column& column : table.columns)
    if (column.name == name) return std::get<std::vector<T>>(column.values);
  ADD_FAILURE() << "no column " << name;
  static const std::vector<T> none;
  return none;
}

inline std::string hash_of(const Table& table) {
  Sha256 hash;
  const auto add = [&](const auto& value) {
    if constexpr (std::is_same_v<std::decay_t<decltype(value)>, std::string>)
      hash.update(value + "\n");
    else
      hash.update({reinterpret_cast<const char*>(&value), sizeof(value)});
  };
  for (const Column& column : table.columns)
    std::visit(
        [&](const auto& rows) {
          for (std::size_t row = 0; row < rows.size(); ++row) {
            if constexpr (kIsLists<std::decay_t<decltype(rows)>>) {
              add(static_cast<std::int64_t>(rows[row].size()));
              for (const auto& value : rows[row]) add(value);
            } else {
              add(rows[row]);
            }
          }
        },
        column.values);
  return hash.finish_hex().substr(0, 16);
}

}  // namespace crossfade
