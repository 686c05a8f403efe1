// Bundles with real models, for the tests of this room. Only tests include it.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "crossfade/base/file.h"
#include "crossfade/bundle/bundle.h"
#include "crossfade/data/test_log.h"
#include "crossfade/models/trainer.h"

namespace crossfade {

// 20 users with numbers for ids; 30 tracks 1000 to 1029, and 5 goods with texts for ids.
inline Dataset two_domains() {
  std::vector<TestRow> rows;
  for (std::int64_t user = 0; user < 20; ++user)
    for (std::int64_t step = 0; step < 6; ++step)
      rows.push_back({user * 3, 1000 + (user * 7 + step * step) % 30, step});
  TestContext run;
  LogColumns goods;
  goods.users = std::vector<std::int64_t>{3, 3, 6, 777};
  goods.items = std::vector<std::string>{"tea", "mug", "tea", "pan"};
  goods.kinds = {0, 1, 2, 1};
  return *build_dataset(make_dataset(rows), "goods", std::move(goods), run);
}

inline BundleModel train_small(const Dataset& dataset, const std::string& name,
                               const std::string& domain) {
  TestContext run;
  TrainInput input{dataset, *dataset.find_domain(domain), {}, 7};
  if (name == "als") input.settings = {"factors=4", "iterations=2"};
  auto model = find_trainer(name)->train(input, run);
  CROSSFADE_CHECK(model.ok(), model.status().message());
  return {std::move(*model), Json::object().set("seed", 7)};
}

// A bundle of everything: two models, lists, hidden items, a catalogue with tracks of its own.
inline BundleInput full_input(const std::string& catalog_path) {
  BundleInput input;
  input.dataset = two_domains();
  input.models = {train_small(input.dataset, "popular", "music"),
                  train_small(input.dataset, "als", "music")};
  Candidates lists;
  lists.users = {5, 0};
  lists.offsets = {0, 2, 5};
  lists.items = {1, 2, 9, 8, 7};
  lists.scores = {2, 1, 3, 2, 1};
  lists.sources = {0, 0, 0, 0, 0};
  lists.source_names = {"offline"};
  input.lists = {lists};
  std::vector<std::uint8_t> hidden(
      static_cast<std::size_t>(input.dataset.domains()[0].items.size()), 0);
  hidden[3] = 1;
  input.hidden = {hidden};
  CROSSFADE_CHECK(write_file(catalog_path, R"({"track": 1001, "artist": "Ann", "title": "One"})"
                                           "\n"
                                           R"({"track": 9, "artist": "Bo", "title": "Two",)"
                                           R"( "recommendations": [1001]})"
                                           "\n"
                                           R"({"track": 2, "artist": "Bo", "title": "Three"})"
                                           "\n")
                      .ok(),
                  "the test's catalogue is written");
  input.catalog_path = catalog_path;
  input.provenance = Json::object().set("note", "a test");
  return input;
}

}  // namespace crossfade
