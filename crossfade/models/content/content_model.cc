// The mean of a history's vectors as a query; see content_model.h.
#include "crossfade/models/content/content_model.h"

#include <algorithm>
#include <cmath>

#include "crossfade/base/at.h"
#include "crossfade/kernels/dot.h"
#include "crossfade/models/by_vector.h"
#include "crossfade/models/neighbours/sums.h"
#include "crossfade/models/scored.h"
#include "crossfade/retrieval/quantized_index.h"

namespace crossfade {

Result<std::unique_ptr<Model>> ContentModel::make(const ContentConfig& config, std::string domain,
                                                  FactorMatrix items) {
  CROSSFADE_RETURN_IF_ERROR(items.check("the vectors of this content model"));
  std::unique_ptr<ContentModel> model(
      new ContentModel(config, std::move(domain), std::move(items)));
  for (std::int64_t item = 0; item < model->items_.rows; ++item) {
    const float square = kernels::dot(model->items_.row(item), model->items_.row(item));
    model->inverse_norms_.push_back(square > 0 ? 1 / std::sqrt(square) : 0);
  }
  CROSSFADE_ASSIGN_OR_RETURN(QuantizedIndex index, QuantizedIndex::create(model->items_));
  model->index_ = std::make_unique<QuantizedIndex>(std::move(index));
  return std::unique_ptr<Model>(std::move(model));
}

std::vector<ScoredItem> ContentModel::weigh(const History& history) const {
  SparseSums sums;
  std::vector<ScoredItem> weighed = config_.use.weigh(history, num_items(), sums);
  std::erase_if(weighed, [&](const ScoredItem& one) { return inverse_norms_[at(one.item)] == 0; });
  return weighed;
}

std::vector<float> ContentModel::query(const History& history) const {
  std::vector<float> mean(at(items_.dims));
  for (const ScoredItem& one : weigh(history)) {
    const auto row = items_.row(one.item);
    const float share = one.score * inverse_norms_[at(one.item)];
    for (std::size_t d = 0; d < mean.size(); ++d) mean[d] += share * row[d];
  }
  const float square = kernels::dot(mean, mean);
  if (!(square > 0)) return {};
  for (float& entry : mean) entry /= std::sqrt(square);
  return mean;
}

std::vector<std::uint8_t> ContentModel::never_answered(HiddenItems hidden) const {
  std::vector<std::uint8_t> never(inverse_norms_.size());
  for (std::size_t item = 0; item < never.size(); ++item)
    never[item] = inverse_norms_[item] == 0 || (item < hidden.size() && hidden[item] != 0) ? 1 : 0;
  return never;
}

std::vector<ScoredItem> ContentModel::recommend(const UserView& view, std::size_t domain_index,
                                                const RecommendOptions& options) const {
  const History history = history_of(view, domain_index);
  const std::vector<std::uint8_t> never = never_answered(options.hidden);
  RecommendOptions others = options;
  others.hidden = never;
  return search_one(*index_, query(history), history, others);
}

Result<Candidates> ContentModel::recommend_batch(std::span<const UserView> views,
                                                 std::size_t domain_index,
                                                 const RecommendOptions& options,
                                                 Context& context) const {
  const std::vector<std::uint8_t> never = never_answered(options.hidden);
  RecommendOptions others = options;
  others.hidden = never;
  const auto query_of = [&](const UserView& view, int) {
    return query(history_of(view, domain_index));
  };
  CROSSFADE_ASSIGN_OR_RETURN(Candidates result,
                             search_batch(*index_, views, domain_index, others, query_of, context));
  result.source_names = {std::string(name())};
  return result;
}

std::vector<ScoredItem> ContentModel::similar(ItemIndex item, std::int64_t k) const {
  if (item < 0 || item >= num_items() || inverse_norms_[at(item)] == 0) return {};
  std::vector<float> cosines(inverse_norms_.size());
  kernels::dot_rows(items_.row(item), items_.values.data(), cosines);
  std::vector<ScoredItem> scored;
  for (std::size_t i = 0; i < cosines.size(); ++i)
    if (static_cast<ItemIndex>(i) != item && inverse_norms_[i] != 0)
      scored.push_back(
          {static_cast<ItemIndex>(i), cosines[i] * inverse_norms_[i] * inverse_norms_[at(item)]});
  keep_best(scored, k);
  return scored;
}

std::vector<ScoredItem> ContentModel::explain(const UserView& view, std::size_t domain_index,
                                              ItemIndex item, std::int64_t k) const {
  if (item < 0 || item >= num_items() || inverse_norms_[at(item)] == 0) return {};
  std::vector<ScoredItem> terms = weigh(history_of(view, domain_index));
  for (ScoredItem& term : terms)
    term.score *=
        inverse_norms_[at(term.item)] * kernels::dot(items_.row(term.item), items_.row(item));
  keep_best(terms, k);
  return terms;
}

Status ContentModel::save(ArtifactWriter& writer) const {
  writer.metadata().set("content", knobs_to_json(config_));
  return writer.add<float>("vectors.npy", items_.values, {items_.rows, items_.dims});
}

Result<std::unique_ptr<Model>> load_content(const Artifact& artifact) {
  ContentConfig config;
  CROSSFADE_RETURN_IF_ERROR(
      apply_settings(config, "content", settings_from_json(artifact.metadata()["content"])));
  CROSSFADE_ASSIGN_OR_RETURN(std::string domain, artifact.metadata().string_at("domain"));
  CROSSFADE_ASSIGN_OR_RETURN(auto vectors, artifact.read<float>("vectors.npy"));
  if (vectors.shape.size() != 2) return data_invalid("vectors.npy is not a matrix");
  return ContentModel::make(config, std::move(domain),
                            {std::move(vectors.values), vectors.shape[0], vectors.shape[1]});
}

}  // namespace crossfade
