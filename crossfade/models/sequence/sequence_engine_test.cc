// The engine against the formulas of sequence_config.h in double precision, written down as plainly
// as they stand there; and a window that grows against one that is read at once.
#include "crossfade/models/sequence/sequence_engine.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <string>

#include "crossfade/base/rng.h"
#include "crossfade/kernels/isa.h"
#include "crossfade/models/sequence/test_weights.h"

namespace crossfade {
namespace {

using Row = std::vector<double>;

// The network, without a thought for speed.
class PlainNetwork {
 public:
  PlainNetwork(const SequenceConfig& config, const SequenceWeights& weights)
      : config_(config), weights_(weights) {}

  Row answer(std::vector<ItemIndex> window) const {
    if (!config_.causal) window.push_back(static_cast<ItemIndex>(weights_.num_items));
    std::vector<Row> x;
    for (std::size_t p = 0; p < window.size(); ++p) {
      Row row = row_of("item_embedding", static_cast<std::size_t>(window[p]));
      for (double& value : row) value *= config_.scaled ? std::sqrt(double(config_.dimensions)) : 1;
      add(row, row_of("position_embedding", p));
      x.push_back(row);
    }
    const bool pre = config_.norm == "pre";
    for (std::int64_t n = 0; n < config_.blocks; ++n) {
      const std::string block = "block." + std::to_string(n) + ".";
      const auto attended =
          attention(block + "attention.", pre ? norm(block + "attention_norm", x) : x);
      for (std::size_t p = 0; p < x.size(); ++p) add(x[p], attended[p]);
      if (!pre) x = norm(block + "attention_norm", x);
      const auto read = pre ? norm(block + "feed_forward_norm", x) : x;
      for (std::size_t p = 0; p < x.size(); ++p) {
        Row inside = linear(block + "feed_forward.in", read[p]);
        for (double& value : inside)
          value = config_.activation == "relu" ? std::max(value, 0.0)
                                               : value * 0.5 * std::erfc(-value / std::sqrt(2.0));
        add(x[p], linear(block + "feed_forward.out", inside));
      }
      if (!pre) x = norm(block + "feed_forward_norm", x);
    }
    return pre ? norm("norm", x).back() : x.back();
  }

 private:
  static void add(Row& to, const Row& more) {
    for (std::size_t i = 0; i < to.size(); ++i) to[i] += more[i];
  }
  Row row_of(const std::string& name, std::size_t row) const {
    const auto dims = static_cast<std::size_t>(config_.dimensions);
    const auto values = weights_[name].span().subspan(row * dims, dims);
    return Row(values.begin(), values.end());
  }
  Row linear(const std::string& name, const Row& in) const {
    const Array<float>&weight = weights_[name + ".weight"], &bias = weights_[name + ".bias"];
    Row out(bias.begin(), bias.end());
    for (std::size_t o = 0; o < out.size(); ++o)
      for (std::size_t i = 0; i < in.size(); ++i) out[o] += weight[o * in.size() + i] * in[i];
    return out;
  }
  std::vector<Row> norm(const std::string& name, std::vector<Row> x) const {
    for (Row& row : x) {
      double mean = 0, variance = 0;
      for (const double value : row) mean += value / static_cast<double>(row.size());
      for (const double value : row)
        variance += (value - mean) * (value - mean) / static_cast<double>(row.size());
      for (std::size_t i = 0; i < row.size(); ++i)
        row[i] = (row[i] - mean) / std::sqrt(variance + kLayerNormEpsilon) *
                     weights_[name + ".weight"][i] +
                 weights_[name + ".bias"][i];
    }
    return x;
  }
  std::vector<Row> attention(const std::string& name, const std::vector<Row>& x) const {
    const auto dims = static_cast<std::size_t>(config_.dimensions);
    const std::size_t head = dims / static_cast<std::size_t>(config_.heads);
    std::vector<Row> queries, keys, values, out;
    for (const Row& row : x) {
      queries.push_back(linear(name + "query", row));
      keys.push_back(linear(name + "key", row));
      values.push_back(linear(name + "value", row));
    }
    for (std::size_t p = 0; p < x.size(); ++p) {
      Row mixed(dims);
      const std::size_t seen = config_.causal ? p + 1 : x.size();
      for (std::size_t first = 0; first < dims; first += head) {
        Row share(seen);
        double sum = 0;
        for (std::size_t s = 0; s < seen; ++s) {
          double product = 0;
          for (std::size_t i = first; i < first + head; ++i) product += queries[p][i] * keys[s][i];
          sum += share[s] = std::exp(product / std::sqrt(static_cast<double>(head)));
        }
        for (std::size_t s = 0; s < seen; ++s)
          for (std::size_t i = first; i < first + head; ++i)
            mixed[i] += share[s] / sum * values[s][i];
      }
      out.push_back(linear(name + "out", mixed));
    }
    return out;
  }

  const SequenceConfig& config_;
  const SequenceWeights& weights_;
};

constexpr std::int64_t kItems = 50;

std::vector<ItemIndex> random_window(std::size_t size, std::uint64_t seed) {
  Rng rng(seed);
  std::vector<ItemIndex> window;
  for (std::size_t i = 0; i < size; ++i)
    window.push_back(static_cast<ItemIndex>(rng.below(kItems)));
  return window;
}

std::vector<float> answer_of(const SequenceEngine& engine, std::span<const ItemIndex> window) {
  SequenceState state;
  SequenceScratch scratch;
  engine.read(window, state, scratch);
  const auto answer = engine.answer(state);
  return {answer.begin(), answer.end()};
}

std::vector<SequenceConfig> shapes() {
  std::vector<SequenceConfig> shapes;
  for (const bool causal : {true, false})
    for (const char* norm : {"pre", "post"})
      for (const std::int64_t heads : {1, 5}) {
        SequenceConfig config = causal ? sasrec_config() : bert4rec_config();
        config.dimensions = 50;
        config.heads = heads;
        config.blocks = heads == 1 ? 1 : 3;
        config.length = 60;
        config.norm = norm;
        config.scaled = causal;
        config.activation = heads == 1 ? "relu" : "gelu";
        config.hidden = heads == 1 ? 0 : 130;
        shapes.push_back(config);
      }
  return shapes;
}

class SequenceEngineTest : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override { ASSERT_TRUE(kernels::choose_isa(GetParam().c_str()).ok()); }
  void TearDown() override { ASSERT_TRUE(kernels::choose_isa(nullptr).ok()); }
};

TEST_P(SequenceEngineTest, IsTheNetworkOfTheFormulas) {
  for (const SequenceConfig& config : shapes()) {
    const SequenceWeights weights = random_weights(config, kItems, 3);
    const SequenceEngine engine(config, weights);
    const PlainNetwork plain(config, weights);
    for (const std::size_t size : {1, 2, 16, 17, 59}) {
      const auto window = random_window(size, size);
      const auto answer = answer_of(engine, window);
      const Row exact = plain.answer(window);
      ASSERT_EQ(answer.size(), exact.size());
      for (std::size_t i = 0; i < exact.size(); ++i) ASSERT_NEAR(answer[i], exact[i], 1e-4) << size;
    }
  }
}

TEST_P(SequenceEngineTest, AWindowThatGrowsGivesTheSameBytes) {
  for (const SequenceConfig& config : shapes()) {
    const SequenceEngine engine(config, random_weights(config, kItems, 4));
    const auto items = random_window(59, 9);
    SequenceState state;
    SequenceScratch scratch;
    for (std::size_t size = 1; size <= items.size(); size += size % 7 == 0 ? 3 : 1) {
      const auto window = std::span(items).first(size);
      engine.read(window, state, scratch);
      const auto grown = engine.answer(state);
      const auto at_once = answer_of(engine, window);
      ASSERT_EQ(std::memcmp(grown.data(), at_once.data(), grown.size_bytes()), 0) << size;
    }
    // A state that has read another window begins again.
    const auto other = random_window(20, 10);
    engine.read(other, state, scratch);
    const auto at_once = answer_of(engine, other);
    EXPECT_EQ(std::memcmp(engine.answer(state).data(), at_once.data(), 50 * sizeof(float)), 0);
  }
}

INSTANTIATE_TEST_SUITE_P(Isa, SequenceEngineTest, ::testing::ValuesIn(kernels::supported_isas()),
                         [](const auto& isa) { return isa.param; });

}  // namespace
}  // namespace crossfade
