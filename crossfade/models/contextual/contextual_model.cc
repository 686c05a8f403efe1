// Two tables and a search; see contextual_model.h.
#include "crossfade/models/contextual/contextual_model.h"

#include <algorithm>
#include <utility>

#include "crossfade/base/safetensors.h"
#include "crossfade/models/by_vector.h"
#include "crossfade/models/scored.h"
#include "crossfade/retrieval/quantized_index.h"

namespace crossfade {
namespace {

constexpr const char* kWeightsFile = "weights.safetensors";

Result<FactorMatrix> read_matrix(const Safetensors& file, const std::string& name,
                                 std::int64_t rows, std::int64_t dims) {
  FactorMatrix matrix{{}, rows, dims};
  CROSSFADE_ASSIGN_OR_RETURN(matrix.values, file.floats(name, {rows, dims}));
  return matrix;
}

}  // namespace

Result<std::unique_ptr<Model>> ContextualModel::make(const ContextualConfig& config,
                                                     std::string domain,
                                                     ContextualWeights weights) {
  CROSSFADE_RETURN_IF_ERROR(weights.start.check("the vectors of starting items"));
  CROSSFADE_RETURN_IF_ERROR(weights.track.check("the vectors of items"));
  if (config.users) CROSSFADE_RETURN_IF_ERROR(weights.user.check("the vectors of users"));
  if (weights.start.dims != config.dimensions || weights.track.dims != config.dimensions ||
      weights.start.rows != weights.track.rows ||
      (config.users ? weights.user.dims != config.dimensions : weights.user.rows != 0))
    return data_invalid("the matrices of this contextual model are not those of " +
                        std::to_string(config.dimensions) + " dimensions; train it again");
  std::unique_ptr<ContextualModel> model(
      new ContextualModel(config, std::move(domain), std::move(weights)));
  CROSSFADE_ASSIGN_OR_RETURN(QuantizedIndex index, QuantizedIndex::create(model->weights_.track));
  model->index_ = std::make_unique<QuantizedIndex>(std::move(index));
  return std::unique_ptr<Model>(std::move(model));
}

// A row of zeros is an item of which training learned nothing.
bool ContextualModel::knows(ItemIndex item) const {
  if (item < 0 || item >= num_items()) return false;
  const auto start = weights_.start.row(item);
  return std::any_of(start.begin(), start.end(), [](float number) { return number != 0; });
}

std::vector<float> ContextualModel::query(const UserView& view, std::size_t domain_index,
                                          const RecommendOptions& options) const {
  const History history = history_of(view, domain_index);
  std::size_t i = history.size();
  while (i > 0 && !knows(history.items[i - 1])) --i;
  if (i == 0) return {};
  const auto start = weights_.start.row(history.items[i - 1]);
  std::vector<float> query(start.begin(), start.end());
  if (options.stored_users && view.user >= 0 && view.user < weights_.user.rows) {
    const auto user = weights_.user.row(view.user);
    for (std::size_t d = 0; d < query.size(); ++d) query[d] += user[d];
  }
  return query;
}

std::vector<ScoredItem> ContextualModel::recommend(const UserView& view, std::size_t domain_index,
                                                   const RecommendOptions& options) const {
  return search_one(*index_, query(view, domain_index, options), history_of(view, domain_index),
                    options);
}

Result<Candidates> ContextualModel::recommend_batch(std::span<const UserView> views,
                                                    std::size_t domain_index,
                                                    const RecommendOptions& options,
                                                    Context& context) const {
  const auto query_of = [&](const UserView& view, int) {
    return query(view, domain_index, options);
  };
  CROSSFADE_ASSIGN_OR_RETURN(
      Candidates result, search_batch(*index_, views, domain_index, options, query_of, context));
  result.source_names = {"contextual"};
  return result;
}

std::vector<ScoredItem> ContextualModel::similar(ItemIndex item, std::int64_t k) const {
  if (!knows(item)) return {};
  const auto start = weights_.start.row(item);
  const std::vector<ItemIndex> itself{item};
  History history;
  history.items = itself;
  return search_one(*index_, {start.begin(), start.end()}, history, {k});
}

Status ContextualModel::save(ArtifactWriter& writer) const {
  writer.metadata().set("contextual", knobs_to_json(config_));
  CROSSFADE_ASSIGN_OR_RETURN(const std::string path, writer.make_place(kWeightsFile));
  const std::int64_t dims = config_.dimensions;
  std::vector<NamedTensor> tensors{{"start", {num_items(), dims}, weights_.start.values},
                                   {"track", {num_items(), dims}, weights_.track.values}};
  if (config_.users) tensors.push_back({"user", {weights_.user.rows, dims}, weights_.user.values});
  return write_safetensors(path, std::move(tensors));
}

Result<std::unique_ptr<Model>> load_contextual(const Artifact& artifact) {
  ContextualConfig config;
  CROSSFADE_RETURN_IF_ERROR(
      apply_settings(config, "contextual", settings_from_json(artifact.metadata()["contextual"])));
  CROSSFADE_ASSIGN_OR_RETURN(std::string domain, artifact.metadata().string_at("domain"));
  CROSSFADE_ASSIGN_OR_RETURN(const std::int64_t items, learned_items(artifact.metadata()));
  CROSSFADE_ASSIGN_OR_RETURN(const Safetensors file,
                             Safetensors::open(artifact.path_of(kWeightsFile)));
  ContextualWeights weights;
  CROSSFADE_ASSIGN_OR_RETURN(weights.start, read_matrix(file, "start", items, config.dimensions));
  CROSSFADE_ASSIGN_OR_RETURN(weights.track, read_matrix(file, "track", items, config.dimensions));
  if (config.users) {
    const std::int64_t users =
        file.has("user") && !file.shape("user").empty() ? file.shape("user")[0] : 0;
    CROSSFADE_ASSIGN_OR_RETURN(weights.user, read_matrix(file, "user", users, config.dimensions));
  }
  return ContextualModel::make(config, std::move(domain), std::move(weights));
}

}  // namespace crossfade
