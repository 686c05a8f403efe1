// Likeness summed over the sessions of the items played now, and the votes of the best; see
// session_knn_model.h.
#include "crossfade/models/session_knn/session_knn_model.h"

#include <algorithm>
#include <cmath>

#include "crossfade/models/neighbours/best_of_sums.h"
#include "crossfade/models/neighbours/sums.h"
#include "crossfade/models/scored.h"

namespace crossfade {
namespace {

constexpr double kDayNs = 86400e9;

}  // namespace

SessionKnnModel::SessionKnnModel(const SessionKnnConfig& config, std::string domain,
                                 Sessions sessions)
    : config_(config), domain_(std::move(domain)), sessions_(std::move(sessions)) {
  const auto all = static_cast<double>(sessions_.size());
  for (ItemIndex item = 0; item < num_items(); ++item) {
    const auto of_item =
        static_cast<double>(std::max<std::size_t>(sessions_.sessions_of(item).size(), 1));
    rarity_.push_back(static_cast<float>(std::pow(std::log1p(all / of_item), config_.idf)));
  }
  double share = 1;
  for (std::int64_t d = 1; d <= config_.length; ++d, share *= config_.near)
    shares_.push_back(static_cast<float>(share));
}

Result<std::unique_ptr<Model>> SessionKnnModel::make(const SessionKnnConfig& config,
                                                     std::string domain, Sessions sessions) {
  CROSSFADE_RETURN_IF_ERROR(sessions.check());
  for (SessionIndex session = 0; session < sessions.size(); ++session)
    if (std::ssize(sessions.items_of(session)) > config.length)
      return data_invalid("session " + std::to_string(session) +
                          " has more plays than the model's knob length, " +
                          std::to_string(config.length));
  return std::unique_ptr<Model>(
      new SessionKnnModel(config, std::move(domain), std::move(sessions)));
}

float SessionKnnModel::Running::weight(ItemIndex item) const {
  for (const ScoredItem& one : items)
    if (one.item == item) return one.score;
  return 0;
}

SessionKnnModel::Running SessionKnnModel::running_session(const History& history) const {
  Running running;
  if (!history.time_ns.empty())
    running.now_ns = history.time_ns.back();
  else if (!sessions_.end_ns.empty())
    running.now_ns = sessions_.end_ns[sessions_.end_ns.size() - 1];
  float weight = 1;
  for (std::size_t row = history.size(); row-- > 0;) {
    if (config_.running == "session" && row + 1 < history.size() &&
        ends_session(history, row, config_.gap_minutes))
      break;
    const ItemIndex item = history.items[row];
    if (!(history.weights[row] > 0) || item < 0 || item >= num_items() || running.weight(item) > 0)
      continue;
    running.items.push_back({item, weight});
    weight *= static_cast<float>(config_.fading);
    if (std::ssize(running.items) == config_.last || weight == 0) break;
  }
  return running;
}

float SessionKnnModel::closeness(SessionIndex session, float shared, std::int64_t now_ns) const {
  double close = shared;
  if (config_.per_length > 0)
    close *= std::pow(static_cast<double>(sessions_.items_of(session).size()), -config_.per_length);
  if (config_.half_life_days > 0 && !sessions_.end_ns.empty()) {
    const auto age_ns = static_cast<double>(now_ns - sessions_.end_ns[at(session)]);
    close *= std::exp2(-std::max(age_ns, 0.0) / kDayNs / config_.half_life_days);
  }
  return static_cast<float>(close);
}

template <class Sums>
std::vector<SessionKnnModel::Neighbour> SessionKnnModel::neighbours_of(const Running& running,
                                                                       Sums& likeness) const {
  std::size_t most = 0;
  for (const ScoredItem& one : running.items) most += sessions_.sessions_of(one.item).size();
  likeness.expect(most);
  for (const ScoredItem& one : running.items)
    for (const SessionIndex session : sessions_.sessions_of(one.item))
      likeness.add(session, one.score);
  std::vector<ScoredItem> found;
  likeness.take([&](SessionIndex session, float sum) { found.push_back({session, sum}); });
  const auto sample = at(config_.sample);
  if (found.size() > sample) {  // the newest of them: those of the highest numbers
    std::nth_element(found.begin(), found.begin() + config_.sample, found.end(),
                     [](const ScoredItem& a, const ScoredItem& b) { return a.item > b.item; });
    found.resize(sample);
  }
  for (ScoredItem& one : found) one.score = closeness(one.item, one.score, running.now_ns);
  const auto nearer = [](const ScoredItem& a, const ScoredItem& b) {  // of two alike the newer
    return a.score != b.score ? a.score > b.score : a.item > b.item;
  };
  const auto kept = std::min<std::ptrdiff_t>(std::ssize(found), config_.neighbours);
  std::partial_sort(found.begin(), found.begin() + kept, found.end(), nearer);
  found.resize(static_cast<std::size_t>(kept));
  std::vector<Neighbour> neighbours;
  for (const ScoredItem& one : found) {
    if (!(one.score > 0)) continue;
    const auto items = sessions_.items_of(one.item);
    std::size_t met_at = 0;
    float newest = 0;  // of two plays of one item the first counts
    for (std::size_t n = 0; n < items.size() && newest < 1; ++n)
      if (const float weight = running.weight(items[n]); weight > newest) {
        newest = weight;
        met_at = n;
      }
    neighbours.push_back({one.item, one.score, met_at});
  }
  return neighbours;
}

float SessionKnnModel::share_of(std::size_t n, std::size_t met_at) const {
  if (n == met_at) return 0;
  return n > met_at ? shares_[n - met_at - 1]
                    : static_cast<float>(config_.before) * shares_[met_at - n - 1];
}

template <class Sums>
std::vector<ScoredItem> SessionKnnModel::answer(const History& history,
                                                const RecommendOptions& options,
                                                Scratch<Sums>& scratch) const {
  const std::vector<Neighbour> neighbours =
      neighbours_of(running_session(history), scratch.likeness);
  std::size_t most = 0;
  for (const Neighbour& one : neighbours) most += sessions_.items_of(one.session).size();
  scratch.votes.expect(most);
  for (const Neighbour& one : neighbours) {
    const auto items = sessions_.items_of(one.session);
    for (std::size_t n = 0; n < items.size(); ++n)
      if (const float share = share_of(n, one.met_at); share > 0)
        scratch.votes.add(items[n], one.likeness * share * rarity_[at(items[n])]);
  }
  return best_of_sums(history, num_items(), options, scratch.votes);
}

std::vector<ScoredItem> SessionKnnModel::recommend(const UserView& view, std::size_t domain_index,
                                                   const RecommendOptions& options) const {
  Scratch<SparseSums> scratch;
  return answer(history_of(view, domain_index), options, scratch);
}

Result<Candidates> SessionKnnModel::recommend_batch(std::span<const UserView> views,
                                                    std::size_t domain_index,
                                                    const RecommendOptions& options,
                                                    Context& context) const {
  std::vector<Scratch<DenseSums>> scratch(at(context.threads.num_threads()),
                                          {DenseSums(sessions_.size()), DenseSums(num_items())});
  return answer_each(views, name(), context, [&](const UserView& view, int worker) {
    return answer(history_of(view, domain_index), options, scratch[at(worker)]);
  });
}

std::vector<ScoredItem> SessionKnnModel::similar(ItemIndex item, std::int64_t k) const {
  return answer_to_item_alone(*this, item, k);
}

std::vector<ScoredItem> SessionKnnModel::explain(const UserView& view, std::size_t domain_index,
                                                 ItemIndex item, std::int64_t k) const {
  const Running running = running_session(history_of(view, domain_index));
  std::vector<ScoredItem> terms = running.items;
  for (ScoredItem& term : terms) term.score = 0;
  SparseSums likeness;
  for (const Neighbour& one : neighbours_of(running, likeness)) {
    const auto items = sessions_.items_of(one.session);
    float vote = 0, shared = 0;
    for (std::size_t n = 0; n < items.size(); ++n)
      if (items[n] == item) vote += one.likeness * share_of(n, one.met_at) * rarity_[at(item)];
    if (vote == 0) continue;
    const auto has = [&](ItemIndex other) {
      return std::find(items.begin(), items.end(), other) != items.end();
    };
    for (const ScoredItem& from : running.items) shared += has(from.item) ? from.score : 0;
    for (std::size_t n = 0; n < terms.size(); ++n)
      if (has(terms[n].item)) terms[n].score += vote * running.items[n].score / shared;
  }
  std::erase_if(terms, [](const ScoredItem& term) { return term.score == 0; });
  keep_best(terms, k);
  return terms;
}

Status SessionKnnModel::save(ArtifactWriter& writer) const {
  writer.metadata().set("session_knn", knobs_to_json(config_));
  CROSSFADE_RETURN_IF_ERROR(writer.add<std::int64_t>("offsets.npy", sessions_.offsets));
  CROSSFADE_RETURN_IF_ERROR(writer.add<ItemIndex>("items.npy", sessions_.items));
  CROSSFADE_RETURN_IF_ERROR(writer.add<std::int64_t>("end_ns.npy", sessions_.end_ns));
  CROSSFADE_RETURN_IF_ERROR(writer.add<std::int64_t>("item_offsets.npy", sessions_.item_offsets));
  return writer.add<SessionIndex>("item_sessions.npy", sessions_.of_item);
}

Result<std::unique_ptr<Model>> load_session_knn(const Artifact& artifact) {
  SessionKnnConfig config;
  CROSSFADE_RETURN_IF_ERROR(apply_settings(config, "session_knn",
                                           settings_from_json(artifact.metadata()["session_knn"])));
  CROSSFADE_ASSIGN_OR_RETURN(std::string domain, artifact.metadata().string_at("domain"));
  CROSSFADE_ASSIGN_OR_RETURN(auto offsets, artifact.read<std::int64_t>("offsets.npy"));
  CROSSFADE_ASSIGN_OR_RETURN(auto items, artifact.read<ItemIndex>("items.npy"));
  CROSSFADE_ASSIGN_OR_RETURN(auto end_ns, artifact.read<std::int64_t>("end_ns.npy"));
  CROSSFADE_ASSIGN_OR_RETURN(auto item_offsets, artifact.read<std::int64_t>("item_offsets.npy"));
  CROSSFADE_ASSIGN_OR_RETURN(auto of_item, artifact.read<SessionIndex>("item_sessions.npy"));
  return SessionKnnModel::make(
      config, std::move(domain),
      {std::move(offsets.values), std::move(items.values), std::move(end_ns.values),
       std::move(item_offsets.values), std::move(of_item.values)});
}

}  // namespace crossfade
