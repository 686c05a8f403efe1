// Whole trainings of tiny worlds: the planted order is found, a stop and a resume change no byte,
// and what cannot go on says why.
#include "crossfade/neural/sequence_trainer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "crossfade/base/artifact.h"
#include "crossfade/base/file.h"
#include "crossfade/base/safetensors.h"
#include "crossfade/neural/adam.h"
#include "crossfade/neural/checkpoint.h"
#include "crossfade/neural/test_gradients.h"
#include "crossfade/neural/test_world.h"

namespace crossfade {
namespace {

using testing::HasSubstr;

struct Run {
  int threads = 2;
  std::int64_t stop_after = 1 << 30;
  std::string checkpoint = {};
  std::uint64_t seed = 1;
};

// A second goes by between any two looks.
class TickingClock final : public Clock {
 public:
  std::int64_t now_ns() const override { return steady_ns(); }
  std::int64_t steady_ns() const override { return 1'000'000'000 * ticks_++; }

 private:
  mutable std::int64_t ticks_ = 0;
};

Result<TrainedSequence> train(const Dataset& dataset, const std::string& generator,
                              std::vector<std::string> settings, const Run& run = {}) {
  SequenceTraining config;
  config.network = generator == "sasrec" ? sasrec_config() : bert4rec_config();
  settings.insert(settings.begin(), {"dimensions=32", "length=10", "batch=32", "hidden=32",
                                     "learning_rate=0.005", "blocks=1", "heads=1"});
  EXPECT_TRUE(apply_settings(config, generator, settings).ok());
  std::atomic<bool> stop{false};
  StopAfter progress(run.stop_after, stop);
  ThreadPool threads(run.threads);
  Context context{threads, progress, stop};
  const TickingClock clock;
  return train_sequence({dataset.domains()[0], config, generator, run.seed, run.checkpoint, "data"},
                        clock, context);
}

double best(const TrainedSequence& trained) {
  return trained.epochs[static_cast<std::size_t>(trained.best_epoch - 1)].validation;
}

bool same_bytes(const Parameters& a, const Parameters& b) {
  return std::all_of(a.list().begin(), a.list().end(), [&](const Parameter& one) {
    return std::memcmp(one.value.data_ptr(), b[one.name].data_ptr(), one.value.nbytes()) == 0;
  });
}

std::string fresh(const std::string& name) {
  const std::string path = testing::TempDir() + "sequence_trainer_" + name;
  EXPECT_TRUE(remove_tree(path).ok());
  return path;
}

// Writes the checkpoint FOLDER/1 again, with item embeddings that no float's square holds.
void blow_up(const std::string& folder) {
  constexpr const char* kFile = "state.safetensors";
  const auto from = Artifact::open(folder + "/1", "training checkpoint", 1);
  ASSERT_TRUE(from.ok()) << from.status().message();
  const auto state = Safetensors::open(from->path_of(kFile));
  ASSERT_TRUE(state.ok()) << state.status().message();
  auto to = ArtifactWriter::create(folder + "/2", "training checkpoint", 1);
  std::vector<std::vector<float>> values;
  std::vector<NamedTensor> tensors;
  for (const std::string& name : state->names()) {
    const auto read = *state->floats(name, state->shape(name));
    values.emplace_back(read.begin(), read.end());
    if (name == "weights/item_embedding")
      std::fill(values.back().begin(), values.back().end(), 1e30F);
  }
  for (const std::string& name : state->names())
    tensors.push_back({name, state->shape(name), values[tensors.size()]});
  ASSERT_TRUE(write_safetensors(*to->make_place(kFile), std::move(tensors)).ok());
  to->metadata() = from->metadata();
  ASSERT_TRUE(to->commit().ok());
}

// An order that is kept nine times of ten is worth about 0.9 to whoever knows it, and 0.15 to
// whoever guesses ten of thirty items.
class FindsTheOrder : public testing::TestWithParam<std::vector<std::string>> {};

TEST_P(FindsTheOrder, OfItems) {
  std::vector<std::string> settings = GetParam();
  const std::string generator = settings[0];
  settings.erase(settings.begin());
  settings.push_back("repeats=yes");
  const auto trained = train(ordered_world(400), generator, settings);
  ASSERT_TRUE(trained.ok()) << trained.status().message();
  EXPECT_GT(best(*trained), 0.8);
  EXPECT_LT(trained->epochs[0].validation,
            best(*trained) - 0.05);  // it was not there from the beginning
  EXPECT_LT(trained->epochs.back().loss, trained->epochs[0].loss);
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, FindsTheOrder,
    testing::Values(
        std::vector<std::string>{"sasrec", "epochs=15"},
        std::vector<std::string>{"sasrec", "epochs=15", "norm=post", "heads=2"},
        std::vector<std::string>{"sasrec", "epochs=15", "normalise=yes", "temperature=0.1"},
        std::vector<std::string>{"sasrec", "epochs=15", "loss=sampled", "negatives=20",
                                 "popular_negatives=0.5"},
        std::vector<std::string>{"sasrec", "scaled=no", "epochs=40", "loss=gbce", "negatives=20"},
        std::vector<std::string>{"sasrec", "epochs=25", "loss=bce", "negatives=4"},
        std::vector<std::string>{"bert4rec", "epochs=40", "mask=0.3", "dropout=0"}));

TEST(SequenceTrainer, GoesOnAfterAStopInTheSameBytes) {
  const Dataset dataset = ordered_world(100);
  const std::vector<std::string> settings = {"epochs=4"};
  const auto whole = train(dataset, "sasrec", settings);
  ASSERT_TRUE(whole.ok());
  // 100 windows an epoch, 32 a step: within the first epoch, at its end, and within the third.
  for (const std::int64_t stop_after : {1, 100, 264}) {
    const std::string folder = fresh("resume");
    const auto stopped = train(dataset, "sasrec", settings, {2, stop_after, folder});
    ASSERT_EQ(stopped.status().kind(), StatusKind::kInterrupted);
    const auto resumed = train(dataset, "sasrec", settings, {1, 1 << 30, folder});
    ASSERT_TRUE(resumed.ok()) << resumed.status().message();
    EXPECT_TRUE(same_bytes(whole->weights, resumed->weights)) << stop_after;
    EXPECT_EQ(to_text(whole->summary()), to_text(resumed->summary()));
  }
}

TEST(SequenceTrainer, IsTheSameForAnyNumberOfThreadsAndAnotherForAnotherSeed) {
  const Dataset dataset = ordered_world(100);
  const auto one = train(dataset, "bert4rec", {"epochs=2"}, {1});
  const auto three = train(dataset, "bert4rec", {"epochs=2"}, {3});
  const auto other = train(dataset, "bert4rec", {"epochs=2"}, {3, 1 << 30, "", 2});
  EXPECT_TRUE(same_bytes(one->weights, three->weights));
  EXPECT_FALSE(same_bytes(one->weights, other->weights));
}

TEST(SequenceTrainer, RefusesTheCheckpointOfAnotherTraining) {
  const Dataset dataset = ordered_world(60);
  const std::string folder = fresh("other");
  ASSERT_FALSE(train(dataset, "sasrec", {"epochs=4"}, {2, 1, folder}).ok());
  const Status status =
      train(dataset, "sasrec", {"epochs=4", "dropout=0.2"}, {2, 1, folder}).status();
  EXPECT_EQ(status.kind(), StatusKind::kUsage);
  EXPECT_THAT(status.message(), HasSubstr("dropout is 0.2 and was 0.1"));
  const Status other_seed = train(dataset, "sasrec", {"epochs=4"}, {2, 1, folder, 2}).status();
  EXPECT_THAT(other_seed.message(), HasSubstr("seed is 2 and was 1"));
  // One number of the file is another.
  const std::string file = folder + "/1/state.safetensors";
  std::string bytes = *read_file(file);
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
  ASSERT_TRUE(write_file(file, bytes).ok());
  const Status damaged = train(dataset, "sasrec", {"epochs=4"}, {2, 1, folder}).status();
  EXPECT_EQ(damaged.kind(), StatusKind::kDataInvalid);
  EXPECT_THAT(damaged.message(), HasSubstr("remove " + folder));
}

TEST(SequenceTrainer, StopsWhenPatienceEnds) {
  const auto trained = train(ordered_world(100, 1), "sasrec",  // nothing to find
                             {"epochs=500", "patience=3", "learning_rate=0.02"});
  ASSERT_TRUE(trained.ok());
  EXPECT_EQ(trained->epochs.size(), static_cast<std::size_t>(trained->best_epoch + 3));
  EXPECT_EQ(train(ordered_world(50), "sasrec", {"epochs=3", "validation=none"})->best_epoch, 3);
}

TEST(SequenceTrainer, TellsOfEveryEpochWhatItCameToAndHowLongItTook) {
  const Json told = train(ordered_world(100), "sasrec", {"epochs=2"})->summary();
  EXPECT_EQ(to_text(told["seconds"]), "[4.0, 4.0]");  // 100 windows are 4 steps of 32
  EXPECT_EQ(told["loss"].as_array()->size(), 2u);
  EXPECT_EQ(told["validation ndcg@10"].as_array()->size(), 2u);
  const Json unjudged =
      train(ordered_world(100), "sasrec", {"epochs=2", "validation=none"})->summary();
  EXPECT_TRUE(unjudged["validation ndcg@10"].is_null());
}

// What is learned in the end is what as many epochs without any validation learn.
TEST(SequenceTrainer, ARefitLearnsFromEverythingForAsManyEpochsAsWereBest) {
  const Dataset dataset = ordered_world(100);
  for (const auto& [validation, schedule] : {std::pair{"validation=last", "schedule=constant"},
                                             std::pair{"validation=last", "schedule=cosine"},
                                             std::pair{"validation=time", "schedule=constant"}}) {
    const auto trained =
        train(dataset, "sasrec", {"epochs=12", "patience=2", "refit=yes", validation, schedule});
    ASSERT_TRUE(trained.ok()) << trained.status().message();
    ASSERT_TRUE(trained->refit);
    EXPECT_EQ(trained->refit->epochs.size(), static_cast<std::size_t>(trained->best_epoch));
    EXPECT_FALSE(trained->refit->judged);
    EXPECT_EQ(trained->refit->windows, 100);
    const auto plain = train(dataset, "sasrec",
                             {"epochs=" + std::to_string(trained->best_epoch), "patience=2",
                              "validation=none", schedule});
    EXPECT_TRUE(same_bytes(plain->weights, trained->weights)) << validation << " " << schedule;
    EXPECT_EQ(to_text(trained->summary()["refit"]), to_text(plain->summary()));
  }
  EXPECT_THAT(train(dataset, "sasrec", {"refit=yes", "validation=none"}).status().message(),
              HasSubstr("validation=none finds none"));
}

TEST(SequenceTrainer, ARefitGoesOnAfterAStop) {
  const Dataset dataset = ordered_world(100);
  const std::vector<std::string> settings = {"epochs=3", "refit=yes"};
  const auto whole = train(dataset, "sasrec", settings);
  ASSERT_TRUE(whole.ok());
  // 300 sequences before the refit: within its first step, in its second epoch.
  for (const std::int64_t stop_after : {64, 301, 464}) {
    const std::string folder = fresh("refit");
    const auto stopped = train(dataset, "sasrec", settings, {2, stop_after, folder});
    ASSERT_EQ(stopped.status().kind(), StatusKind::kInterrupted) << stop_after;
    EXPECT_EQ(path_exists(folder + "/refit"), stop_after > 300);
    const auto resumed = train(dataset, "sasrec", settings, {1, 1 << 30, folder});
    ASSERT_TRUE(resumed.ok()) << resumed.status().message();
    EXPECT_TRUE(same_bytes(whole->weights, resumed->weights)) << stop_after;
    EXPECT_EQ(to_text(whole->summary()), to_text(resumed->summary()));
  }
}

TEST(SequenceTrainer, TwoTrainingsDoNotShareACheckpoint) {
  const std::string folder = fresh("shared");
  Parameters weights;
  weights.add("w", {2}, {}, 1);
  {
    CheckpointFolder one(folder, Json("this"));
    ASSERT_TRUE(one.read({{"weights", &weights}}).ok());
    CheckpointFolder two(folder, Json("this"));
    const Status status = two.read({{"weights", &weights}}).status();
    EXPECT_EQ(status.kind(), StatusKind::kFailed);
    EXPECT_THAT(status.message(),
                HasSubstr("another training writes its checkpoints to " + folder));
  }
  EXPECT_FALSE(path_exists(folder));  // there was nothing to keep
}

// A checkpoint whose weights are too large for a float's square.
TEST(SequenceTrainer, SaysWhereALossIsNoNumber) {
  const Dataset dataset = ordered_world(100);
  const std::vector<std::string> settings = {"epochs=4"};
  const std::string folder = fresh("diverges");
  ASSERT_FALSE(train(dataset, "sasrec", settings, {2, 132, folder}).ok());
  blow_up(folder);
  const Status status = train(dataset, "sasrec", settings, {2, 1 << 30, folder}).status();
  EXPECT_EQ(status.kind(), StatusKind::kFailed);
  EXPECT_THAT(status.message(),
              HasSubstr("sasrec: the loss of step 6 (epoch 2) is not a finite number; lower "
                        "learning_rate, or raise warmup; epochs=1 ends with the best that was "
                        "before; " +
                        folder + " holds what was learned before, remove it"));
}

TEST(SequenceTrainer, LearnsFromOneItem) {
  const auto trained =
      train(make_dataset({{0, 7, 1}, {0, 7, 2}, {0, 7, 3}}), "sasrec", {"epochs=1"});
  ASSERT_TRUE(trained.ok()) << trained.status().message();
  EXPECT_EQ(trained->weights["item_embedding"].size(0), 1);
}

TEST(SequenceTrainer, SaysWhatCannotBe) {
  const Dataset dataset = ordered_world(50);
  EXPECT_THAT(train(dataset, "sasrec", {"heads=5"}).status().message(), HasSubstr("5 heads"));
}

// The first two steps worked out by hand; the gradient is used up.
TEST(Adam, IsTheFormula) {
  for (const bool decoupled : {false, true}) {
    Parameters weights, gradient;
    weights.add("w", at::full({1}, 2.0, at::kFloat));
    gradient.add("w", at::zeros({1}, at::kFloat));
    AdamState state{weights.zeros(), weights.zeros(), 0};
    const AdamSettings settings{0.1, 0.5, decoupled, 0.9, 0.98, 1e-8};
    TestContext run;
    double w = 2, m = 0, v = 0;
    for (int t = 1; t <= 2; ++t) {
      gradient["w"].fill_(0.25 * t);
      step_adam(settings, 0.5, weights, gradient, state, run.threads);
      const double slope = 0.25 * t + (decoupled ? 0 : 0.5 * w);
      m = 0.9 * m + 0.1 * slope;
      v = 0.98 * v + 0.02 * slope * slope;
      w = w * (decoupled ? 1 - 0.05 * 0.5 : 1) -
          0.05 * (m / (1 - std::pow(0.9, t))) / (std::sqrt(v / (1 - std::pow(0.98, t))) + 1e-8);
      EXPECT_NEAR(weights["w"].item<double>(), w, 1e-6);
      EXPECT_EQ(gradient["w"].item<double>(), 0);
    }
  }
}

}  // namespace
}  // namespace crossfade
