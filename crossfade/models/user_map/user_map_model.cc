// Blending what a user did in the target with what the map says; see user_map_model.h.
#include "crossfade/models/user_map/user_map_model.h"

#include <utility>

#include "crossfade/models/scored.h"

namespace crossfade {

Result<std::unique_ptr<Model>> load_als(const Artifact& artifact);

Result<std::unique_ptr<Model>> UserMapModel::make(const UserMapConfig& config,
                                                  std::unique_ptr<AlsModel> target,
                                                  JointDomains domains, UserMap map) {
  CROSSFADE_RETURN_IF_ERROR(map.check());
  bool fits = map.sources.size() == domains.helping.size() &&
              target->num_items() == domains.num_items &&
              std::ssize(map.target_mean) == target->config().factors;
  for (std::size_t d = 0; fits && d < map.sources.size(); ++d)
    fits = map.sources[d].items.rows == domains.helping[d].num_items;
  if (!fits)
    return data_invalid("this user map is not one from its helping domains to its items; " +
                        std::string("train it again"));
  return std::unique_ptr<Model>(
      new UserMapModel(config, std::move(target), std::move(domains), std::move(map)));
}

float UserMapModel::own_share(const History& history, bool mapped) const {
  if (!mapped) return 1;
  const auto own = static_cast<double>(history.size());
  return own == 0 ? 0 : static_cast<float>(own / (own + config_.prior));
}

std::vector<float> UserMapModel::query(const UserView& view, std::size_t domain_index,
                                       const RecommendOptions& options) const {
  std::vector<float> own = target_->query(view, domain_index, options);
  const std::vector<float> mapped = map_.apply(domains_, view);
  if (own.empty() || mapped.empty()) return own.empty() ? mapped : own;
  const float share = own_share(history_of(view, domain_index), true);
  for (std::size_t k = 0; k < own.size(); ++k) own[k] = share * own[k] + (1 - share) * mapped[k];
  return own;
}

std::vector<ScoredItem> UserMapModel::recommend(const UserView& view, std::size_t domain_index,
                                                const RecommendOptions& options) const {
  return target_->answer(query(view, domain_index, options), history_of(view, domain_index),
                         options);
}

Result<Candidates> UserMapModel::recommend_batch(std::span<const UserView> views,
                                                 std::size_t domain_index,
                                                 const RecommendOptions& options,
                                                 Context& context) const {
  const auto query_of = [&](const UserView& view) { return query(view, domain_index, options); };
  CROSSFADE_ASSIGN_OR_RETURN(
      Candidates found, target_->answer_batch(views, domain_index, query_of, options, context));
  found.source_names = {std::string(name())};
  return found;
}

std::vector<ScoredItem> UserMapModel::similar(ItemIndex item, std::int64_t k) const {
  return target_->similar(item, k);
}

std::vector<ScoredItem> UserMapModel::explain(const UserView& view, std::size_t domain_index,
                                              ItemIndex item, std::int64_t k) const {
  std::vector<ScoredItem> terms = target_->explain(view, domain_index, item, k);
  const bool mapped = !map_.describe(domains_, view).empty();
  const float share = own_share(history_of(view, domain_index), mapped);
  for (ScoredItem& term : terms) term.score *= share;
  return terms;
}

Status UserMapModel::check_helping(const Dataset& dataset) const {
  return domains_.check_helping(std::string(name()), dataset);
}

Status UserMapModel::save(ArtifactWriter& writer) const {
  CROSSFADE_RETURN_IF_ERROR(target_->save(writer));
  for (std::size_t d = 0; d < map_.sources.size(); ++d) {
    const std::string place = "source_" + std::to_string(d + 1);
    const FactorMatrix& items = map_.sources[d].items;
    CROSSFADE_RETURN_IF_ERROR(
        writer.add<float>(place + "_item_factors.npy", items.values, {items.rows, items.dims}));
    CROSSFADE_RETURN_IF_ERROR(
        writer.add<float>(place + "_item_strengths.npy", map_.sources[d].strengths));
  }
  CROSSFADE_RETURN_IF_ERROR(writer.add<float>("source_means.npy", map_.means));
  CROSSFADE_RETURN_IF_ERROR(writer.add<float>("target_mean.npy", map_.target_mean));
  CROSSFADE_RETURN_IF_ERROR(writer.add<float>("map.npy", map_.weights));
  writer.metadata().set("user_map", knobs_to_json(config_));
  writer.metadata().set("mapped", domains_.to_json());
  return ok_status();
}

namespace {

Result<Array<float>> read_column(const Artifact& artifact, const std::string& name) {
  CROSSFADE_ASSIGN_OR_RETURN(auto read, artifact.read<float>(name));
  return std::move(read.values);
}

Result<MapSource> read_source(const Artifact& artifact, const std::string& place) {
  CROSSFADE_ASSIGN_OR_RETURN(auto items, artifact.read<float>(place + "_item_factors.npy"));
  if (items.shape.size() != 2) return data_invalid(place + "_item_factors.npy is not a matrix");
  CROSSFADE_ASSIGN_OR_RETURN(Array<float> strengths,
                             read_column(artifact, place + "_item_strengths.npy"));
  return MapSource{{std::move(items.values), items.shape[0], items.shape[1]}, std::move(strengths)};
}

}  // namespace

Result<std::unique_ptr<Model>> load_user_map(const Artifact& artifact) {
  UserMapConfig config;
  CROSSFADE_RETURN_IF_ERROR(
      apply_settings(config, "user_map", settings_from_json(artifact.metadata()["user_map"])));
  CROSSFADE_ASSIGN_OR_RETURN(JointDomains domains,
                             JointDomains::from_json(artifact.metadata()["mapped"]));
  CROSSFADE_ASSIGN_OR_RETURN(std::unique_ptr<Model> target, load_als(artifact));
  UserMap map;
  map.config = config.source();
  for (std::size_t d = 0; d < domains.helping.size(); ++d) {
    CROSSFADE_ASSIGN_OR_RETURN(MapSource source,
                               read_source(artifact, "source_" + std::to_string(d + 1)));
    map.sources.push_back(std::move(source));
  }
  CROSSFADE_ASSIGN_OR_RETURN(map.means, read_column(artifact, "source_means.npy"));
  CROSSFADE_ASSIGN_OR_RETURN(map.target_mean, read_column(artifact, "target_mean.npy"));
  CROSSFADE_ASSIGN_OR_RETURN(map.weights, read_column(artifact, "map.npy"));
  std::unique_ptr<AlsModel> als(static_cast<AlsModel*>(target.release()));
  return UserMapModel::make(config, std::move(als), std::move(domains), std::move(map));
}

}  // namespace crossfade
