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

Result<HelpingDomain> helping_from_json(const Json& json) {
  HelpingDomain domain;
  CROSSFADE_ASSIGN_OR_RETURN(domain.name, json.string_at("domain"));
  CROSSFADE_ASSIGN_OR_RETURN(const std::int64_t place, json.int_at("place"));
  CROSSFADE_ASSIGN_OR_RETURN(domain.num_items, json.int_at("num_items"));
  domain.share = json["share"].number();
  if (place < 0 || place > 1'000'000 || domain.num_items < 0 || !(domain.share >= 0))
    return data_invalid("the helping domain '" + domain.name + "' makes no sense");
  domain.place = static_cast<std::size_t>(place);
  return domain;
}

}  // namespace

Result<std::unique_ptr<Model>> JointModel::make(std::unique_ptr<Model> inside, JointDomains domains,
                                                std::vector<TrainedOver> helping_over) {
  if (inside->num_items() != domains.all_items() || helping_over.size() != domains.helping.size())
    return data_invalid("this model has " + std::to_string(inside->num_items()) +
                        " items and its domains have " + std::to_string(domains.all_items()) +
                        "; train it again");
  return std::unique_ptr<Model>(
      new JointModel(std::move(inside), std::move(domains), std::move(helping_over)));
}

Result<std::unique_ptr<Model>> JointModel::load(std::unique_ptr<Model> inside, const Json& joint) {
  JointDomains domains;
  std::vector<TrainedOver> helping_over;
  CROSSFADE_ASSIGN_OR_RETURN(domains.num_items, joint.int_at("num_items"));
  const Json::Array* helping = joint["helping"].as_array();
  if (!helping) return data_invalid("the member 'helping' is no list");
  for (const Json& one : *helping) {
    CROSSFADE_ASSIGN_OR_RETURN(HelpingDomain domain, helping_from_json(one));
    CROSSFADE_ASSIGN_OR_RETURN(TrainedOver over, TrainedOver::from_json(one["trained_over"]));
    domains.helping.push_back(std::move(domain));
    helping_over.push_back(std::move(over));
  }
  return make(std::move(inside), std::move(domains), std::move(helping_over));
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
  for (std::size_t n = 0; n < domains_.helping.size(); ++n) {
    const HelpingDomain& domain = domains_.helping[n];
    const std::string title =
        "the model " + std::string(name()) + " learned from the domain '" + domain.name + "' too, ";
    if (domain.place >= dataset.domains().size() ||
        dataset.domains()[domain.place].name != domain.name)
      return data_invalid(title + "which the data does not have at place " +
                          std::to_string(domain.place + 1) +
                          "; give the store that it was trained on, or train it again");
    const std::string misfit = helping_over_[n].misfit(dataset, domain.place);
    if (!misfit.empty()) return data_invalid(title + "and the data " + misfit + " there");
  }
  return ok_status();
}

Status JointModel::save(ArtifactWriter& writer) const {
  CROSSFADE_RETURN_IF_ERROR(inside_->save(writer));
  Json helping = Json::array();
  for (std::size_t n = 0; n < domains_.helping.size(); ++n) {
    const HelpingDomain& domain = domains_.helping[n];
    helping.push(Json::object()
                     .set("domain", domain.name)
                     .set("place", static_cast<std::int64_t>(domain.place))
                     .set("num_items", domain.num_items)
                     .set("share", domain.share)
                     .set("trained_over", helping_over_[n].to_json()));
  }
  writer.metadata().set(
      "joint",
      Json::object().set("num_items", domains_.num_items).set("helping", std::move(helping)));
  return ok_status();
}

}  // namespace crossfade
