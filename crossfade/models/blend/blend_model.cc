// Asks the parts, merges, fills; in batches a block of users at a time. See blend_model.h.
#include "crossfade/models/blend/blend_model.h"

#include <algorithm>
#include <utility>

#include "crossfade/base/text.h"
#include "crossfade/models/scored.h"
#include "crossfade/models/storage.h"

namespace crossfade {
namespace {

constexpr std::size_t kUsersAtOnce = 1 << 13;  // bounds the memory of the parts' lists
constexpr std::int64_t kUsersPerTask = 64;

std::string part_folder(std::size_t part) {
  return "parts/" + std::to_string(part);
}

// A model's answer as columns.
struct ListColumns {
  std::vector<ItemIndex> items;
  std::vector<float> scores;

  explicit ListColumns(const std::vector<ScoredItem>& list) {
    for (const ScoredItem& scored : list) {
      items.push_back(scored.item);
      scores.push_back(scored.score);
    }
  }
  RankedList list() const { return {items, scores}; }
};

RankedList list_of(const Candidates& candidates, std::int64_t l) {
  return {candidates.list(l), candidates.list_scores(l)};
}

Status check_alike(const Model& first, const Model& other) {
  if (other.domain() != first.domain())
    return data_invalid("a blend recommends items of one domain, and its parts are of '" +
                        first.domain() + "' and '" + other.domain() + "'");
  const TrainedOver &a = first.trained_over(), &b = other.trained_over();
  const bool items = a.items == b.items && first.num_items() == other.num_items();
  if (items && a.users == b.users) return ok_status();
  return data_invalid("the models " + std::string(first.name()) + " and " +
                      std::string(other.name()) + " of a blend were trained over other " +
                      (items ? "users" : "items") +
                      "; train them on one store, then they can be blended");
}

}  // namespace

Result<std::unique_ptr<Model>> BlendModel::make(const BlendConfig& config,
                                                std::vector<BlendPart> parts) {
  std::vector<double> weights;
  for (std::size_t p = 0; p < parts.size(); ++p) {
    if (!parts[p].fallback && weights.size() < p)
      return usage_error("fallbacks stand behind all other parts of a blend");
    if (!parts[p].fallback) weights.push_back(parts[p].weight);
    CROSSFADE_RETURN_IF_ERROR(check_alike(*parts[0].model, *parts[p].model));
  }
  CROSSFADE_ASSIGN_OR_RETURN(Blend blend, Blend::make(config, std::move(weights)));
  std::unique_ptr<Model> model(new BlendModel(std::move(blend), std::move(parts)));
  model->set_trained_over(static_cast<BlendModel&>(*model).parts_[0].model->trained_over());
  return model;
}

Result<std::unique_ptr<Model>> BlendModel::load(const Artifact& artifact, Verify verify) {
  BlendConfig config;
  CROSSFADE_RETURN_IF_ERROR(
      apply_settings(config, "blend", settings_from_json(artifact.metadata()["blend"])));
  const Json::Array* entries = artifact.metadata()["parts"].as_array();
  if (!entries) return data_invalid("the member 'parts' is no list");
  std::vector<BlendPart> parts;
  for (const Json& entry : *entries) {
    const bool* fallback = entry["fallback"].as_bool();
    CROSSFADE_ASSIGN_OR_RETURN(auto model,
                               load_model(artifact.path_of(part_folder(parts.size())), verify));
    parts.push_back(
        {std::move(model), entry["weight"].number(), fallback && *fallback, entry["provenance"]});
  }
  return make(config, std::move(parts));
}

bool BlendModel::is_cold(const UserView& view) const {
  if (parts_.size() == num_merged()) return false;
  std::size_t events = 0;
  for (const History& history : view.by_domain) events += history.size();
  return static_cast<std::int64_t>(events) <= blend_.config().cold_events;
}

std::vector<ScoredItem> BlendModel::recommend(const UserView& view, std::size_t domain_index,
                                              const RecommendOptions& options) const {
  RecommendOptions deep = options;
  deep.k = blend_.depth(options.k);
  std::vector<ListColumns> columns;
  std::vector<RankedList> lists;
  for (std::size_t p = 0; p < num_merged() && !is_cold(view); ++p)
    columns.emplace_back(parts_[p].model->recommend(view, domain_index, deep));
  for (const ListColumns& list : columns) lists.push_back(list.list());
  lists.resize(num_merged());
  std::vector<BlendedItem> blended = blend_.merge(lists, options.k);
  for (std::size_t p = num_merged(); p < parts_.size() && std::ssize(blended) < options.k; ++p) {
    const ListColumns list(parts_[p].model->recommend(view, domain_index, options));
    blend_.fill(blended, list.list(), static_cast<std::uint16_t>(p), options.k);
  }
  std::vector<ScoredItem> answer;
  for (const BlendedItem& item : blended) answer.push_back({item.item, item.score});
  return answer;
}

// The parts' lists of one block of users, merged; none for those who are cold.
Result<BlendModel::Lists> BlendModel::blend_batch(std::span<const UserView> views,
                                                  std::size_t domain_index,
                                                  const RecommendOptions& options,
                                                  Context& context) const {
  std::vector<UserView> warm;
  std::vector<std::size_t> places;
  for (std::size_t v = 0; v < views.size(); ++v) {
    if (is_cold(views[v])) continue;
    warm.push_back(views[v]);
    places.push_back(v);
  }
  RecommendOptions deep = options;
  deep.k = blend_.depth(options.k);
  std::vector<Candidates> parts;
  for (std::size_t p = 0; p < num_merged(); ++p) {
    CROSSFADE_ASSIGN_OR_RETURN(parts.emplace_back(),
                               parts_[p].model->recommend_batch(warm, domain_index, deep, context));
  }
  Lists lists(views.size());
  context.threads.parallel_for(
      std::ssize(warm), kUsersPerTask, [&](std::int64_t begin, std::int64_t end, int) {
        std::vector<RankedList> of_user(parts.size());
        for (std::int64_t l = begin; l < end; ++l) {
          for (std::size_t p = 0; p < parts.size(); ++p) of_user[p] = list_of(parts[p], l);
          lists[places[static_cast<std::size_t>(l)]] = blend_.merge(of_user, options.k);
        }
      });
  return lists;
}

// Asks each fallback for those whose lists are still too short.
Status BlendModel::fill_batch(std::span<const UserView> views, std::size_t domain_index,
                              const RecommendOptions& options, Lists& lists,
                              Context& context) const {
  for (std::size_t p = num_merged(); p < parts_.size(); ++p) {
    std::vector<UserView> wanting;
    std::vector<std::size_t> places;
    for (std::size_t v = 0; v < views.size(); ++v) {
      if (std::ssize(lists[v]) >= options.k) continue;
      wanting.push_back(views[v]);
      places.push_back(v);
    }
    CROSSFADE_ASSIGN_OR_RETURN(
        const Candidates found,
        parts_[p].model->recommend_batch(wanting, domain_index, options, context));
    for (std::size_t l = 0; l < places.size(); ++l)
      blend_.fill(lists[places[l]], list_of(found, static_cast<std::int64_t>(l)),
                  static_cast<std::uint16_t>(p), options.k);
  }
  return ok_status();
}

Result<Candidates> BlendModel::recommend_batch(std::span<const UserView> views,
                                               std::size_t domain_index,
                                               const RecommendOptions& options,
                                               Context& context) const {
  // Each part would count every user: the blend counts them once.
  SilentProgress silent;
  Context inside{context.threads, silent, context.stop};
  Candidates result;
  for (const BlendPart& part : parts_) result.source_names.emplace_back(part.model->name());
  for (std::size_t begin = 0; begin < views.size(); begin += kUsersAtOnce) {
    const auto some = views.subspan(begin, std::min(kUsersAtOnce, views.size() - begin));
    CROSSFADE_ASSIGN_OR_RETURN(Lists lists, blend_batch(some, domain_index, options, inside));
    CROSSFADE_RETURN_IF_ERROR(fill_batch(some, domain_index, options, lists, inside));
    for (std::size_t v = 0; v < some.size(); ++v) {
      result.users.push_back(some[v].user);
      for (const BlendedItem& item : lists[v]) {
        result.items.push_back(item.item);
        result.scores.push_back(item.score);
        result.sources.push_back(item.list);
      }
      result.offsets.push_back(std::ssize(result.items));
    }
    context.progress.advance(std::ssize(some));
  }
  CROSSFADE_RETURN_IF_ERROR(context.check_stop());
  return result;
}

std::vector<ScoredItem> BlendModel::similar(ItemIndex item, std::int64_t k) const {
  for (const BlendPart& part : parts_)
    if (auto list = part.model->similar(item, k); !list.empty()) return list;
  return {};
}

std::vector<ScoredItem> BlendModel::explain(const UserView& view, std::size_t domain_index,
                                            ItemIndex item, std::int64_t k) const {
  for (const BlendPart& part : parts_)
    if (auto list = part.model->explain(view, domain_index, item, k); !list.empty()) return list;
  return {};
}

Status BlendModel::check_helping(const Dataset& dataset) const {
  for (const BlendPart& part : parts_)
    CROSSFADE_RETURN_IF_ERROR(part.model->check_helping(dataset));
  return ok_status();
}

Status BlendModel::save(ArtifactWriter& writer) const {
  Json parts = Json::array();
  for (std::size_t p = 0; p < parts_.size(); ++p) {
    const BlendPart& part = parts_[p];
    CROSSFADE_ASSIGN_OR_RETURN(const std::string place, writer.make_place(part_folder(p)));
    CROSSFADE_RETURN_IF_ERROR(save_model(*part.model, place, part.provenance));
    parts.push(Json::object()
                   .set("model", std::string(part.model->name()))
                   .set("weight", part.weight)
                   .set("fallback", part.fallback)
                   .set("provenance", part.provenance));
  }
  writer.metadata().set("blend", knobs_to_json(blend_.config())).set("parts", std::move(parts));
  return ok_status();
}

}  // namespace crossfade
