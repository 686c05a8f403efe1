// Parts, lanes and their sums; see sequence_step.h.
#include "crossfade/neural/sequence_step.h"

#include <ATen/Parallel.h>
#include <ATen/autocast_mode.h>
#include <torch/csrc/autograd/autograd.h>

#include <algorithm>
#include <utility>

#include "crossfade/base/rng.h"
#include "crossfade/neural/sequence_network.h"

namespace crossfade {
namespace {

// Rows of a part: about kRowsAtOnce of a large batch, which the cache holds; of a small one at
// least kFewestRows, and so many that comparing them with items costs kLaneCosts times what one
// more lane's table of items does.
constexpr std::int64_t kRowsAtOnce = 1536, kFewestRows = 256, kLaneCosts = 8;
constexpr double kSmallestLength = 1e-12;
constexpr std::uint64_t kDropoutStream = 1, kSampleStream = 2;
const std::string kItems = "item_embedding", kBias = "output_bias";

bool is_of_items(const std::string& name) {
  return name == kItems || name == kBias || name.rfind("side.", 0) == 0;
}

Questions questions_of(const SequenceTraining& config, std::int64_t num_items, std::uint64_t seed) {
  return {config.network.causal, config.network.length, config.training.mask, num_items, seed};
}

// While it lives, this thread's products on an accelerator are made in bfloat16.
class MixedPrecision {
 public:
  explicit MixedPrecision(const Execution& execution) : on_(execution.mixed) {
    if (!on_) return;
    at::autocast::set_autocast_dtype(device_, at::kBFloat16);
    at::autocast::set_autocast_enabled(device_, true);
  }
  ~MixedPrecision() {
    if (!on_) return;
    at::autocast::set_autocast_enabled(device_, false);
    at::autocast::clear_cache();
  }
  MixedPrecision(const MixedPrecision&) = delete;
  MixedPrecision& operator=(const MixedPrecision&) = delete;

 private:
  static constexpr at::DeviceType device_ = at::kCUDA;
  bool on_;
};

at::Tensor lengths(const at::Tensor& rows) {
  return at::linalg_vector_norm(rows, 2, at::IntArrayRef{1}, true).clamp_min(kSmallestLength);
}

// The gradient by rows of what the gradient by rows / |rows| is: its part across them, by |rows|.
at::Tensor through_lengths(const at::Tensor& rows, const at::Tensor& gradient) {
  const at::Tensor length = lengths(rows);
  const at::Tensor unit = rows / length;
  return (gradient - unit * (unit * gradient).sum(1, true)) / length;
}

}  // namespace

ItemTables make_item_tables(const SequenceConfig& network, const ItemEmbedding& embedding,
                            const Parameters& weights, std::int64_t num_items) {
  ItemTables tables;
  tables.entry = embedding.compose(weights);
  tables.compared = tables.entry.narrow(0, 0, num_items);
  if (network.normalise) tables.compared = tables.compared / lengths(tables.compared);
  if (weights.has(kBias)) tables.bias = weights[kBias];
  return tables;
}

at::Tensor ready_rows(const SequenceConfig& network, const at::Tensor& rows) {
  return network.normalise ? rows / (lengths(rows) * network.temperature) : rows;
}

SequenceStep::SequenceStep(const SequenceTraining& config, const ItemEmbedding& embedding,
                           const Loss& loss, std::int64_t num_items, Execution execution)
    : config_(config),
      embedding_(embedding),
      loss_(loss),
      num_items_(num_items),
      execution_(execution) {}

void SequenceStep::prepare(const Parameters& weights, const ItemTables& tables) {
  if (!lanes_.empty()) return;
  const std::int64_t lanes = execution_.on_cpu() ? kLanes : 1;
  for (std::int64_t l = 0; l < lanes; ++l) {
    Lane lane;
    for (const Parameter& one : weights.list())
      if (!is_of_items(one.name)) lane.network.add(one.name, at::zeros_like(one.value));
    lane.entry = at::zeros_like(tables.entry);
    lane.compared = config_.network.normalise ? at::zeros_like(tables.compared)
                                              : lane.entry.narrow(0, 0, num_items_);
    if (tables.bias.defined()) lane.bias = at::zeros_like(tables.bias);
    lanes_.push_back(std::move(lane));
  }
}

std::int64_t SequenceStep::num_parts(std::int64_t rows) const {
  if (!execution_.on_cpu()) return 1;
  const std::int64_t fewest = std::max(kFewestRows, kLaneCosts * num_items_ / loss_.compared());
  return std::max(
      {std::int64_t{1}, (rows + kRowsAtOnce / 2) / kRowsAtOnce, std::min(kLanes, rows / fewest)});
}

std::vector<Packed> SequenceStep::pack_parts(const Batch& batch, ThreadPool& threads) const {
  const std::vector<Window> sorted = longest_first(batch.windows);
  std::int64_t rows = 0;
  for (const Window& window : sorted) rows += std::min(window.size(), config_.network.length);
  const std::int64_t wanted = num_parts(rows);
  const auto cuts = cut_by_rows(sorted, (rows + wanted - 1) / wanted);
  std::vector<Packed> parts(cuts.size());
  const Questions questions = questions_of(config_, num_items_, batch.seed);
  threads.parallel_for(static_cast<std::int64_t>(cuts.size()), 1,
                       [&](std::int64_t begin, std::int64_t, int) {
                         const auto i = static_cast<std::size_t>(begin);
                         parts[i] = pack(batch.items, cuts[i], questions);
                       });
  return parts;
}

void SequenceStep::learn(const Packed& packed, const Parameters& weights, const ItemTables& tables,
                         double scale, std::uint64_t seed, Lane& lane) const {
  at::set_num_threads(1);  // of this thread: a part is one thread's work
  Parameters leaves;
  for (const Parameter& one : weights.list())
    if (!is_of_items(one.name)) leaves.add(one.name, one.value.detach().set_requires_grad(true));
  const at::Tensor places = indices_for(tables.entry, packed.items);
  const at::Tensor embedded = tables.entry.index_select(0, places).set_requires_grad(true);
  Dropout dropout(config_.training.dropout, mix64(seed + kDropoutStream));
  if (!execution_.on_cpu()) at::manual_seed(seed);
  at::Tensor rows;
  {
    const MixedPrecision mixed(execution_);
    rows = run_network(config_.network, leaves, embedded, packed, dropout);
  }
  rows = ready_rows(config_.network, rows.to(at::kFloat));
  LossSums sums{lane.compared, lane.bias};
  at::Tensor by_rows;
  lane.loss += loss_({rows.detach(), tables.compared, tables.bias, packed.targets, scale}, sums,
                     by_rows, Rng(seed, kSampleStream));
  std::vector<at::Tensor> inputs{embedded};
  for (const Parameter& one : leaves.list()) inputs.push_back(one.value);
  const auto gradients = torch::autograd::grad({rows}, inputs, {by_rows});
  lane.entry.index_add_(0, places, gradients[0]);
  for (std::size_t i = 0; i < leaves.list().size(); ++i)
    lane.network.list()[i].value.add_(gradients[i + 1]);
}

void SequenceStep::sum_lanes(std::int64_t lanes, const Parameters& weights,
                             const ItemTables& tables, Parameters& gradient, ThreadPool& threads) {
  // Blocks of rows, so that all threads share a large table; other tensors are small.
  const auto sum = [&](const auto& of_lane, const at::Tensor& into) {
    constexpr std::int64_t kBlock = 1024;
    threads.parallel_for(into.size(0), kBlock, [&](std::int64_t begin, std::int64_t end, int) {
      at::set_num_threads(1);
      at::Tensor rows = into.narrow(0, begin, end - begin);
      for (std::int64_t l = 0; l < lanes; ++l) {
        at::Tensor part =
            of_lane(lanes_[static_cast<std::size_t>(l)]).narrow(0, begin, end - begin);
        rows.add_(part);
        part.zero_();
      }
    });
  };
  for (const Parameter& one : lanes_[0].network.list())
    sum([&](const Lane& lane) { return lane.network[one.name]; }, gradient[one.name]);
  if (tables.bias.defined()) sum([](const Lane& lane) { return lane.bias; }, gradient[kBias]);
  sum([](const Lane& lane) { return lane.entry; }, gradient[kItems]);
  if (config_.network.normalise) {
    at::Tensor compared = at::zeros_like(tables.compared);
    sum([](const Lane& lane) { return lane.compared; }, compared);
    gradient[kItems]
        .narrow(0, 0, num_items_)
        .add_(through_lengths(embedding_.compose(weights).narrow(0, 0, num_items_), compared));
  }
  embedding_.spread(gradient[kItems], gradient);
}

SequenceStep::Outcome SequenceStep::run(const Batch& batch, const Parameters& weights,
                                        Parameters& gradient, ThreadPool& threads) {
  const ItemTables tables = make_item_tables(config_.network, embedding_, weights, num_items_);
  prepare(weights, tables);
  const std::vector<Packed> parts = pack_parts(batch, threads);
  Outcome outcome;
  for (const Packed& part : parts) outcome.rows += static_cast<std::int64_t>(part.scored.size());
  const double scale = 1 / static_cast<double>(outcome.rows);
  const auto count = static_cast<std::int64_t>(parts.size());
  const std::int64_t lanes = std::min(kLanes, count);
  threads.parallel_for(lanes, 1, [&](std::int64_t lane, std::int64_t, int) {
    Lane& mine = lanes_[static_cast<std::size_t>(lane)];
    mine.loss = 0;
    for (std::int64_t part = lane * count / lanes; part < (lane + 1) * count / lanes; ++part)
      learn(parts[static_cast<std::size_t>(part)], weights, tables, scale,
            mix64(batch.seed ^ mix64(static_cast<std::uint64_t>(part))), mine);
  });
  for (std::int64_t l = 0; l < lanes; ++l) outcome.loss += lanes_[static_cast<std::size_t>(l)].loss;
  sum_lanes(lanes, weights, tables, gradient, threads);
  return outcome;
}

}  // namespace crossfade
