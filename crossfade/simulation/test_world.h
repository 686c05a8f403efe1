// Small worlds for the tests of this room, made of formulas. Only tests include it.
#pragma once

#include <cmath>
#include <memory>
#include <numbers>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "crossfade/base/check.h"
#include "crossfade/base/file.h"
#include "crossfade/base/npy.h"
#include "crossfade/base/rng.h"
#include "crossfade/simulation/hidden_world.h"

namespace crossfade {

// Unit vectors of normal numbers, as halves; ten tracks per artist, in blocks.
struct TestWorldSize {
  std::int64_t tracks = 60, dims = 16, users = 20;
  double bias = 0.1, sharpness = 3;
};

inline std::vector<float> test_vectors(const TestWorldSize& size) {
  Rng rng(5);
  std::vector<float> values;
  for (std::int64_t track = 0; track < size.tracks; ++track) {
    std::vector<double> row(static_cast<std::size_t>(size.dims));
    double length = 0;
    for (double& value : row) {
      value = rng.normal();
      length += value * value;
    }
    for (const double value : row) values.push_back(static_cast<float>(value / std::sqrt(length)));
  }
  return values;
}

inline std::vector<Half> as_halves(const std::vector<float>& floats) {
  std::vector<Half> halves;
  for (const float value : floats) halves.push_back(float_to_half(value));
  return halves;
}

inline std::string test_tracks(std::int64_t tracks) {
  std::string lines;
  for (std::int64_t track = tracks - 1; track >= 0; --track)  // any order is allowed
    lines += R"({"artist": "Artist )" + std::to_string(track / 10) + R"(", "title": "Song )" +
             std::to_string(track) + R"(", "track": )" + std::to_string(track) + "}\n";
  return lines;
}

inline std::string test_users(const TestWorldSize& size) {
  std::string lines;
  for (std::int64_t user = 0; user < size.users; ++user) {
    std::string interests = std::to_string(user % size.tracks);
    for (std::int64_t more = 0; more < user % 6; ++more)
      interests += ", " + std::to_string((user * 7 + more * 13 + 1) % size.tracks);
    lines += R"({"user": )" + std::to_string(user) + R"(, "interests": [)" + interests +
             R"(], "consume_bias": )" + std::to_string(size.bias) + R"(, "consume_sharpness": )" +
             std::to_string(size.sharpness) + "}\n";
  }
  return lines;
}

// Writes the three files of a world; `name` keeps those of different tests apart.
inline WorldPaths write_test_world(const TestWorldSize& size, const std::string& name) {
  const std::string at = testing::TempDir() + name;
  WorldPaths paths{at + "_tracks.json", at + "_users.json", at + "_embeddings.npy"};
  CROSSFADE_CHECK(write_file(paths.tracks, test_tracks(size.tracks)).ok(), "tracks are written");
  CROSSFADE_CHECK(write_file(paths.users, test_users(size)).ok(), "users are written");
  const std::vector<Half> halves = as_halves(test_vectors(size));
  CROSSFADE_CHECK(write_npy<Half>(paths.embeddings, halves, {size.tracks, size.dims}).ok(),
                  "embeddings are written");
  return paths;
}

inline HiddenWorld test_world(const TestWorldSize& size = {}, const std::string& name = "world") {
  auto world = HiddenWorld::open(write_test_world(size, name), Temper());
  CROSSFADE_CHECK(world.ok(), world.status().message());
  return std::move(world).value();
}

}  // namespace crossfade
