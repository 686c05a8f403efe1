// Joining, hiding the other domains' items, and the members in the manifest; see joint_model.h.
#include "crossfade/models/joint/joint_model.h"

#include <algorithm>
#include <utility>

namespace crossfade {
namespace {

constexpr std::size_t kUsersAtOnce = 1 << 13;  // bounds the memory of joined histories

void keep_target(std::vector<ScoredItem>& list, std::int64_t num_items, std::int64_t k) {
  std::erase_if(list, [&](const ScoredItem& scored) { return scored.item >= num_items; });
  if (std::ssize(list) > k) list.resize(static_cast<std::size_t>(std::max<std::int64_t>(k, 0)));
}

}  // namespace

Result<std::unique_ptr<Model>> JointModel::make(std::unique_ptr<Model> inside,
                                                JointDomains domains) {
  if (inside->num_items() != domains.all_items())
    return data_invalid("this model has " + std::to_string(inside->num_items()) +
                        " items and its domains have " + std::to_string(domains.all_items()) +
                        "; train it again");
  const Json training = inside->training();
  std::unique_ptr<Model> joint(new JointModel(std::move(inside), std::move(domains)));
  joint->set_training(training);
  return joint;
}

Result<std::unique_ptr<Model>> JointModel::load(std::unique_ptr<Model> inside, const Json& joint) {
  CROSSFADE_ASSIGN_OR_RETURN(JointDomains domains, JointDomains::from_json(joint));
  return make(std::move(inside), std::move(domains));
}

std::vector<std::uint8_t> JointModel::hide_others(std::span<const std::uint8_t> hidden) const {
  const auto own = static_cast<std::size_t>(domains_.num_items);
  std::vector<std::uint8_t> all(static_cast<std::size_t>(domains_.all_items()), 1);
  std::fill_n(all.begin(), own, std::uint8_t{0});
  std::copy_n(hidden.begin(), std::min(hidden.size(), own), all.begin());
  return all;
}

std::vector<ScoredItem> JointModel::recommend(const UserView& view, std::size_t domain_index,
                                              const RecommendOptions& options) const {
  const JointHistory joint(domains_, view, domain_index);
  const History history = joint.history();
  const std::vector<std::uint8_t> hidden = hide_others(options.hidden);
  RecommendOptions inside = options;
  inside.hidden = hidden;
  return inside_->recommend({view.user, {&history, 1}}, 0, inside);
}

Result<Candidates> JointModel::recommend_batch(std::span<const UserView> views,
                                               std::size_t domain_index,
                                               const RecommendOptions& options,
                                               Context& context) const {
  const std::vector<std::uint8_t> hidden = hide_others(options.hidden);
  RecommendOptions inside = options;
  inside.hidden = hidden;
  Candidates result;
  result.source_names = {std::string(name())};
  for (std::size_t begin = 0; begin < views.size(); begin += kUsersAtOnce) {
    const auto some = views.subspan(begin, std::min(kUsersAtOnce, views.size() - begin));
    std::vector<JointHistory> joint;
    std::vector<History> histories;
    std::vector<UserView> joint_views;
    joint.reserve(some.size());
    histories.reserve(some.size());
    for (const UserView& view : some) {
      joint.emplace_back(domains_, view, domain_index);
      histories.push_back(joint.back().history());
      joint_views.push_back({view.user, {&histories.back(), 1}});
    }
    CROSSFADE_ASSIGN_OR_RETURN(const Candidates part,
                               inside_->recommend_batch(joint_views, 0, inside, context));
    const std::int64_t base = result.offsets.back();
    for (std::int64_t l = 0; l < part.num_lists(); ++l)
      result.offsets.push_back(base + part.offsets[static_cast<std::size_t>(l) + 1]);
    result.users.insert(result.users.end(), part.users.begin(), part.users.end());
    result.items.insert(result.items.end(), part.items.begin(), part.items.end());
    result.scores.insert(result.scores.end(), part.scores.begin(), part.scores.end());
  }
  CROSSFADE_RETURN_IF_ERROR(context.check_stop());
  result.sources.assign(result.items.size(), 0);
  return result;
}

std::vector<ScoredItem> JointModel::similar(ItemIndex item, std::int64_t k) const {
  if (item < 0 || item >= domains_.num_items) return {};
  // Others stand between: ask for more until enough of the target's are among them.
  for (std::int64_t asked = std::max<std::int64_t>(2 * k, 16);; asked *= 4) {
    std::vector<ScoredItem> list = inside_->similar(item, asked);
    const bool all = std::ssize(list) < asked;
    keep_target(list, domains_.num_items, k);
    if (all || std::ssize(list) >= k) return list;
  }
}

std::vector<ScoredItem> JointModel::explain(const UserView& view, std::size_t domain_index,
                                            ItemIndex item, std::int64_t k) const {
  if (item < 0 || item >= domains_.num_items) return {};
  const JointHistory joint(domains_, view, domain_index);
  const History history = joint.history();
  std::vector<ScoredItem> terms = inside_->explain({view.user, {&history, 1}}, 0, item,
                                                   static_cast<std::int64_t>(history.size()));
  keep_target(terms, domains_.num_items, k);
  return terms;
}

Status JointModel::check_helping(const Dataset& dataset) const {
  return domains_.check_helping(std::string(name()), dataset);
}

Status JointModel::save(ArtifactWriter& writer) const {
  CROSSFADE_RETURN_IF_ERROR(inside_->save(writer));
  writer.metadata().set("joint", domains_.to_json()).set("learned_items", inside_->num_items());
  return ok_status();
}

}  // namespace crossfade
