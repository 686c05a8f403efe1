// What a sequence model makes of histories and vectors, that remembering changes nothing, and what
// weights that do not fit get.
#include "crossfade/models/sequence/sequence_model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <list>
#include <thread>

#include "crossfade/data/test_log.h"
#include "crossfade/models/scored.h"
#include "crossfade/models/sequence/test_weights.h"
#include "crossfade/models/train_elsewhere.h"

namespace crossfade {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::int64_t kItems = 90;

SequenceConfig small(const SequenceConfig& base) {
  SequenceConfig config = base;
  config.dimensions = 16;
  config.hidden = 0;
  config.length = 48;
  return config;
}

std::unique_ptr<Model> model_of(const SequenceConfig& config, SequenceWeights weights) {
  auto model = SequenceModel::make(config.causal ? "sasrec" : "bert4rec", "music", config,
                                   std::move(weights));
  CROSSFADE_CHECK(model.ok(), model.status().message());
  return std::move(*model);
}

// A user with these items, each of weight 1 unless told.
struct Listener {
  std::vector<ItemIndex> items;
  std::vector<float> weights = {};

  std::vector<ScoredItem> ask(const Model& model, const RecommendOptions& options) const {
    const History history = this->history();
    return model.recommend({kUnknown, {&history, 1}}, 0, options);
  }
  History history() const {
    static const std::vector<float> ones(1000, 1);
    History history;
    history.items = items;
    history.weights = weights.empty() ? std::span(ones).first(items.size()) : weights;
    return history;
  }
};

Listener random_listener(std::size_t size, std::uint64_t seed) {
  Rng rng(seed);
  Listener listener;
  for (std::size_t i = 0; i < size; ++i)
    listener.items.push_back(static_cast<ItemIndex>(rng.below(kItems)));
  return listener;
}

// Items without any numbers, as training leaves those of which it learned nothing.
TEST(SequenceModel, ItemsThatTrainingDidNotKnowAreNeitherLookedAtNorRecommended) {
  for (SequenceConfig config : {small(sasrec_config()), small(bert4rec_config())}) {
    SequenceWeights weights = random_weights(config, kItems, 1);
    std::vector<float> table(weights["item_embedding"].begin(), weights["item_embedding"].end());
    std::fill_n(table.begin() + 5 * 16, 16, 0.0F);
    std::fill_n(table.begin() + (kItems - 1) * 16, 16, 0.0F);
    weights.tensors["item_embedding"] = std::move(table);
    const auto model = model_of(config, std::move(weights));
    EXPECT_EQ((Listener{{1, 5, 2}}.ask(*model, {kItems})),
              (Listener{{1, 2}}.ask(*model, {kItems})));
    EXPECT_THAT((Listener{{5}}.ask(*model, {})), ElementsAre());
    std::vector<std::uint8_t> hidden(7);
    hidden[6] = 1;
    for (const bool with_hidden : {false, true}) {
      RecommendOptions options{kItems, true};
      if (with_hidden) options.hidden = hidden;
      const auto answer = Listener{{1, 2}}.ask(*model, options);
      EXPECT_EQ(answer.size(), static_cast<std::size_t>(kItems - 2 - with_hidden));
      for (const ScoredItem& one : answer)
        EXPECT_TRUE(one.item != 5 && one.item != kItems - 1 && !(with_hidden && one.item == 6));
      const Listener listener{{1, 2}};
      const History history = listener.history();
      const UserView view{kUnknown, {&history, 1}};
      TestContext run;
      const auto batch = model->recommend_batch({&view, 1}, 0, options, run);
      ASSERT_TRUE(batch.ok());
      EXPECT_EQ(batch->items.size(), answer.size());
    }
  }
}

TEST(SequenceModel, LooksAtTheNewestItemsThatCount) {
  SequenceConfig config = small(sasrec_config());
  config.length = 4;
  const auto model = model_of(config, random_weights(config, kItems, 1));
  const auto window = [&](const Listener& listener) {
    return dynamic_cast<const SequenceModel&>(*model).window_of(listener.history());
  };
  EXPECT_THAT(window({{}}), ElementsAre());
  EXPECT_THAT(window({{7}}), ElementsAre(7));
  EXPECT_THAT(window({{7, 7, 8}}), ElementsAre(7, 7, 8));
  EXPECT_THAT(window({{1, 2, 3, 4, 5}}), ElementsAre(2, 3, 4, 5));
  // Skips, and items that training did not know, are passed over.
  EXPECT_THAT(window({{1, 2, 3, 4, 5}, {1, 0, 1, 1, 1}}), ElementsAre(1, 3, 4, 5));
  EXPECT_THAT(window({{1, kItems, 3, kUnknown, 5}}), ElementsAre(1, 3, 5));
}

TEST(SequenceModel, ReadsTheRunningSession) {
  SequenceConfig config = small(sasrec_config());
  config.reads = "session";
  const auto model = model_of(config, random_weights(config, kItems, 1));
  const auto window = [&](History history, std::vector<std::int64_t> sessions,
                          std::vector<std::int64_t> minutes) {
    for (std::int64_t& time : minutes) time *= 60'000'000'000;
    history.sessions = sessions;
    history.time_ns = minutes;
    return dynamic_cast<const SequenceModel&>(*model).window_of(history);
  };
  const Listener all{{1, 2, 3, 4, 5}}, skips{{1, 2, 3, 4, 5}, {1, 1, 1, 0, 0}};
  EXPECT_THAT(window(all.history(), {7, 7, 8, 8, 8}, {}), ElementsAre(3, 4, 5));
  EXPECT_THAT(window(all.history(), {7, 7, 7, 7, 8}, {0, 1, 2, 3, 4}), ElementsAre(5));
  EXPECT_THAT(window(all.history(), {}, {0, 1, 2, 33, 40}), ElementsAre(4, 5));
  EXPECT_THAT(window(all.history(), {}, {0, 1, 2, 32, 40}), ElementsAre(1, 2, 3, 4, 5));
  EXPECT_THAT(window(all.history(), {}, {}), ElementsAre(1, 2, 3, 4, 5));
  // Where nothing of the newest session counts, the one before it runs.
  EXPECT_THAT(window(skips.history(), {7, 8, 8, 9, 9}, {}), ElementsAre(2, 3));
  EXPECT_THAT(window(skips.history(), {7, 8, 8, 8, 9}, {}), ElementsAre(2, 3));
}

TEST(SequenceModel, RaisesWhatIsFamiliar) {
  SequenceConfig config = small(sasrec_config());
  config.reads = "session";
  const SequenceWeights weights = random_weights(config, kItems, 1);
  const auto plain = model_of(config, weights);
  config.familiar = 1.5;
  const auto raised = model_of(config, weights);
  const Listener listener{{8, 3, 8, 40, 5, 9}, {1, 1, 1, 0, 1, 1}};
  const std::vector<std::int64_t> sessions = {1, 1, 1, 1, 2, 2};
  History history = listener.history();
  history.sessions = sessions;
  const UserView view{kUnknown, {&history, 1}};
  for (const ItemIndex item : {8, 40}) {
    const auto before = plain->explain(view, 0, item, 10),
               after = raised->explain(view, 0, item, 10);
    EXPECT_EQ(after.size(), before.size() + (item == 8));  // 40 was skipped
    const auto itself = std::find_if(after.begin(), after.end(),
                                     [&](const ScoredItem& part) { return part.item == item; });
    ASSERT_EQ(itself != after.end(), item == 8);
    if (item == 8) {
      EXPECT_FLOAT_EQ(itself->score, 1.5F);
    }
  }
  std::vector<std::uint8_t> hidden(kItems);
  hidden[3] = 1;
  for (RecommendOptions options :
       {RecommendOptions{kItems, true}, RecommendOptions{4, true}, RecommendOptions{kItems, false},
        RecommendOptions{kItems, true, hidden}}) {
    // By hand: items 8 and 3 were met before the session and count, 40 was skipped.
    auto expected = plain->recommend(view, 0, {kItems, options.keep_seen, options.hidden});
    if (options.keep_seen)
      for (ScoredItem& scored : expected)
        if (scored.item == 8 || scored.item == 3) scored.score += 1.5F;
    keep_best(expected, options.k);
    const auto answer = raised->recommend(view, 0, options);
    ASSERT_EQ(answer.size(), expected.size());
    for (std::size_t i = 0; i < answer.size(); ++i) {
      EXPECT_EQ(answer[i].item, expected[i].item) << i;
      EXPECT_NEAR(answer[i].score, expected[i].score, 1e-5);
    }
    TestContext run;
    const auto batch = raised->recommend_batch({&view, 1}, 0, options, run);
    ASSERT_TRUE(batch.ok());
    ASSERT_EQ(batch->items.size(), answer.size());
    for (std::size_t i = 0; i < answer.size(); ++i)
      EXPECT_EQ((ScoredItem{batch->items[i], batch->scores[i]}), answer[i]);
  }
}

TEST(SequenceModel, AnswersOneItemAndNobodyElse) {
  for (const SequenceConfig& base : {sasrec_config(), bert4rec_config()}) {
    const SequenceConfig config = small(base);
    const auto model = model_of(config, random_weights(config, kItems, 1));
    EXPECT_TRUE(Listener{{}}.ask(*model, {5}).empty());
    EXPECT_TRUE((Listener{{3, 4}, {0, 0}}.ask(*model, {5}).empty()));
    EXPECT_TRUE((Listener{{kItems, 10'000, kUnknown}}.ask(*model, {5}).empty()));
    EXPECT_EQ(Listener{{3}}.ask(*model, {5}).size(), 5U);
    EXPECT_EQ((Listener{{kItems, 3, 10'000}}.ask(*model, {5})), Listener{{3}}.ask(*model, {5}));
  }
}

TEST(SequenceModel, AVocabularyOfOneItem) {
  const SequenceConfig config = small(sasrec_config());
  const auto model = model_of(config, random_weights(config, 1, 1));
  EXPECT_TRUE(Listener{{0}}.ask(*model, {5}).empty());
  EXPECT_EQ(Listener{{0}}.ask(*model, {5, true}).size(), 1U);
  EXPECT_TRUE(model->similar(0, 5).empty());
}

TEST(SequenceModel, ScoresAreProductsWithTheAnswer) {
  for (const bool normalise : {false, true})
    for (const bool bias : {false, true}) {
      SequenceConfig config = small(bert4rec_config());
      config.normalise = normalise;
      config.temperature = 0.2;
      const SequenceWeights weights = random_weights(config, kItems, 2, bias);
      const SequenceEngine engine(config, weights);
      SequenceState state;
      SequenceScratch scratch;
      const Listener listener = random_listener(20, 3);
      engine.read(listener.items, state, scratch);
      const auto answer = engine.answer(state);
      const auto list = listener.ask(*model_of(config, weights), {kItems, true});
      ASSERT_EQ(std::ssize(list), kItems);
      for (const ScoredItem& scored : list) {
        double product = 0, own = 0, other = 0;
        for (std::size_t d = 0; d < answer.size(); ++d) {
          const double x =
              weights["item_embedding"][static_cast<std::size_t>(scored.item) * answer.size() + d];
          product += x * answer[d], own += x * x;
          other += static_cast<double>(answer[d]) * answer[d];
        }
        if (normalise) product /= std::sqrt(own * other) * 0.2;
        if (bias) product += weights["output_bias"][static_cast<std::size_t>(scored.item)];
        EXPECT_NEAR(scored.score, product, 1e-4);
      }
    }
}

// Long enough to be remembered, to slide, and for several listeners to be mixed up.
TEST(SequenceModel, AListenerWhoPlaysOnIsAnsweredAsIfNewlyRead) {
  for (const SequenceConfig& base : {sasrec_config(), bert4rec_config()}) {
    const SequenceConfig config = small(base);
    const SequenceWeights weights = random_weights(config, kItems, 4);
    const auto model = model_of(config, weights);
    TestContext run;
    const Listener all = random_listener(110, 5), others = random_listener(110, 6);
    for (std::size_t size = 1; size <= all.items.size(); size += 1 + size % 3) {
      for (const Listener& whole : {all, others}) {
        Listener now;
        now.items.assign(whole.items.begin(), whole.items.begin() + static_cast<long>(size));
        const auto list = now.ask(*model, {7});
        EXPECT_EQ(list, now.ask(*model, {7}));
        const History history = now.history();
        const std::vector<UserView> views{{3, {&history, 1}}};
        const auto batch = model->recommend_batch(views, 0, {7}, run);
        ASSERT_TRUE(batch.ok());
        ASSERT_EQ(batch->items.size(), list.size());
        for (std::size_t i = 0; i < list.size(); ++i)
          ASSERT_EQ((ScoredItem{batch->items[i], batch->scores[i]}), list[i]) << size;
      }
    }
  }
}

TEST(SequenceModel, ExplainsByWhatIsMissingWithoutAnItem) {
  const SequenceConfig config = small(bert4rec_config());
  const auto model = model_of(config, random_weights(config, kItems, 4));
  const Listener all{{3, 8, 3, 5}};
  const History history = all.history();
  const auto score = [&](const Listener& listener) {
    for (const ScoredItem& scored : listener.ask(*model, {kItems, true}))
      if (scored.item == 20) return scored.score;
    return 0.0F;
  };
  const auto parts = model->explain({kUnknown, {&history, 1}}, 0, 20, 10);
  ASSERT_EQ(parts.size(), 3U);
  for (const ScoredItem& part : parts) {
    Listener without = all;
    std::erase(without.items, part.item);
    EXPECT_EQ(part.score, score(all) - score(without));
  }
  const Listener one{{7}};
  const History single = one.history();
  EXPECT_EQ(model->explain({kUnknown, {&single, 1}}, 0, 20, 10),
            (std::vector<ScoredItem>{{7, score(one)}}));
  EXPECT_EQ(model->explain({kUnknown, {&history, 1}}, 0, 20, 1).size(), 1U);
}

// Three listeners, and four threads that ask for each of them as he plays on.
TEST(SequenceModel, ThreadsThatShareWhatIsRememberedAnswerAlike) {
  const SequenceConfig config = small(sasrec_config());
  const SequenceWeights weights = random_weights(config, kItems, 4);
  const auto shared = model_of(config, weights), alone = model_of(config, weights);
  std::vector<Listener> moments;
  for (std::size_t size = 30; size < 70; ++size)
    for (const std::uint64_t seed : {1, 2, 3}) {
      moments.push_back(random_listener(70, seed));
      moments.back().items.resize(size);
    }
  std::vector<std::vector<ScoredItem>> answers(4 * moments.size());
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      for (std::size_t m = 0; m < moments.size(); ++m)
        answers[t * moments.size() + m] = moments[m].ask(*shared, {5});
    });
  for (std::thread& thread : threads) thread.join();
  for (std::size_t a = 0; a < answers.size(); ++a)
    ASSERT_EQ(answers[a], moments[a % moments.size()].ask(*alone, {5})) << a;
}

TEST(SequenceModel, ANetworkThatOverflowsHasNoAnswer) {
  const SequenceConfig config = small(bert4rec_config());
  SequenceWeights weights = random_weights(config, kItems, 7);
  std::vector<float> gain(16, 1e38F);
  weights.tensors["block.1.feed_forward_norm.weight"] = std::move(gain);
  EXPECT_TRUE((Listener{{3, 4}}.ask(*model_of(config, weights), {5}).empty()));
}

TEST(SequenceModel, WeightsThatDoNotFitGetASentence) {
  const SequenceConfig config = small(sasrec_config());
  const SequenceWeights whole = random_weights(config, kItems, 1);
  const auto refusal = [&](const SequenceWeights& weights) {
    const auto model = SequenceModel::make("sasrec", "music", config, weights);
    EXPECT_EQ(model.status().kind(), StatusKind::kDataInvalid);
    return model.status().message();
  };
  SequenceWeights weights = whole;
  weights.tensors.erase("norm.bias");
  EXPECT_THAT(refusal(weights), HasSubstr("no tensor norm.bias"));
  weights = whole;
  weights.tensors["block.2.attention.query.bias"] = std::vector<float>(16);
  EXPECT_THAT(refusal(weights), HasSubstr("block.2.attention.query.bias is none"));
  weights = whole;
  weights.tensors["norm.bias"] = std::vector<float>(17);
  EXPECT_THAT(refusal(weights), HasSubstr("norm.bias is not of the size"));
  weights.tensors["norm.bias"] = std::vector<float>(16, std::numeric_limits<float>::infinity());
  EXPECT_THAT(refusal(weights), HasSubstr("not finite"));
  weights = whole;
  weights.num_items = 0;
  EXPECT_THAT(refusal(weights), HasSubstr("at least one item"));
}

TEST(SequenceModel, AWeightsFileOfAnotherModelGetsASentence) {
  const std::string path = testing::TempDir() + "other.safetensors";
  SequenceConfig config = small(sasrec_config());
  ASSERT_TRUE(write_weights(path, config, random_weights(config, kItems, 1)).ok());
  EXPECT_TRUE(read_weights(path, config, kItems).ok());
  EXPECT_THAT(read_weights(path, config, kItems + 1).status().message(),
              HasSubstr("[90, 16], and [91, 16]"));
  config.norm = "post";
  EXPECT_THAT(read_weights(path, config, kItems).status().message(), HasSubstr("norm.bias"));
  config.norm = "pre";
  config.blocks = 3;
  EXPECT_THAT(read_weights(path, config, kItems).status().message(), HasSubstr("block.2"));
}

TEST(SequenceStates, KeepWhatWasUsedLastAndFindItByWhatWasRead) {
  SequenceStates states(2);
  const std::vector<ItemIndex> one{1, 2, 3}, two{4, 5}, three{6}, grown{1, 2, 3, 9, 9};
  const auto read = [&](const std::vector<ItemIndex>& items) {
    SequenceState state = states.take(items);
    const std::size_t known = state.items.size();
    state.items = items;
    states.give_back(std::move(state));
    return known;
  };
  EXPECT_EQ(read(one), 0U);
  EXPECT_EQ(read(two), 0U);
  EXPECT_EQ(read(grown), 3U);  // a state taken is gone until it is given back
  EXPECT_EQ(read(one), 0U);    // and two was used longest ago
  EXPECT_EQ(states.size(), 2U);
  EXPECT_EQ(read(two), 0U);
  EXPECT_EQ(read(two), 2U);
  EXPECT_EQ(read(three), 0U);
  SequenceState held = states.take(two);
  EXPECT_EQ(held.items, two);
  EXPECT_EQ(read(two), 0U);  // another thread meanwhile
  states.give_back(std::move(held));
  EXPECT_EQ(states.size(), 2U);
  SequenceStates none(0);
  none.give_back(none.take(one));
  EXPECT_EQ(none.size(), 0U);
}

// Against a plain list of what was read, the newest first.
TEST(SequenceStates, FindWhatTheyKeepAmongManyThatComeAndGo) {
  constexpr std::size_t kMost = 20;
  SequenceStates states(kMost);
  std::list<std::vector<ItemIndex>> kept;
  Rng rng(5);
  for (int step = 0; step < 20'000; ++step) {
    // Few items and lengths, so that windows come again, begin alike and grow.
    std::vector<ItemIndex> window(1 + rng.below(4));
    for (ItemIndex& item : window) item = static_cast<ItemIndex>(rng.below(3));
    auto best = kept.end();
    for (auto one = kept.begin(); one != kept.end(); ++one)
      if (one->size() <= window.size() && std::equal(one->begin(), one->end(), window.begin()) &&
          (best == kept.end() || one->size() > best->size()))
        best = one;
    SequenceState state = states.take(window);
    ASSERT_EQ(state.items, best == kept.end() ? std::vector<ItemIndex>() : *best) << step;
    if (best != kept.end())
      kept.erase(best);
    else if (kept.size() == kMost)
      kept.pop_back();
    state.items = window;
    states.give_back(std::move(state));
    kept.push_front(window);
    ASSERT_EQ(states.size(), kept.size());
  }
}

TEST(TrainElsewhere, SaysWhichProgramTrainsAndLooksAtWhatComesBack) {
  TestContext run;
  const Dataset dataset = make_dataset({{1, 10, 0}, {1, 20, 1}});
  TrainInput input{dataset, 0, {}, 1};
  const Status refused = find_trainer("sasrec")->train(input, run).status();
  EXPECT_EQ(refused.kind(), StatusKind::kFailed);
  EXPECT_THAT(refused.message(), HasSubstr("crossfade-neural"));
  input.elsewhere = [](const std::string&, const TrainInput&, Context&) {
    const SequenceConfig config = small(sasrec_config());
    return SequenceModel::make("sasrec", "music", config, random_weights(config, 2, 1));
  };
  EXPECT_TRUE(find_trainer("sasrec")->train(input, run).ok());
  const Status other = find_trainer("bert4rec")->train(input, run).status();
  EXPECT_EQ(other.kind(), StatusKind::kDataInvalid);
  EXPECT_THAT(other.message(), HasSubstr("a model of sasrec with 2 items of music"));
  input.settings = {"heads=7"};
  EXPECT_THAT(find_trainer("sasrec")->train(input, run).status().message(), HasSubstr("7 heads"));
}

}  // namespace
}  // namespace crossfade
