// The gradient of a whole step against differences, for every kind of network, loss and item; the
// same bytes for any number of threads.
#include "crossfade/neural/sequence_step.h"

#include <gtest/gtest.h>

#include <cstring>
#include <memory>

#include "crossfade/neural/sequence_network.h"
#include "crossfade/neural/test_gradients.h"
#include "crossfade/neural/test_world.h"

namespace crossfade {
namespace {

constexpr std::int64_t kItems = 9;
const std::vector<std::int64_t> kMet = {5, 5, 5, 5, 5, 5, 5, 5, 0};

// Items 0 to 8, two of them with two labels, one without; vectors of three numbers.
ItemTable about_items() {
  LabelAttribute artist;
  artist.offsets = std::vector<std::int64_t>{0, 1, 3, 4, 4, 5, 6, 7, 9, 10};
  artist.codes = std::vector<std::int32_t>{0, 1, 2, 0, 1, 2, 2, 0, 1, 1};
  artist.labels = StringArray({"a", "b", "c"});
  ItemTable about;
  about.attributes.push_back({"artist", artist});
  std::vector<float> values;
  for (std::int64_t i = 0; i < kItems * 3; ++i) values.push_back(static_cast<float>(i % 7) - 3);
  about.vectors = {3, std::move(values), std::vector<std::uint8_t>(kItems, 1)};
  return about;
}

struct Case {
  std::string name, generator;
  std::vector<std::string> settings;
};

void PrintTo(const Case& one, std::ostream* out) {
  *out << one.name;
}

class Fixture {
 public:
  explicit Fixture(const Case& one) {
    config_.network = one.generator == "sasrec" ? sasrec_config() : bert4rec_config();
    std::vector<std::string> settings = {"dimensions=6", "hidden=5", "length=4", "heads=2"};
    settings.insert(settings.end(), one.settings.begin(), one.settings.end());
    EXPECT_TRUE(apply_settings(config_, one.generator, settings).ok());
    embedding_ = std::make_unique<ItemEmbedding>(
        *ItemEmbedding::make(about_items(), kMet, config_.network.causal ? 0 : 1,
                             config_.training.labels, config_.training.vectors));
    weights = make_network(config_.network, 1);
    embedding_->add_parameters(weights, config_.network.dimensions, 1);
    if (config_.training.output_bias) weights.add("output_bias", {kItems}, {}, 1);
    // Large and uneven numbers, so that no gradient is too small to be wrong.
    for (const Parameter& parameter : weights.list())
      parameter.value.add_(
          random_tensor(parameter.value.sizes().vec(), parameter.name.size(), 0.4));
    loss_ = make_loss(config_.training, std::vector<std::int64_t>(kItems, 2));
    step_ = std::make_unique<SequenceStep>(config_, *embedding_, *loss_, kItems);
  }

  SequenceStep::Outcome run(Parameters& gradient, int threads = 2) {
    TestContext context(threads);
    return step_->run({items_, windows_, 5}, weights, gradient, context.threads);
  }
  double loss() {
    Parameters gradient = weights.zeros();
    const SequenceStep::Outcome outcome = run(gradient);
    return outcome.loss / static_cast<double>(outcome.rows);
  }

  Parameters weights;

 private:
  SequenceTraining config_;
  std::unique_ptr<ItemEmbedding> embedding_;
  std::unique_ptr<Loss> loss_;
  std::unique_ptr<SequenceStep> step_;
  std::vector<ItemIndex> items_ = {3, 1, 4, 1, 5, 8, 2, 6, 5, 3, 5, 7, 0};
  std::vector<Window> windows_ = {{0, 5}, {5, 8}, {8, 10}, {8, 13}};
};

class SequenceStepTest : public testing::TestWithParam<Case> {};

TEST_P(SequenceStepTest, HasTheGradientOfDifferences) {
  Fixture fixture(GetParam());
  Parameters gradient = fixture.weights.zeros();
  fixture.run(gradient);
  for (const Parameter& one : fixture.weights.list()) {
    // Which rows attention looks at moves the loss little (a softmax does not even see what is
    // added to all of its scores); attention_test.cc looks at that closely. All others must not be
    // too small to be wrong.
    const bool is_faint = one.name.find(".query.") != std::string::npos ||
                          one.name.find(".key.") != std::string::npos;
    const double largest = gradient[one.name].abs().max().item<double>();
    EXPECT_TRUE(is_faint || largest > 1e-2) << one.name << " " << largest;
    expect_gradient(one.name, one.value, gradient[one.name], [&] { return fixture.loss(); },
                    1e-3 + 0.01 * largest, {12, 2e-3});
  }
}

TEST_P(SequenceStepTest, IsTheSameForAnyNumberOfThreads) {
  Fixture fixture(GetParam());
  Parameters one = fixture.weights.zeros(), three = fixture.weights.zeros();
  EXPECT_EQ(fixture.run(one, 1).loss, fixture.run(three, 3).loss);
  for (const Parameter& parameter : one.list())
    EXPECT_EQ(std::memcmp(parameter.value.data_ptr(), three[parameter.name].data_ptr(),
                          parameter.value.nbytes()),
              0)
        << parameter.name;
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, SequenceStepTest,
    testing::Values(
        Case{"sasrec", "sasrec", {"dropout=0", "activation=gelu"}},
        Case{"dropout", "sasrec", {"dropout=0.3", "activation=gelu"}},
        Case{"post", "sasrec", {"dropout=0", "norm=post", "activation=gelu"}},
        Case{"bias", "sasrec", {"dropout=0", "output_bias=yes", "activation=gelu"}},
        Case{"normalised",
             "sasrec",
             {"dropout=0", "normalise=yes", "temperature=0.3", "activation=gelu"}},
        Case{"sampled", "sasrec", {"dropout=0", "loss=sampled", "negatives=7", "activation=gelu"}},
        Case{"side", "sasrec", {"dropout=0", "labels=yes", "vectors=yes", "activation=gelu"}},
        Case{"bert4rec", "bert4rec", {"dropout=0", "mask=0.5"}}),
    [](const auto& one) { return one.param.name; });

TEST(ItemEmbedding, SaysWhatIsMissing) {
  EXPECT_NE(ItemEmbedding::make({}, kMet, 0, true, false).status().message().find("labels=yes"),
            std::string::npos);
  EXPECT_NE(ItemEmbedding::make({}, kMet, 0, false, true).status().message().find("vectors=yes"),
            std::string::npos);
  ItemTable about = about_items();
  std::vector<float> broken(about.vectors.values.begin(), about.vectors.values.end());
  broken[7] = std::numeric_limits<float>::quiet_NaN();
  about.vectors.values = std::move(broken);
  const Status status = ItemEmbedding::make(about, kMet, 0, false, true).status();
  EXPECT_EQ(status.kind(), StatusKind::kDataInvalid);
  EXPECT_NE(status.message().find("item number 2 holds a number that is not finite"),
            std::string::npos);
}

TEST(ItemEmbedding, HasNothingForItemsOfWhichNothingIsLearned) {
  ItemTable about = about_items();
  // Items 3 (no label), 4 (a label that others have) and 8 (a label of its own) are not met.
  auto& artist = std::get<LabelAttribute>(about.attributes[0].values);
  artist.codes = std::vector<std::int32_t>{0, 1, 2, 0, 1, 2, 2, 0, 1, 3};
  artist.labels = StringArray({"a", "b", "c", "d"});
  const std::vector<std::int64_t> met = {1, 2, 3, 0, 0, 1, 1, 1, 0};
  const auto zero_rows = [&](bool labels, bool vectors) {
    const auto embedding = *ItemEmbedding::make(about, met, 0, labels, vectors);
    Parameters weights;
    embedding.add_parameters(weights, 4, 1);
    const at::Tensor rows = embedding.compose_known(weights);
    std::vector<std::int64_t> zero;
    for (std::int64_t item = 0; item < kItems; ++item)
      if (rows[item].abs().sum().item<float>() == 0) zero.push_back(item);
    return zero;
  };
  EXPECT_EQ(zero_rows(false, false), (std::vector<std::int64_t>{3, 4, 8}));
  EXPECT_EQ(zero_rows(true, false), (std::vector<std::int64_t>{3, 8}));
  EXPECT_EQ(zero_rows(true, true), (std::vector<std::int64_t>{}));
  const auto embedding = *ItemEmbedding::make(about, met, 0, true, false);
  const at::Tensor bias = at::arange(9, at::kFloat);
  EXPECT_EQ(embedding.known_bias(bias)[4].item<float>(), (0 + 1 + 2 + 5 + 6 + 7) / 6.F);
  EXPECT_EQ(embedding.known_bias(bias)[5].item<float>(), 5);
}

}  // namespace
}  // namespace crossfade
