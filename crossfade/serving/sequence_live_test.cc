// A sequence model behind the recommender: every play counts in the next answer, with the bytes
// that the same history gets offline, whoever else is listening.
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "crossfade/models/sequence/sequence_model.h"
#include "crossfade/models/sequence/test_weights.h"
#include "crossfade/serving/recommender.h"
#include "crossfade/serving/test_world.h"

namespace crossfade {
namespace {

constexpr std::int64_t kItems = 60, kUsers = 4;

Dataset listened() {
  std::vector<TestRow> rows;
  for (std::int64_t item = 0; item < kItems; ++item) rows.push_back({100, item, item});
  for (std::int64_t user = 0; user < kUsers; ++user)
    for (std::int64_t step = 0; step < 25 * user; ++step)
      rows.push_back({user, (step * step + user) % kItems, step});
  return make_dataset(rows);
}

std::unique_ptr<Model> make_model(const Dataset& dataset) {
  SequenceConfig config = sasrec_config();
  config.dimensions = 16;
  config.length = 48;
  auto model = SequenceModel::make("sasrec", "music", config, random_weights(config, kItems, 3));
  CROSSFADE_CHECK(model.ok(), model.status().message());
  (*model)->set_trained_over(TrainedOver::of(dataset, 0));
  return std::move(*model);
}

TEST(SequenceLive, EveryPlayCountsInTheNextAnswer) {
  const Dataset dataset = listened();
  BundleInput input;
  input.dataset = dataset;
  input.models = {{make_model(dataset), Json::object()}};
  Recommender recommender(*Bundle::assemble(std::move(input)), EventLog::without_file());

  // What each user has met, as indices and weights: a skip is met, but not liked.
  const Vocabulary& ids = dataset.domains()[0].items;
  std::map<std::int64_t, std::pair<std::vector<ItemIndex>, std::vector<float>>> met;
  for (std::int64_t user = 0; user < kUsers; ++user) {
    const UserIndex row = dataset.users().find(ExternalId(user));
    if (row == kUnknown) continue;  // user 0 is new
    const History history = dataset.domains()[0].history(row);
    met[user] = {{history.items.begin(), history.items.end()},
                 {history.weights.begin(), history.weights.end()}};
  }
  Rng rng(8);
  std::map<std::int64_t, std::string> last;
  for (int play = 0; play < 240; ++play) {
    const auto user = static_cast<std::int64_t>(rng.below(kUsers));
    const auto item = static_cast<std::int64_t>(rng.below(kItems));
    const bool skipped = rng.below(10) == 0;
    ASSERT_TRUE(recommender
                    .observe({ExternalId(user), ExternalId(item), "", play + 1'000'000,
                              skipped ? 0.01 : 1.0, 0})
                    .ok());
    auto& [items, weights] = met[user];
    items.push_back(ids.find(ExternalId(item)));
    weights.push_back(skipped ? 0.0F : 1.0F);

    Request request;
    request.user = ExternalId(user);
    request.k = 5;
    request.keep_seen = true;
    const auto slate = recommender.recommend(request);
    ASSERT_TRUE(slate.ok()) << slate.status().message();
    History history;
    history.items = items;
    history.weights = weights;
    const auto fresh = make_model(dataset)->recommend({kUnknown, {&history, 1}}, 0, {5, true});
    std::string expected, answered;
    for (const ScoredItem& scored : fresh)
      expected += to_text(ids.id(scored.item)) + "=" + std::to_string(scored.score) + " ";
    for (const SlateItem& answer : slate->items)
      if (answer.source == "sasrec")
        answered += to_text(answer.item) + "=" + std::to_string(answer.score) + " ";
    ASSERT_EQ(answered, expected) << "play " << play << " of user " << user;
    EXPECT_TRUE(skipped || answered != last[user]);
    last[user] = answered;
  }
}

}  // namespace
}  // namespace crossfade
