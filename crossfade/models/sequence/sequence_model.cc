// Windows, the matrix that is searched, and the way to disk; see sequence_model.h.
#include "crossfade/models/sequence/sequence_model.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "crossfade/kernels/dot.h"
#include "crossfade/models/by_vector.h"
#include "crossfade/models/scored.h"
#include "crossfade/retrieval/quantized_index.h"

namespace crossfade {
namespace {

constexpr const char* kWeightsFile = "weights.safetensors";
constexpr std::size_t kStatesBytes = 64 << 20;
constexpr std::size_t kWorthKeeping = 32;  // items; shorter windows are read again as fast

float inverse_length(std::span<const float> row) {
  const float square = kernels::dot(row, row);
  return square > 0 ? 1 / std::sqrt(square) : 0;
}

// One row per item such that a row times query() is its score: the embedding, of length 1 if the
// knobs say so, and behind it the item's bias if there is one.
FactorMatrix scoring_rows(const SequenceConfig& config, const SequenceWeights& weights) {
  const Array<float>& table = weights["item_embedding"];
  const auto dims = static_cast<std::size_t>(config.dimensions);
  const auto items = static_cast<std::size_t>(weights.num_items);
  const std::size_t width = dims + (weights.has_bias() ? 1 : 0);
  FactorMatrix rows{{}, weights.num_items, static_cast<std::int64_t>(width)};
  if (!config.normalise && !weights.has_bias()) {  // as they lie in the file, but for the mask
    rows.values = {table.span().first(items * dims), std::make_shared<Array<float>>(table)};
    return rows;
  }
  std::vector<float> values;
  values.reserve(items * width);
  for (std::size_t item = 0; item < items; ++item) {
    const auto row = table.span().subspan(item * dims, dims);
    const float scale = config.normalise ? inverse_length(row) : 1;
    for (const float value : row) values.push_back(value * scale);
    if (weights.has_bias()) values.push_back(weights["output_bias"][item]);
  }
  rows.values = std::move(values);
  return rows;
}

// 1 for items whose numbers are all zero; empty if there are none.
std::vector<std::uint8_t> unknown_items(const SequenceWeights& weights, std::int64_t dimensions) {
  const auto table = weights["item_embedding"].span();
  const auto dims = static_cast<std::size_t>(dimensions);
  std::vector<std::uint8_t> unknown(static_cast<std::size_t>(weights.num_items));
  bool any = false;
  for (std::size_t item = 0; item < unknown.size(); ++item) {
    const auto row = table.subspan(item * dims, dims);
    unknown[item] = std::all_of(row.begin(), row.end(), [](float value) { return value == 0; });
    any = any || unknown[item];
  }
  if (!any) unknown.clear();
  return unknown;
}

bool is_hidden(const RecommendOptions& options, ItemIndex item) {
  const auto at = static_cast<std::size_t>(item);
  return at < options.hidden.size() && options.hidden[at] != 0;
}

// Room for one thread; its memory is used again.
struct Workspace {
  SequenceState state;
  SequenceScratch scratch;
  std::vector<ItemIndex> window;
  std::vector<float> query;
};
Workspace& workspace() {
  thread_local Workspace of_thread;
  return of_thread;
}

Result<std::unique_ptr<Model>> load(const Artifact& artifact, const std::string& generator) {
  SequenceConfig config = sequence_config(generator);
  CROSSFADE_RETURN_IF_ERROR(
      apply_settings(config, generator, settings_from_json(artifact.metadata()[generator])));
  CROSSFADE_ASSIGN_OR_RETURN(std::string domain, artifact.metadata().string_at("domain"));
  CROSSFADE_ASSIGN_OR_RETURN(const std::int64_t items, learned_items(artifact.metadata()));
  if (items < 1 || items >= INT32_MAX)
    return data_invalid("a model of " + std::to_string(items) + " items is none");
  CROSSFADE_RETURN_IF_ERROR(config.check(generator));
  CROSSFADE_ASSIGN_OR_RETURN(SequenceWeights weights,
                             read_weights(artifact.path_of(kWeightsFile), config, items));
  return SequenceModel::make(generator, std::move(domain), config, std::move(weights));
}

}  // namespace

SequenceConfig sequence_config(const std::string& generator) {
  return generator == "bert4rec" ? bert4rec_config() : sasrec_config();
}

SequenceModel::SequenceModel(std::string generator, std::string domain,
                             const SequenceConfig& config, SequenceWeights weights)
    : generator_(std::move(generator)),
      domain_(std::move(domain)),
      engine_(config, std::move(weights)),
      states_(std::make_unique<SequenceStates>(config.causal ? kStatesBytes / engine_.state_bytes()
                                                             : 0)) {}

Result<std::unique_ptr<Model>> SequenceModel::make(const std::string& generator, std::string domain,
                                                   const SequenceConfig& config,
                                                   SequenceWeights weights) {
  CROSSFADE_RETURN_IF_ERROR(config.check(generator));
  CROSSFADE_RETURN_IF_ERROR(check_weights(config, weights));
  const FactorMatrix rows = scoring_rows(config, weights);
  CROSSFADE_ASSIGN_OR_RETURN(QuantizedIndex index, QuantizedIndex::create(rows));
  std::vector<std::uint8_t> unknown = unknown_items(weights, config.dimensions);
  std::unique_ptr<SequenceModel> model(
      new SequenceModel(generator, std::move(domain), config, std::move(weights)));
  model->index_ = std::make_unique<QuantizedIndex>(std::move(index));
  model->unknown_ = std::move(unknown);
  return std::unique_ptr<Model>(std::move(model));
}

bool SequenceModel::counts(const History& history, std::size_t row) const {
  const ItemIndex item = history.items[row];
  return item >= 0 && item < num_items() && history.weights[row] > 0 && knows(item);
}

std::size_t SequenceModel::first_read(const History& history) const {
  if (!engine_.config().by_session()) return 0;
  std::size_t row = history.size();
  while (row > 0 && !counts(history, row - 1)) --row;
  while (row > 1 && !ends_session(history, row - 2, engine_.config().gap_minutes)) --row;
  return row > 0 ? row - 1 : 0;
}

std::vector<ItemIndex> SequenceModel::window_of(const History& history) const {
  std::vector<ItemIndex> room;
  const std::span<const ItemIndex> window = window_of(history, room);
  return {window.begin(), window.end()};
}

std::span<const ItemIndex> SequenceModel::window_of(const History& history,
                                                    std::vector<ItemIndex>& room) const {
  const auto known = static_cast<std::uint32_t>(num_items());
  const std::size_t first = first_read(history);
  const auto items = history.items.subspan(first);
  const auto weights = history.weights.subspan(first);
  std::uint32_t passed_over = 0;  // kUnknown is beyond all that are known
  for (std::size_t i = 0; i < items.size(); ++i)
    passed_over |= (static_cast<std::uint32_t>(items[i]) >= known) | !(weights[i] > 0);
  if (passed_over == 0 && unknown_.empty()) {  // as nearly always: nothing to copy
    const auto window = engine_.config().window_of(static_cast<std::int64_t>(items.size()));
    return items.last(static_cast<std::size_t>(window));
  }
  if (room.size() < items.size()) room.resize(items.size());
  std::size_t count = 0;
  for (std::size_t i = 0; i < items.size(); ++i) {
    room[count] = items[i];
    count += (static_cast<std::uint32_t>(items[i]) < known) & (weights[i] > 0);
  }
  if (!unknown_.empty())
    count = static_cast<std::size_t>(
        std::remove_if(room.begin(), room.begin() + static_cast<std::ptrdiff_t>(count),
                       [&](ItemIndex item) { return !knows(item); }) -
        room.begin());
  const auto window = engine_.config().window_of(static_cast<std::int64_t>(count));
  return std::span<const ItemIndex>(room).first(count).last(static_cast<std::size_t>(window));
}

RecommendOptions SequenceModel::of_known(const RecommendOptions& options,
                                         std::vector<std::uint8_t>& room) const {
  RecommendOptions narrowed = options;
  if (unknown_.empty()) return narrowed;
  narrowed.hidden = unknown_;
  if (options.hidden.empty()) return narrowed;
  room.assign(options.hidden.begin(), options.hidden.end());
  room.resize(std::max(room.size(), unknown_.size()));
  for (std::size_t item = 0; item < unknown_.size(); ++item) room[item] |= unknown_[item];
  narrowed.hidden = room;
  return narrowed;
}

std::vector<ItemIndex> SequenceModel::familiar(const History& history) const {
  std::vector<ItemIndex> met;
  if (engine_.config().familiar == 0) return met;
  for (std::size_t row = 0; row < first_read(history); ++row)
    if (counts(history, row)) met.push_back(history.items[row]);
  std::sort(met.begin(), met.end());
  met.erase(std::unique(met.begin(), met.end()), met.end());
  return met;
}

void SequenceModel::raise_familiar(const History& history, std::span<const float> query,
                                   const RecommendOptions& options,
                                   std::vector<ScoredItem>& list) const {
  if (list.empty() || !options.keep_seen) return;
  const std::vector<ItemIndex> met = familiar(history);
  if (met.empty()) return;
  const auto is_met = [&](const ScoredItem& scored) {
    return std::binary_search(met.begin(), met.end(), scored.item);
  };
  std::erase_if(list, is_met);
  const auto more = static_cast<float>(engine_.config().familiar);
  for (const ItemIndex item : met)
    if (!is_hidden(options, item))
      list.push_back({item, kernels::dot(query, index_->items().row(item)) + more});
  keep_best(list, options.k);
}

std::span<const float> SequenceModel::query(const SequenceState& state,
                                            std::vector<float>& room) const {
  const auto answer = engine_.answer(state);
  const bool bias = index_->items().dims > std::ssize(answer);
  if (!engine_.config().normalise && !bias) return answer;
  room.assign(answer.begin(), answer.end());
  if (engine_.config().normalise) {
    const float scale = inverse_length(answer) / static_cast<float>(engine_.config().temperature);
    for (float& value : room) value *= scale;
  }
  if (bias) room.push_back(1);
  return room;
}

std::vector<float> SequenceModel::query(std::span<const ItemIndex> window) const {
  if (window.empty()) return {};
  Workspace& room = workspace();
  room.state.items.clear();  // it may be another model's
  engine_.read(window, room.state, room.scratch);
  const std::span<const float> asked = query(room.state, room.query);
  return {asked.begin(), asked.end()};
}

std::vector<ScoredItem> SequenceModel::recommend(const UserView& view, std::size_t domain_index,
                                                 const RecommendOptions& options) const {
  const History history = history_of(view, domain_index);
  Workspace& room = workspace();
  const std::span<const ItemIndex> window = window_of(history, room.window);
  if (window.empty() || options.k < 1) return {};
  engine_.ask_for_last(window);
  std::vector<std::uint8_t> hidden;
  const RecommendOptions narrowed = of_known(options, hidden);
  const auto search = [&](std::span<const float> asked) {
    auto list = search_one(*index_, asked, history, narrowed);
    raise_familiar(history, asked, narrowed, list);
    return list;
  };
  if (window.size() < kWorthKeeping || !engine_.config().causal) return search(query(window));
  SequenceState state = states_->take(window);
  engine_.read(window, state, room.scratch);
  auto list = search(query(state, room.query));
  states_->give_back(std::move(state));
  return list;
}

Result<Candidates> SequenceModel::recommend_batch(std::span<const UserView> views,
                                                  std::size_t domain_index,
                                                  const RecommendOptions& options,
                                                  Context& context) const {
  if (engine_.config().familiar > 0 && options.keep_seen)  // what is raised differs by user
    return Model::recommend_batch(views, domain_index, options, context);
  const auto query_of = [&](const UserView& view, int) {
    return query(window_of(history_of(view, domain_index)));
  };
  std::vector<std::uint8_t> room;
  CROSSFADE_ASSIGN_OR_RETURN(
      Candidates result,
      search_batch(*index_, views, domain_index, of_known(options, room), query_of, context));
  result.source_names = {generator_};
  return result;
}

std::vector<ScoredItem> SequenceModel::similar(ItemIndex item, std::int64_t k) const {
  if (item < 0 || item >= num_items()) return {};
  const auto dims = static_cast<std::size_t>(engine_.config().dimensions);
  const auto table = engine_.weights()["item_embedding"].span();
  const auto row = [&](std::int64_t i) {
    return table.subspan(static_cast<std::size_t>(i) * dims, dims);
  };
  std::vector<float> products(static_cast<std::size_t>(num_items()));
  kernels::dot_rows(row(item), table.data(), products);
  const float inverse = inverse_length(row(item));
  std::vector<ScoredItem> scored;
  for (ItemIndex i = 0; i < num_items(); ++i)
    if (const float other = inverse_length(row(i)); i != item && other > 0)
      scored.push_back({i, products[static_cast<std::size_t>(i)] * other * inverse});
  if (inverse == 0) scored.clear();
  keep_best(scored, k);
  return scored;
}

std::vector<ScoredItem> SequenceModel::explain(const UserView& view, std::size_t domain_index,
                                               ItemIndex item, std::int64_t k) const {
  if (item < 0 || item >= num_items()) return {};
  const auto score_after = [&](std::span<const ItemIndex> window) {
    const std::vector<float> asked = query(window);
    return asked.empty() ? 0.0F : kernels::dot(asked, index_->items().row(item));
  };
  const History history = history_of(view, domain_index);
  const std::vector<ItemIndex> window = window_of(history), met = familiar(history);
  const float whole = score_after(window);
  std::vector<ItemIndex> others = window;
  std::sort(others.begin(), others.end());
  others.erase(std::unique(others.begin(), others.end()), others.end());
  const bool raised = std::binary_search(met.begin(), met.end(), item);
  const auto more = raised ? static_cast<float>(engine_.config().familiar) : 0.0F;
  if (raised && !std::binary_search(others.begin(), others.end(), item)) others.push_back(item);
  std::vector<ScoredItem> scored;
  for (const ItemIndex other : others) {
    std::vector<ItemIndex> without = window;
    std::erase(without, other);
    scored.push_back({other, whole - score_after(without) + (other == item ? more : 0)});
  }
  keep_best(scored, k);
  return scored;
}

Status SequenceModel::save(ArtifactWriter& writer) const {
  writer.metadata().set(generator_, knobs_to_json(engine_.config()));
  CROSSFADE_ASSIGN_OR_RETURN(const std::string path, writer.make_place(kWeightsFile));
  return write_weights(path, engine_.config(), engine_.weights());
}

Result<std::unique_ptr<Model>> load_sasrec(const Artifact& artifact) {
  return load(artifact, "sasrec");
}

Result<std::unique_ptr<Model>> load_bert4rec(const Artifact& artifact) {
  return load(artifact, "bert4rec");
}

}  // namespace crossfade
