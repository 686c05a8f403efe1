// A catalogue with parts of every kind, for the tests of flows. Only tests include it.
#pragma once

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "crossfade/base/file.h"
#include "crossfade/bundle/bundle.h"
#include "crossfade/bundle/test_list_part.h"
#include "crossfade/serving/test_world.h"

namespace crossfade {

// Tracks 0 to 11 and no log: artist Ann has 0, 1, 2 and 3, Bo 4 and 5, Cy 6, and Di the rest; what
// the catalogue recommends after track 1 is 8, 9 and 8 again.
//   users    lists by user:  7 has 4, 5, 6, 5;  8 has 11
//   near     lists by track: 0 has 4, 1, 5;  1 has 4, 6;  2 has 0;  3 has nothing
//   tops     a ranking:      9, 8, 7, 6, 5
inline BundleInput flows_input(Json flows = Json()) {
  const char* const kArtists[] = {"Ann", "Ann", "Ann", "Ann", "Bo", "Bo",
                                  "Cy",  "Di",  "Di",  "Di",  "Di", "Di"};
  std::string catalog;
  for (int track = 0; track < 12; ++track)
    catalog += "{\"track\": " + std::to_string(track) + ", \"artist\": \"" + kArtists[track] +
               "\", \"title\": \"T\"" +
               (track == 1 ? ", \"recommendations\": [8, 9, 8, 777]" : "") + "}\n";
  BundleInput input;
  input.catalog_path = testing::TempDir() + "flows_catalog.json";
  CROSSFADE_CHECK(write_file(input.catalog_path, catalog).ok(), "the catalogue is written");
  input.parts = {list_part("users", ListsBy::kUser, {7, 8}, {{4, 5, 6, 5}, {11}}),
                 list_part("near", ListsBy::kItem, {0, 1, 2, 3}, {{4, 1, 5}, {4, 6}, {0}, {}}),
                 list_part("tops", ListsBy::kNothing, {}, {{9, 8, 7, 6, 5}})};
  input.flows = std::move(flows);
  return input;
}

// {"flows": {"default": [sources]}}, perhaps of a flow with repeats.
inline Json default_flow(const std::vector<std::string>& sources, bool repeats) {
  return Json::object().set(
      "flows",
      Json::object().set(
          "default", Json::object().set("sources", json_list(sources)).set("repeats", repeats)));
}

}  // namespace crossfade
