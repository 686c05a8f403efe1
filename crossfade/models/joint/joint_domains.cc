// Merging by time, user by user; see joint_domains.h.
#include "crossfade/models/joint/joint_domains.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "crossfade/base/text.h"

namespace crossfade {
namespace {

constexpr std::int64_t kUsersPerBlock = 256;

struct Part {
  History history;
  std::int64_t first_item = 0, num_items = 0;
  float share = 1;
};

std::vector<Part> parts_of(const JointDomains& domains, const UserView& view, std::size_t target) {
  std::vector<Part> parts;
  std::int64_t first = domains.num_items;
  const auto add = [&](std::size_t place, Part part) {
    if (place < view.by_domain.size()) part.history = view.by_domain[place];
    if (!part.history.empty()) parts.push_back(part);
  };
  for (const HelpingDomain& domain : domains.helping) {
    add(domain.place, {{}, first, domain.num_items, static_cast<float>(domain.share)});
    first += domain.num_items;
  }
  add(target, {{}, 0, domains.num_items, 1});
  return parts;
}

struct Row {
  std::size_t part, row;
};

// All rows of all parts in their joint order.
std::vector<Row> joint_order(const std::vector<Part>& parts, bool timed) {
  std::vector<Row> rows;
  for (std::size_t p = 0; p < parts.size(); ++p)
    for (std::size_t row = 0; row < parts[p].history.size(); ++row) {
      const ItemIndex item = parts[p].history.items[row];
      if (item >= 0 && item < parts[p].num_items) rows.push_back({p, row});
    }
  if (timed && parts.size() > 1)
    std::stable_sort(rows.begin(), rows.end(), [&](const Row& a, const Row& b) {
      return parts[a.part].history.time_ns[a.row] < parts[b.part].history.time_ns[b.row];
    });
  return rows;
}

template <class Has>
bool all_have(const std::vector<Part>& parts, const Has& has) {
  return std::all_of(parts.begin(), parts.end(),
                     [&](const Part& part) { return !has(part.history).empty(); });
}

Result<HelpingDomain> helping_from_json(const Json& json) {
  HelpingDomain domain;
  CROSSFADE_ASSIGN_OR_RETURN(domain.name, json.string_at("domain"));
  CROSSFADE_ASSIGN_OR_RETURN(const std::int64_t place, json.int_at("place"));
  CROSSFADE_ASSIGN_OR_RETURN(domain.num_items, json.int_at("num_items"));
  CROSSFADE_ASSIGN_OR_RETURN(domain.over, TrainedOver::from_json(json["trained_over"]));
  domain.share = json["share"].number();
  if (place < 0 || place > 1'000'000 || domain.num_items < 0 || !(domain.share >= 0))
    return data_invalid("the helping domain '" + domain.name + "' makes no sense");
  domain.place = static_cast<std::size_t>(place);
  return domain;
}

}  // namespace

std::int64_t JointDomains::all_items() const {
  return std::accumulate(
      helping.begin(), helping.end(), num_items,
      [](std::int64_t sum, const HelpingDomain& domain) { return sum + domain.num_items; });
}

Json JointDomains::to_json() const {
  Json list = Json::array();
  for (const HelpingDomain& domain : helping)
    list.push(Json::object()
                  .set("domain", domain.name)
                  .set("place", static_cast<std::int64_t>(domain.place))
                  .set("num_items", domain.num_items)
                  .set("share", domain.share)
                  .set("trained_over", domain.over.to_json()));
  return Json::object().set("num_items", num_items).set("helping", std::move(list));
}

Result<JointDomains> JointDomains::from_json(const Json& json) {
  JointDomains domains;
  CROSSFADE_ASSIGN_OR_RETURN(domains.num_items, json.int_at("num_items"));
  const Json::Array* helping = json["helping"].as_array();
  if (!helping) return data_invalid("the member 'helping' is no list");
  for (const Json& one : *helping) {
    CROSSFADE_ASSIGN_OR_RETURN(HelpingDomain domain, helping_from_json(one));
    domains.helping.push_back(std::move(domain));
  }
  return domains;
}

Status JointDomains::check_helping(const std::string& model, const Dataset& dataset) const {
  for (const HelpingDomain& domain : helping) {
    const std::string title =
        "the model " + model + " learned from the domain '" + domain.name + "' too, ";
    if (domain.place >= dataset.domains().size() ||
        dataset.domains()[domain.place].name != domain.name)
      return data_invalid(title + "which the data does not have at place " +
                          std::to_string(domain.place + 1) +
                          "; give the store that it was trained on, or train it again");
    const std::string misfit = domain.over.misfit(dataset, domain.place);
    if (!misfit.empty()) return data_invalid(title + "and the data " + misfit + " there");
  }
  return ok_status();
}

Status check_shared(const Dataset& dataset, const JointDomains& domains, Context& context) {
  const Domain& target = dataset.domains()[domains.target];
  for (const HelpingDomain& helping : domains.helping) {
    const Domain& domain = dataset.domains()[helping.place];
    std::int64_t known = 0, shared = 0;
    for (std::size_t user = 0; user + 1 < target.offsets.size(); ++user) {
      if (target.offsets[user] == target.offsets[user + 1]) continue;
      ++known;
      shared += domain.offsets[user] < domain.offsets[user + 1] ? 1 : 0;
    }
    if (shared == 0)
      return data_invalid("no user of the domain " + target.name + " is known in " + helping.name +
                          " too, so it teaches nothing about " + target.name +
                          "; leave it out, or import both with the same user ids");
    context.progress.say(format_count(shared) + " of the " + format_count(known) + " users of " +
                         target.name + " are known in " + helping.name + " too");
  }
  return ok_status();
}

JointHistory::JointHistory(const JointDomains& domains, const UserView& view, std::size_t target) {
  const std::vector<Part> parts = parts_of(domains, view, target);
  const bool timed = all_have(parts, [](const History& history) { return history.time_ns; });
  const bool in_sessions = all_have(parts, [](const History& history) { return history.sessions; });
  for (const Row& at : joint_order(parts, timed)) {
    const Part& part = parts[at.part];
    items_.push_back(static_cast<ItemIndex>(part.history.items[at.row] + part.first_item));
    weights_.push_back(part.history.weights[at.row] * part.share);
    if (timed) times_.push_back(part.history.time_ns[at.row]);
    if (in_sessions) sessions_.push_back(part.history.sessions[at.row]);
  }
}

Dataset join_domains(const Dataset& dataset, const JointDomains& domains, Context& context) {
  std::vector<std::size_t> places{domains.target};
  for (const HelpingDomain& domain : domains.helping) places.push_back(domain.place);
  bool timed = true, in_sessions = true;
  std::vector<std::int64_t> offsets(static_cast<std::size_t>(dataset.num_users()) + 1);
  for (const std::size_t place : places) {
    const Domain& domain = dataset.domains()[place];
    if (domain.item.empty()) continue;
    timed = timed && !domain.time_ns.empty();
    in_sessions = in_sessions && !domain.session.empty();
    for (std::size_t user = 0; user < offsets.size(); ++user) offsets[user] += domain.offsets[user];
  }
  const Domain& target = dataset.domains()[domains.target];
  if (!in_sessions && !target.session.empty())
    context.progress.say("not all of the joined domains have sessions, so those of " + target.name +
                         " do not count: models learn from whole histories, or from what stands "
                         "between pauses");
  if (!timed && !target.time_ns.empty())
    context.progress.say("not all of the joined domains have times, so those of " + target.name +
                         " do not count");
  const auto rows = static_cast<std::size_t>(offsets.back());
  std::vector<ItemIndex> items(rows);
  std::vector<float> weights(rows);
  std::vector<std::int64_t> times(timed ? rows : 0), sessions(in_sessions ? rows : 0);
  context.threads.parallel_for(
      dataset.num_users(), kUsersPerBlock, [&](std::int64_t begin, std::int64_t end, int) {
        for (std::int64_t user = begin; user < end; ++user) {
          const DatasetUser one(dataset, static_cast<UserIndex>(user));
          const JointHistory joint(domains, one.view(), domains.target);
          const History history = joint.history();
          const auto to = offsets[static_cast<std::size_t>(user)];
          std::copy(history.items.begin(), history.items.end(), items.begin() + to);
          std::copy(history.weights.begin(), history.weights.end(), weights.begin() + to);
          if (timed) std::copy(history.time_ns.begin(), history.time_ns.end(), times.begin() + to);
          if (in_sessions)
            std::copy(history.sessions.begin(), history.sessions.end(), sessions.begin() + to);
        }
      });
  std::vector<std::int64_t> ids(static_cast<std::size_t>(domains.all_items()));
  std::iota(ids.begin(), ids.end(), 0);
  Domain joint;
  joint.name = dataset.domains()[domains.target].name;
  joint.items = Vocabulary(std::move(ids));
  joint.offsets = std::move(offsets);
  joint.item = std::move(items);
  joint.weight = std::move(weights);
  joint.time_ns = std::move(times);
  joint.session = std::move(sessions);
  std::vector<Domain> one;
  one.push_back(std::move(joint));
  return Dataset(dataset.users(), std::move(one));
}

}  // namespace crossfade
