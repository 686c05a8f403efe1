// Answers of ALS factors, and their way to disk; see als_model.h.
#include "crossfade/models/als/als_model.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "crossfade/kernels/dot.h"
#include "crossfade/models/by_vector.h"
#include "crossfade/models/scored.h"
#include "crossfade/retrieval/quantized_index.h"

namespace crossfade {
namespace {

Status check_columns(const AlsConfig& config, const AlsColumns& columns) {
  CROSSFADE_RETURN_IF_ERROR(columns.users.check("the user factors"));
  CROSSFADE_RETURN_IF_ERROR(columns.items.check("the item factors"));
  const auto dims = static_cast<std::size_t>(config.factors);
  if (columns.users.dims != config.factors || columns.items.dims != config.factors ||
      columns.item_strengths.size() != dims || columns.user_strengths.size() != dims ||
      columns.user_axes.size() != dims * dims)
    return data_invalid("the columns of this als model are not those of " +
                        std::to_string(config.factors) + " factors; train it again");
  for (const auto* strengths : {&columns.item_strengths, &columns.user_strengths})
    for (float strength : *strengths)
      if (!(strength >= 0) || !std::isfinite(strength))
        return data_invalid(
            "a strength of this als model is not a number of at least zero; "
            "train it again");
  for (float entry : columns.user_axes)
    if (!std::isfinite(entry))
      return data_invalid("the user axes of this als model are not finite; train it again");
  return ok_status();
}

// The rows at length 1; zero rows stay.
FactorMatrix directions(const FactorMatrix& rows, const std::vector<float>& inverse_norms) {
  std::vector<float> scaled(rows.values.begin(), rows.values.end());
  const auto dims = static_cast<std::size_t>(rows.dims);
  for (std::size_t at = 0; at < scaled.size(); ++at) scaled[at] *= inverse_norms[at / dims];
  return {std::move(scaled), rows.rows, rows.dims};
}

}  // namespace

Result<std::unique_ptr<Model>> AlsModel::make(const AlsConfig& config, std::string domain,
                                              AlsColumns columns) {
  CROSSFADE_RETURN_IF_ERROR(check_columns(config, columns));
  std::unique_ptr<AlsModel> model(new AlsModel(config, std::move(domain), std::move(columns)));
  const FactorMatrix& items = model->columns_.items;
  for (std::int64_t i = 0; i < items.rows; ++i) {
    const float square = kernels::dot(items.row(i), items.row(i));
    model->inverse_norms_.push_back(square > 0 ? 1 / std::sqrt(square) : 0);
  }
  CROSSFADE_ASSIGN_OR_RETURN(QuantizedIndex index, QuantizedIndex::create(items));
  model->index_ = std::make_unique<QuantizedIndex>(std::move(index));
  return std::unique_ptr<Model>(std::move(model));
}

AlsFixedSide AlsModel::item_side() const {
  return {columns_.items.values.data(), columns_.items.rows, columns_.item_strengths};
}

std::vector<float> AlsModel::fold_in_user(const History& history) const {
  return fold_in(config_, item_side(),
                 observe(config_, history.items, history.weights, num_items()));
}

std::vector<float> AlsModel::fold_in_item(std::span<const UserIndex> users,
                                          std::span<const float> weights) const {
  AlsObservations seen = observe(config_, users, weights, columns_.users.rows);
  const auto dims = static_cast<std::size_t>(config_.factors);
  // The users' rows in their own principal axes, where the problem has its diagonal form.
  std::vector<float> turned(seen.rows.size() * dims);
  for (std::size_t j = 0; j < seen.rows.size(); ++j) {
    kernels::dot_rows(columns_.users.row(seen.rows[j]), columns_.user_axes.data(),
                      std::span(turned).subspan(j * dims, dims));
    seen.rows[j] = static_cast<std::int32_t>(j);
  }
  const std::vector<float> inner =
      fold_in(config_, {turned.data(), columns_.users.rows, columns_.user_strengths}, seen);
  std::vector<float> item(dims);
  for (std::size_t k = 0; k < dims; ++k)
    for (std::size_t l = 0; l < dims; ++l) item[l] += inner[k] * columns_.user_axes[k * dims + l];
  return item;
}

std::vector<float> AlsModel::query(const UserView& view, std::size_t domain_index,
                                   const RecommendOptions& options) const {
  const bool known = view.user >= 0 && view.user < columns_.users.rows;
  const History history = history_of(view, domain_index);
  std::vector<float> factors;
  if (!history.empty() && !(options.stored_users && known)) factors = fold_in_user(history);
  const auto is_zero = [](float x) { return x == 0; };
  if (known && std::all_of(factors.begin(), factors.end(), is_zero)) {
    const auto row = columns_.users.row(view.user);
    factors.assign(row.begin(), row.end());
  }
  if (std::all_of(factors.begin(), factors.end(), is_zero)) factors.clear();
  return factors;
}

std::vector<ScoredItem> AlsModel::recommend(const UserView& view, std::size_t domain_index,
                                            const RecommendOptions& options) const {
  return answer(query(view, domain_index, options), history_of(view, domain_index), options);
}

std::vector<ScoredItem> AlsModel::answer(std::span<const float> factors, const History& seen,
                                         const RecommendOptions& options) const {
  return search_one(*index_, {factors.begin(), factors.end()}, seen, options);
}

Result<Candidates> AlsModel::recommend_batch(std::span<const UserView> views,
                                             std::size_t domain_index,
                                             const RecommendOptions& options,
                                             Context& context) const {
  const auto query_of = [&](const UserView& view) { return query(view, domain_index, options); };
  return answer_batch(views, domain_index, query_of, options, context);
}

Result<Candidates> AlsModel::answer_batch(std::span<const UserView> views, std::size_t domain_index,
                                          const QueryOf& query_of, const RecommendOptions& options,
                                          Context& context) const {
  const auto of_user = [&](const UserView& view, int) { return query_of(view); };
  CROSSFADE_ASSIGN_OR_RETURN(Candidates result,
                             search_batch(*index_, views, domain_index, options, of_user, context));
  result.source_names = {"als"};
  return result;
}

std::vector<ScoredItem> AlsModel::similar(ItemIndex item, std::int64_t k) const {
  if (item < 0 || item >= num_items() || inverse_norms_[static_cast<std::size_t>(item)] == 0)
    return {};
  std::vector<float> cosines(inverse_norms_.size());
  kernels::dot_rows(columns_.items.row(item), columns_.items.values.data(), cosines);
  const float inverse_norm = inverse_norms_[static_cast<std::size_t>(item)];
  std::vector<ScoredItem> scored;
  for (std::size_t i = 0; i < cosines.size(); ++i)
    if (static_cast<ItemIndex>(i) != item && inverse_norms_[i] != 0)
      scored.push_back({static_cast<ItemIndex>(i), cosines[i] * inverse_norms_[i] * inverse_norm});
  keep_best(scored, k);
  return scored;
}

Result<std::vector<std::vector<ScoredItem>>> AlsModel::similar_batch(
    std::span<const ItemIndex> items, std::int64_t k, Context& context) const {
  std::vector<std::vector<ScoredItem>> lists(items.size());
  if (k < 1) return lists;
  std::vector<std::uint8_t> hidden(inverse_norms_.size());
  for (std::size_t i = 0; i < hidden.size(); ++i) hidden[i] = inverse_norms_[i] == 0;
  CROSSFADE_ASSIGN_OR_RETURN(const QuantizedIndex index,
                             QuantizedIndex::create(directions(columns_.items, inverse_norms_)));
  std::vector<History> own(items.size());  // an item is not like itself
  std::vector<UserView> views;
  for (std::size_t i = 0; i < items.size(); ++i) {
    own[i].items = items.subspan(i, 1);
    views.push_back({static_cast<UserIndex>(i), {&own[i], 1}});
  }
  const auto direction = [&](const UserView& view, int) -> std::vector<float> {
    const ItemIndex item = view.by_domain[0].items[0];
    if (item < 0 || item >= num_items() || hidden[static_cast<std::size_t>(item)] != 0) return {};
    const auto row = index.items().row(item);
    return {row.begin(), row.end()};
  };
  constexpr std::int64_t kSpare = 16;
  RecommendOptions options;
  options.k = std::min(k, num_items()) + kSpare;
  options.hidden = hidden;
  CROSSFADE_ASSIGN_OR_RETURN(const Candidates found,
                             search_batch(index, views, 0, options, direction, context));
  for (std::size_t i = 0; i < items.size(); ++i) {
    const auto near = found.list(static_cast<std::int64_t>(i));
    for (const ItemIndex item : near)
      lists[i].push_back(
          {item, kernels::dot(columns_.items.row(items[i]), columns_.items.row(item)) *
                     inverse_norms_[static_cast<std::size_t>(item)] *
                     inverse_norms_[static_cast<std::size_t>(items[i])]});
    keep_best(lists[i], k);
  }
  return lists;
}

std::vector<ScoredItem> AlsModel::explain(const UserView& view, std::size_t domain_index,
                                          ItemIndex item, std::int64_t k) const {
  if (item < 0 || item >= num_items()) return {};
  const History history = history_of(view, domain_index);
  const AlsObservations seen = observe(config_, history.items, history.weights, num_items());
  const std::vector<float> parts =
      contributions(config_, item_side(), seen, columns_.items.row(item));
  std::vector<ScoredItem> scored;
  for (std::size_t j = 0; j < parts.size(); ++j) scored.push_back({seen.rows[j], parts[j]});
  keep_best(scored, k);
  return scored;
}

Status AlsModel::save(ArtifactWriter& writer) const {
  const std::int64_t dims = config_.factors;
  const auto& [users, items, item_strengths, user_axes, user_strengths] = columns_;
  CROSSFADE_RETURN_IF_ERROR(
      writer.add<float>("user_factors.npy", users.values, {users.rows, dims}));
  CROSSFADE_RETURN_IF_ERROR(
      writer.add<float>("item_factors.npy", items.values, {items.rows, dims}));
  CROSSFADE_RETURN_IF_ERROR(writer.add<float>("item_strengths.npy", item_strengths));
  CROSSFADE_RETURN_IF_ERROR(writer.add<float>("user_axes.npy", user_axes, {dims, dims}));
  CROSSFADE_RETURN_IF_ERROR(writer.add<float>("user_strengths.npy", user_strengths));
  writer.metadata().set("als", knobs_to_json(config_));
  return ok_status();
}

namespace {

Result<FactorMatrix> read_matrix(const Artifact& artifact, const std::string& name) {
  CROSSFADE_ASSIGN_OR_RETURN(auto read, artifact.read<float>(name));
  if (read.shape.size() != 2) return data_invalid(name + " is not a matrix");
  return FactorMatrix{std::move(read.values), read.shape[0], read.shape[1]};
}

}  // namespace

Result<std::unique_ptr<Model>> load_als(const Artifact& artifact) {
  AlsConfig config;
  CROSSFADE_RETURN_IF_ERROR(
      apply_settings(config, "als", settings_from_json(artifact.metadata()["als"])));
  CROSSFADE_ASSIGN_OR_RETURN(std::string domain, artifact.metadata().string_at("domain"));
  AlsColumns columns;
  CROSSFADE_ASSIGN_OR_RETURN(columns.users, read_matrix(artifact, "user_factors.npy"));
  CROSSFADE_ASSIGN_OR_RETURN(columns.items, read_matrix(artifact, "item_factors.npy"));
  CROSSFADE_ASSIGN_OR_RETURN(auto item_strengths, artifact.read<float>("item_strengths.npy"));
  CROSSFADE_ASSIGN_OR_RETURN(auto user_axes, artifact.read<float>("user_axes.npy"));
  CROSSFADE_ASSIGN_OR_RETURN(auto user_strengths, artifact.read<float>("user_strengths.npy"));
  columns.item_strengths = std::move(item_strengths.values);
  columns.user_axes = std::move(user_axes.values);
  columns.user_strengths = std::move(user_strengths.values);
  return AlsModel::make(config, std::move(domain), std::move(columns));
}

}  // namespace crossfade
