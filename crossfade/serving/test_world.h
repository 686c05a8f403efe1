// A small world for the tests of this room: a model whose answers can be worked out by hand, and
// bundles that were never on disk. Only tests include it.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "crossfade/base/file.h"
#include "crossfade/bundle/bundle.h"
#include "crossfade/data/test_log.h"

namespace crossfade {

// Items are points on a line, and a user likes what is near the history: the score of item i is the
// sum of weight * 2^-|i - j| over the history's items j. Users without history have no answer.
class LineModel final : public Model {
 public:
  LineModel(std::string domain, std::int64_t num_items, std::string name = "line")
      : name_(std::move(name)), domain_(std::move(domain)), num_items_(num_items) {}
  std::string_view name() const override { return name_; }
  const std::string& domain() const override { return domain_; }
  std::int64_t num_items() const override { return num_items_; }

  std::vector<ScoredItem> recommend(const UserView& view, std::size_t domain_index,
                                    const RecommendOptions& options) const override {
    const History& history = view.by_domain[domain_index];
    std::vector<ScoredItem> scored;
    for (ItemIndex item = 0; item < num_items_ && !history.empty(); ++item) {
      float score = 0;
      bool seen = false;
      for (std::size_t h = 0; h < history.size(); ++h) {
        if (history.items[h] >= num_items_) continue;
        score += history.weights[h] * nearness(item, history.items[h]);
        seen |= history.items[h] == item;
      }
      const bool hidden = !options.hidden.empty() && options.hidden[static_cast<std::size_t>(item)];
      if (score > 0 && !hidden && (options.keep_seen || !seen)) scored.push_back({item, score});
    }
    return best(std::move(scored), options.k);
  }
  std::vector<ScoredItem> similar(ItemIndex item, std::int64_t k) const override {
    std::vector<ScoredItem> scored;
    for (ItemIndex other = 0; other < num_items_ && item < num_items_; ++other)
      if (other != item) scored.push_back({other, nearness(item, other)});
    return best(std::move(scored), k);
  }
  Status save(ArtifactWriter&) const override { return ok_status(); }

 private:
  static float nearness(ItemIndex a, ItemIndex b) {
    return std::exp2(-static_cast<float>(std::abs(a - b)));
  }
  static std::vector<ScoredItem> best(std::vector<ScoredItem> scored, std::int64_t k) {
    std::sort(scored.begin(), scored.end(), [](const ScoredItem& a, const ScoredItem& b) {
      return a.score != b.score ? a.score > b.score : a.item < b.item;
    });
    scored.resize(std::min(scored.size(), static_cast<std::size_t>(k)));
    return scored;
  }

  std::string name_, domain_;
  std::int64_t num_items_;
};

// The item with index i has the id 100 + i. There are eight; users 1 to 3 have
//   user 1: items 0 and 1,   user 2: items 1 and 2,   user 3: item 1, then 7, 6, 5, 4 and 3,
// so item 1 is the most popular, and the rest is popular in the order 0, 2, 3, 4, 5, 6, 7 (ties
// by index).
inline Dataset line_dataset() {
  return make_dataset({{1, 100, 10},
                       {1, 101, 20},
                       {2, 101, 10},
                       {2, 102, 20},
                       {3, 101, 10},
                       {3, 103, 70},
                       {3, 104, 60},
                       {3, 105, 50},
                       {3, 106, 40},
                       {3, 107, 30}});
}

// A LineModel of the first `num_items` items of the dataset's first domain.
inline BundleModel line_model(const Dataset& dataset, std::int64_t num_items) {
  auto model = std::make_shared<LineModel>(dataset.domains()[0].name, num_items);
  model->set_trained_over(TrainedOver::of(dataset, 0));
  return {std::move(model), Json::object()};
}

inline BundleInput line_input(bool with_model = true) {
  BundleInput input;
  input.dataset = line_dataset();
  if (with_model) input.models = {line_model(input.dataset, 8)};
  return input;
}

// A catalogue with these tracks; returns its path.
inline std::string write_catalog(const std::string& name, const std::vector<int>& tracks) {
  std::string text;
  for (const int track : tracks) {
    const std::string number = std::to_string(track);
    text += R"({"track": )" + number + R"(, "artist": "Artist )" + number +
            R"(", "title": "Title", "recommendations": [100]})" + "\n";
  }
  std::string path = ::testing::TempDir() + name;
  CROSSFADE_CHECK(write_file(path, text).ok(), "the test's catalogue is written");
  return path;
}

}  // namespace crossfade
