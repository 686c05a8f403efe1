// The network in training and the engine that serves it are two programs for one formula: for every
// kind of network their scores agree to 1e-4.
#include <gtest/gtest.h>

#include <cmath>
#include <memory>

#include "crossfade/models/sequence/sequence_model.h"
#include "crossfade/neural/sequence_network.h"
#include "crossfade/neural/sequence_step.h"
#include "crossfade/neural/test_gradients.h"

namespace crossfade {
namespace {

constexpr std::int64_t kItems = 40;

struct Case {
  std::string name, generator;
  std::vector<std::string> settings;
};

void PrintTo(const Case& one, std::ostream* out) {
  *out << one.name;
}

class EngineParity : public testing::TestWithParam<Case> {
 protected:
  void SetUp() override {
    std::vector<std::string> settings = {"dimensions=16", "hidden=24", "length=9", "heads=2"};
    settings.insert(settings.end(), GetParam().settings.begin(), GetParam().settings.end());
    config_.network = sequence_config(GetParam().generator);
    ASSERT_TRUE(apply_settings(config_, GetParam().generator, settings).ok());
    embedding_ = std::make_unique<ItemEmbedding>(*ItemEmbedding::make(
        {}, std::vector<std::int64_t>(kItems, 1), config_.network.causal ? 0 : 1, false, false));
    weights_ = make_network(config_.network, 3);
    embedding_->add_parameters(weights_, config_.network.dimensions, 3);
    if (config_.training.output_bias) weights_.add("output_bias", {kItems}, {}, 3);
    for (const Parameter& one : weights_.list())
      one.value.add_(random_tensor(one.value.sizes().vec(), one.name.size(), 0.3));
  }

  std::unique_ptr<Model> model() const {
    SequenceWeights served;
    served.num_items = kItems;
    for (const Parameter& one : weights_.list())
      served.tensors.emplace(one.name,
                             std::vector<float>(one.value.data_ptr<float>(),
                                                one.value.data_ptr<float>() + one.value.numel()));
    auto made =
        SequenceModel::make(GetParam().generator, "music", config_.network, std::move(served));
    EXPECT_TRUE(made.ok()) << made.status().message();
    return std::move(made).value();
  }

  // One row of scores, as validation makes them.
  at::Tensor scores(const std::vector<ItemIndex>& history) const {
    const auto size = static_cast<std::int64_t>(history.size());
    const std::vector<Window> window = {{size - config_.network.window_of(size), size}};
    const Packed packed = pack_histories(
        history, window, {config_.network.causal, config_.network.length, 0, kItems, 0});
    const ItemTables tables = make_item_tables(config_.network, *embedding_, weights_, kItems);
    at::Tensor places = at::tensor(packed.items, at::kLong);
    Dropout off = Dropout::off();
    const at::Tensor rows = ready_rows(
        config_.network,
        run_network(config_.network, weights_, tables.entry.index_select(0, places), packed, off));
    const at::Tensor made = at::mm(rows, tables.compared.t());
    return tables.bias.defined() ? made + tables.bias : made;
  }

  SequenceTraining config_;
  std::unique_ptr<ItemEmbedding> embedding_;
  Parameters weights_;
};

TEST_P(EngineParity, ScoresAgree) {
  const auto served = model();
  Rng rng(4);
  for (const std::size_t length : {1, 2, 7, 8, 9, 10, 25}) {
    std::vector<ItemIndex> items(length);
    for (ItemIndex& item : items) item = static_cast<ItemIndex>(rng.below(kItems));
    const std::vector<float> ones(length, 1);
    const History history{items, ones, {}, {}, {}};
    RecommendOptions options;
    options.k = kItems;
    options.keep_seen = true;
    const auto list = served->recommend({kUnknown, {&history, 1}}, 0, options);
    ASSERT_EQ(list.size(), static_cast<std::size_t>(kItems));
    const at::Tensor expected = scores(items);
    for (const ScoredItem& one : list) {
      const double wanted = expected[0][one.item].item<double>();
      EXPECT_NEAR(one.score, wanted, 1e-4 * std::max(1.0, std::abs(wanted)))
          << "item " << one.item << " after " << length;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, EngineParity,
    testing::Values(Case{"sasrec", "sasrec", {}},
                    Case{"post", "sasrec", {"norm=post", "scaled=no"}},
                    Case{"one_head", "sasrec", {"heads=1", "activation=gelu", "slide=0"}},
                    Case{"normalised", "sasrec", {"normalise=yes", "temperature=0.2"}},
                    Case{"bias", "sasrec", {"output_bias=yes", "blocks=3"}},
                    Case{"bert4rec", "bert4rec", {}},
                    Case{"bert4rec_scaled", "bert4rec", {"scaled=yes"}},
                    Case{"bert4rec_pre", "bert4rec", {"norm=pre", "output_bias=yes"}}),
    [](const auto& one) { return one.param.name; });

}  // namespace
}  // namespace crossfade
