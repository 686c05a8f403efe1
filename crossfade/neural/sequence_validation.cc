// Questions are answered some at a time, each group by one thread; see sequence_validation.h.
#include "crossfade/neural/sequence_validation.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <limits>
#include <numeric>

#include "crossfade/evaluation/metric_list.h"
#include "crossfade/neural/sequence_network.h"

namespace crossfade {
namespace {

constexpr std::int64_t kPlaces = 10;
constexpr std::size_t kQuestionsAtOnce = 32;

// The part of a history that the model would look at.
Window newest(const SequenceConfig& network, const Window& history) {
  return {history.end - network.window_of(history.size()), history.end};
}

// The target's place among all items, from 1; equal scores stand in the order of their index.
std::int64_t place_of(std::span<const float> scores, ItemIndex target) {
  const auto t = static_cast<std::size_t>(target);
  const float score = scores[t];
  std::int64_t before = 0;
  for (std::size_t i = 0; i < scores.size(); ++i)
    before += scores[i] > score || (scores[i] == score && i < t) ? 1 : 0;
  return before + 1;
}

class Judge {
 public:
  Judge(const ValidationInput& input, const UserMetric& metric) : input_(input), metric_(metric) {}

  void answer(std::span<const HeldOut> questions, std::span<const std::size_t> order,
              std::span<double> values) const {
    at::set_num_threads(1);
    const SequenceConfig& network = input_.config.network;
    std::vector<Window> histories;
    for (const std::size_t q : order) histories.push_back(newest(network, questions[q].history));
    const Packed packed =
        pack_histories(input_.items, histories,
                       {network.causal, network.length, 0, input_.tables.compared.size(0), 0});
    const at::Tensor places =
        at::from_blob(const_cast<std::int64_t*>(packed.items.data()),
                      {static_cast<std::int64_t>(packed.items.size())}, at::kLong);
    Dropout dropout = Dropout::off();
    const at::Tensor rows = ready_rows(
        network, run_network(network, input_.weights, input_.tables.entry.index_select(0, places),
                             packed, dropout));
    at::Tensor scores = at::mm(rows, input_.tables.compared.t());
    if (input_.tables.bias.defined()) scores.add_(input_.tables.bias);
    const auto num_items = static_cast<std::size_t>(scores.size(1));
    for (std::size_t i = 0; i < order.size(); ++i)
      values[order[i]] =
          value(questions[order[i]], {scores.data_ptr<float>() + i * num_items, num_items});
  }

 private:
  double value(const HeldOut& question, std::span<float> scores) const {
    raise_familiar(question, scores);
    if (!input_.config.training.repeats)
      for (std::int64_t at = question.first; at < question.history.end; ++at) {
        const ItemIndex seen = input_.items[static_cast<std::size_t>(at)];
        if (seen == question.target) return 0;  // it would not be shown again
        scores[static_cast<std::size_t>(seen)] = -std::numeric_limits<float>::infinity();
      }
    const std::int64_t place[1] = {place_of(scores, question.target)};
    return metric_.value({{}, std::span(place, place[0] <= kPlaces ? 1 : 0), 1}, kPlaces);
  }

  // Each item of earlier sessions once.
  void raise_familiar(const HeldOut& question, std::span<float> scores) const {
    const auto more = static_cast<float>(input_.config.network.familiar);
    if (more == 0) return;
    std::vector<ItemIndex> items(input_.items.begin() + question.first,
                                 input_.items.begin() + question.history.begin);
    std::sort(items.begin(), items.end());
    items.erase(std::unique(items.begin(), items.end()), items.end());
    for (const ItemIndex item : items) scores[static_cast<std::size_t>(item)] += more;
  }

  const ValidationInput& input_;
  const UserMetric& metric_;
};

}  // namespace

Result<double> validate(const ValidationInput& input, std::span<const HeldOut> held_out,
                        Context& context) {
  CROSSFADE_ASSIGN_OR_RETURN(const auto entries, find_metrics({"ndcg"}));
  const auto metric = entries[0].make_user({kPlaces, nullptr});
  std::vector<std::size_t> order(held_out.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto size = [&](std::size_t q) {
    return newest(input.config.network, held_out[q].history).size();
  };
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return size(a) > size(b); });
  std::vector<double> values(held_out.size());
  const Judge judge(input, *metric);
  context.threads.parallel_for(static_cast<std::int64_t>(order.size()), kQuestionsAtOnce,
                               [&](std::int64_t begin, std::int64_t end, int) {
                                 if (context.stop.load()) return;
                                 const auto some = std::span(order).subspan(
                                     static_cast<std::size_t>(begin),
                                     static_cast<std::size_t>(end - begin));
                                 judge.answer(held_out, some, values);
                               });
  CROSSFADE_RETURN_IF_ERROR(context.check_stop());
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

}  // namespace crossfade
