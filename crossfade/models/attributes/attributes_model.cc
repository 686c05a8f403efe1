// From items to labels and back to items; see attributes_model.h.
#include "crossfade/models/attributes/attributes_model.h"

#include <algorithm>

#include "crossfade/models/neighbours/best_of_sums.h"
#include "crossfade/models/neighbours/sums.h"
#include "crossfade/models/scored.h"

namespace crossfade {
Result<std::unique_ptr<Model>> AttributesModel::make(const AttributesConfig& config,
                                                     std::string domain, LabelMatrix items,
                                                     LabelMatrix labels) {
  CROSSFADE_RETURN_IF_ERROR(items.check(labels.rows()));
  CROSSFADE_RETURN_IF_ERROR(labels.check(items.rows()));
  return std::unique_ptr<Model>(
      new AttributesModel(config, std::move(domain), std::move(items), std::move(labels)));
}

template <class Sums>
std::vector<ScoredItem> AttributesModel::answer(const History& history,
                                                const RecommendOptions& options, Sums& sums) const {
  SparseSums profile;
  const std::vector<ScoredItem> weighed = config_.use.weigh(history, num_items(), profile);
  std::size_t most = 0;
  for (const ScoredItem& from : weighed) most += items_.columns_of(from.item).size();
  profile.expect(most);
  for (const ScoredItem& from : weighed) {
    const auto labels = items_.columns_of(from.item);
    const auto shares = items_.values_of(from.item);
    for (std::size_t n = 0; n < labels.size(); ++n) profile.add(labels[n], from.score * shares[n]);
  }
  std::vector<ScoredItem> likes;
  most = 0;
  profile.take([&](std::int32_t label, float sum) {
    likes.push_back({label, sum});
    most += labels_.columns_of(label).size();
  });
  sums.expect(most);
  for (const ScoredItem& like : likes) {
    const auto items = labels_.columns_of(like.item);
    const auto values = labels_.values_of(like.item);
    for (std::size_t n = 0; n < items.size(); ++n) sums.add(items[n], like.score * values[n]);
  }
  return best_of_sums(history, num_items(), options, sums);
}

std::vector<ScoredItem> AttributesModel::recommend(const UserView& view, std::size_t domain_index,
                                                   const RecommendOptions& options) const {
  SparseSums sums;
  return answer(history_of(view, domain_index), options, sums);
}

Result<Candidates> AttributesModel::recommend_batch(std::span<const UserView> views,
                                                    std::size_t domain_index,
                                                    const RecommendOptions& options,
                                                    Context& context) const {
  return answer_each_by_sums(
      *this, views, domain_index, context,
      [&](const History& history, DenseSums& sums) { return answer(history, options, sums); });
}

std::vector<ScoredItem> AttributesModel::similar(ItemIndex item, std::int64_t k) const {
  return answer_to_item_alone(*this, item, k);
}

std::vector<ScoredItem> AttributesModel::explain(const UserView& view, std::size_t domain_index,
                                                 ItemIndex item, std::int64_t k) const {
  SparseSums sums;
  std::vector<ScoredItem> terms;
  for (const ScoredItem& from :
       config_.use.weigh(history_of(view, domain_index), num_items(), sums)) {
    const auto labels = items_.columns_of(from.item);
    float score = 0;
    for (std::size_t n = 0; n < labels.size(); ++n) {
      const auto items = labels_.columns_of(labels[n]);
      const auto found = std::find(items.begin(), items.end(), item);
      if (found != items.end())
        score += items_.values_of(from.item)[n] *
                 labels_.values_of(labels[n])[static_cast<std::size_t>(found - items.begin())];
    }
    if (score > 0) terms.push_back({from.item, from.score * score});
  }
  keep_best(terms, k);
  return terms;
}

Status AttributesModel::save(ArtifactWriter& writer) const {
  writer.metadata().set("attributes", knobs_to_json(config_));
  CROSSFADE_RETURN_IF_ERROR(items_.write("items", writer));
  return labels_.write("labels", writer);
}

Result<std::unique_ptr<Model>> load_attributes(const Artifact& artifact) {
  AttributesConfig config;
  CROSSFADE_RETURN_IF_ERROR(
      apply_settings(config, "attributes", settings_from_json(artifact.metadata()["attributes"])));
  CROSSFADE_ASSIGN_OR_RETURN(std::string domain, artifact.metadata().string_at("domain"));
  CROSSFADE_ASSIGN_OR_RETURN(LabelMatrix items, LabelMatrix::read("items", artifact));
  CROSSFADE_ASSIGN_OR_RETURN(LabelMatrix labels, LabelMatrix::read("labels", artifact));
  return AttributesModel::make(config, std::move(domain), std::move(items), std::move(labels));
}

}  // namespace crossfade
