// A chain of sources per domain and per flow, one builder of slates per answer. Locks: a user's
// events are logged and counted under one of 64 locks, so the log and the memory agree on their
// order; readers take none of these.
#include "crossfade/serving/recommender.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <mutex>
#include <utility>

#include "crossfade/events/live_history.h"
#include "crossfade/serving/flows.h"
#include "crossfade/serving/slate_builder.h"
#include "crossfade/serving/source_list.h"
#include "crossfade/serving/source_model.h"
#include "crossfade/serving/source_popular.h"
#include "crossfade/serving/user_now.h"

namespace crossfade {
namespace {

// The chain of recommender.h's first paragraph.
Chain make_chain(const BundleDomain& domain, std::size_t index) {
  Chain chain;
  const auto add_model = [&](ModelSource::For users) {
    if (domain.model) chain.push_back(std::make_shared<ModelSource>(domain.model, index, users));
  };
  add_model(ModelSource::For::kLive);
  chain.push_back(std::make_shared<ListSource>(domain));
  add_model(ModelSource::For::kStored);
  chain.push_back(std::make_shared<PopularSource>(domain));
  return chain;
}

}  // namespace

struct Recommender::State {
  State(Bundle a_bundle, Flows some_flows, EventLog an_event_log, LiveOptions some_options);

  struct Serving {  // of one domain
    Chain chain;
    std::vector<std::uint8_t> unplayable;
  };
  // A request with its names resolved.
  struct Asked {
    std::size_t domain = 0;
    const ExternalId& user_id;
    UserNow user;
    std::vector<ItemIndex> excluded;
    ItemIndex played = kUnknown;  // just now
    double share = 1;
  };
  struct Placed {
    std::size_t domain = 0;
    ItemIndex item = kUnknown;
  };

  Result<Asked> resolve(const Request& request) const;
  void answer(const Asked& asked, const Chain& chain, bool keep_seen, SlateBuilder& slate,
              std::span<const std::uint8_t> hidden) const;
  std::vector<SlateItem> play_on(const Asked& asked, const Request& request,
                                 const Flow* flow) const;
  std::vector<SlateItem> name_items(std::size_t domain, const Chain& chain,
                                    const SlateBuilder& slate) const;
  void note(const char* asked, const Request& request, std::size_t domain, const Slate& slate);
  void count(const Event& event, const Placed& placed);

  const Bundle bundle;
  const Flows flows;  // of the catalogue's domain
  EventLog events;
  const LiveOptions options;
  LiveHistory live;
  std::vector<Serving> domains;
  EventLog::Recovery recovery;
  std::atomic<std::int64_t> unknown_items{0};    // events of items that the bundle does not know
  std::atomic<std::int64_t> unknown_domains{0};  // replayed events of domains it does not know
  std::array<std::mutex, LiveHistory::kShards> order;
};

Recommender::State::State(Bundle a_bundle, Flows some_flows, EventLog an_event_log,
                          LiveOptions some_options)
    : bundle(std::move(a_bundle)),
      flows(std::move(some_flows)),
      events(std::move(an_event_log)),
      options(some_options),
      live(bundle.domains().size()) {
  for (std::size_t d = 0; d < bundle.domains().size(); ++d)
    domains.push_back({make_chain(bundle.domains()[d], d), unplayable_items(bundle, d)});
  recovery = events.replay([&](const Event& event) {
    const auto domain = bundle.find_domain(event.domain);
    if (domain.ok())
      count(event, {*domain, bundle.find_item(*domain, event.item)});
    else
      ++unknown_domains;
  });
}

void Recommender::State::count(const Event& event, const Placed& placed) {
  if (placed.item == kUnknown) {
    ++unknown_items;
    live.pass(event.user);
    return;
  }
  const auto reported = static_cast<float>(event.weight);
  const float weight = event.weight < options.skip_below ? 0 : reported;
  live.add(event.user, placed.domain, {placed.item, weight, event.time_ns, event.kind, reported});
}

Result<Recommender::State::Asked> Recommender::State::resolve(const Request& request) const {
  CROSSFADE_ASSIGN_OR_RETURN(const std::size_t domain, bundle.find_domain(request.domain));
  std::vector<ItemIndex> excluded;
  for (const ExternalId& id : request.exclude)
    if (const ItemIndex item = bundle.find_item(domain, id); item != kUnknown)
      excluded.push_back(item);
  const UserIndex user = bundle.dataset().users().find(request.user);
  Asked asked{domain, request.user, UserNow(bundle.dataset(), user, live.snapshot(request.user)),
              std::move(excluded)};
  const auto plays = asked.user.live_items(domain);
  if (request.played) {
    asked.played = bundle.find_item(domain, request.played->item);
    asked.share = request.played->share;
  } else if (!plays.empty()) {
    asked.played = plays.back();
    asked.share = asked.user.live_reported(domain).back();
  }
  return asked;
}

void Recommender::State::answer(const Asked& asked, const Chain& chain, bool keep_seen,
                                SlateBuilder& slate, std::span<const std::uint8_t> hidden) const {
  const auto known =
      static_cast<std::size_t>(bundle.dataset().domains()[asked.domain].items.size());
  // One stream per user and moment.
  Rng rng(mix64(static_cast<std::uint64_t>(options.seed)) ^ LiveHistory::hash_of(asked.user_id),
          asked.user.num_events());
  for (std::size_t s = 0; s < chain.size() && slate.places_left() > 0; ++s) {
    const Ask ask{.user = asked.user.view(),
                  .user_id = asked.user_id,
                  .has_live = !asked.user.live_items(asked.domain).empty(),
                  .keep_seen = keep_seen,
                  .hidden = hidden.first(std::min(hidden.size(), known)),
                  .wanted = slate.places_left(),
                  .may_refuse = slate.num_refusable(),
                  .slate = slate,
                  .rng = rng,
                  .played = asked.played,
                  .share = asked.share,
                  .plays = asked.user.live_items(asked.domain),
                  .play_shares = asked.user.live_reported(asked.domain),
                  .play_kinds = asked.user.live_kinds(asked.domain)};
    chain[s]->offer(ask, [&](const Offer& offer) { return slate.take(offer, s); });
  }
}

std::vector<SlateItem> Recommender::State::play_on(const Asked& asked, const Request& request,
                                                   const Flow* flow) const {
  const Chain& chain = flow ? flow->chain : domains[asked.domain].chain;
  const std::vector<std::uint8_t>& unplayable = domains[asked.domain].unplayable;
  const std::int64_t k = std::min(request.k, bundle.domains()[asked.domain].num_items);
  const std::span<const ItemIndex> played = asked.user.live_items(asked.domain);
  const std::span<const ItemIndex> seen = asked.user.history(asked.domain).items;
  // Each step is tried only if those before it left nothing.
  enum Step { kUnheard, kNotPlayedLately, kNotJustPlayed, kAny };
  for (const Step step : {kUnheard, kNotPlayedLately, kNotJustPlayed, kAny}) {
    if (flow && flow->repeats && step != kAny) continue;
    SlateBuilder slate(k, unplayable);
    slate.block(asked.excluded);
    const bool keep_seen = request.keep_seen || step > kUnheard;
    if (!keep_seen) slate.block_seen(seen);
    if (keep_seen && step <= kNotPlayedLately) slate.block(played);
    if (step == kNotJustPlayed && !played.empty()) slate.block(played.last(1));
    answer(asked, chain, keep_seen, slate, unplayable);
    if (!slate.items().empty()) return name_items(asked.domain, chain, slate);
  }
  return {};
}

std::vector<SlateItem> Recommender::State::name_items(std::size_t domain, const Chain& chain,
                                                      const SlateBuilder& slate) const {
  std::vector<SlateItem> items;
  items.reserve(slate.items().size());
  for (const SlateBuilder::Item& item : slate.items())
    items.push_back({bundle.item_id(domain, item.offer.item), item.offer.score,
                     std::string(chain[item.source]->name()), item.offer.propensity});
  return items;
}

void Recommender::State::note(const char* asked, const Request& request, std::size_t domain,
                              const Slate& slate) {
  if (!options.log_answers || events.path().empty()) return;
  Answer record;
  record.asked = asked;
  record.user = request.user;
  record.domain = bundle.dataset().domains()[domain].name;
  record.time_ns = request.time_ns;
  if (request.played) record.after = request.played->item;
  record.flow = slate.flow;
  record.treatments = slate.treatments;
  record.shown.reserve(slate.items.size());
  for (const SlateItem& item : slate.items)
    record.shown.push_back({item.item, item.source, item.propensity});
  events.note(record);
}

Recommender::Recommender(std::unique_ptr<State> state) : state_(std::move(state)) {}
Recommender::Recommender(Bundle bundle, EventLog events, LiveOptions options)
    : Recommender(create(std::move(bundle), std::move(events), options).value()) {}
Recommender::~Recommender() = default;
Recommender::Recommender(Recommender&&) noexcept = default;

Result<Recommender> Recommender::create(Bundle bundle, EventLog events, LiveOptions options) {
  auto flows = Flows::make(bundle);
  // They were looked at when the bundle was made: by another engine, it seems.
  if (!flows.ok())
    return data_invalid("the bundle's flows cannot be served: " + flows.status().message());
  return Recommender(
      std::make_unique<State>(std::move(bundle), *std::move(flows), std::move(events), options));
}

Result<Slate> Recommender::recommend(const Request& request) const {
  CROSSFADE_ASSIGN_OR_RETURN(const State::Asked asked, state_->resolve(request));
  const BundleDomain& domain = state_->bundle.domains()[asked.domain];
  SlateBuilder slate(std::min(request.k, domain.num_items), domain.hidden);
  slate.block(asked.excluded);
  if (!request.keep_seen) slate.block_seen(asked.user.history(asked.domain).items);
  const Chain& chain = state_->domains[asked.domain].chain;
  state_->answer(asked, chain, request.keep_seen, slate, domain.hidden);
  Slate answer{state_->name_items(asked.domain, chain, slate)};
  state_->note("recommend", request, asked.domain, answer);
  return answer;
}

Result<Slate> Recommender::next(const Request& request) const {
  CROSSFADE_ASSIGN_OR_RETURN(const State::Asked asked, state_->resolve(request));
  Slate answer;
  const Flow* flow = state_->flows.choose(request.user, answer.treatments);
  if (asked.domain != state_->bundle.catalog_domain()) flow = nullptr;
  if (flow) answer.flow = flow->name;
  answer.items = state_->play_on(asked, request, flow);
  state_->note("next", request, asked.domain, answer);
  return answer;
}

std::vector<Treatment> Recommender::treatments(const ExternalId& user) const {
  return state_->flows.treatments(user);
}

Status Recommender::observe(std::span<const Event> events) {
  std::vector<Event> named(events.begin(), events.end());
  std::vector<State::Placed> placed;
  std::array<bool, LiveHistory::kShards> touched{};
  for (Event& event : named) {
    CROSSFADE_ASSIGN_OR_RETURN(const std::size_t domain, state_->bundle.find_domain(event.domain));
    // The log keeps the name: the first domain of another bundle may be another one.
    event.domain = state_->bundle.dataset().domains()[domain].name;
    placed.push_back({domain, state_->bundle.find_item(domain, event.item)});
    touched[LiveHistory::shard_of(event.user)] = true;
  }
  std::vector<std::unique_lock<std::mutex>> locks;  // always in rising order
  for (std::size_t shard = 0; shard < touched.size(); ++shard)
    if (touched[shard]) locks.emplace_back(state_->order[shard]);
  CROSSFADE_RETURN_IF_ERROR(state_->events.append(named));
  for (std::size_t i = 0; i < named.size(); ++i) state_->count(named[i], placed[i]);
  return ok_status();
}

Result<Slate> Recommender::similar(const ExternalId& item, const std::string& domain,
                                   std::int64_t k) const {
  CROSSFADE_ASSIGN_OR_RETURN(const std::size_t d, state_->bundle.find_domain(domain));
  const BundleDomain& source = state_->bundle.domains()[d];
  const ItemIndex index = state_->bundle.find_item(d, item);
  Slate answer;
  if (index == kUnknown || !source.model || k < 1) return answer;
  k = std::min(k, source.num_items);
  // Hidden items are few: asking for some more than k nearly always suffices.
  for (std::int64_t asked = k + (source.hidden.empty() ? 0 : 16);; asked *= 4) {
    SlateBuilder slate(k, source.hidden);
    slate.block(std::span(&index, 1));
    const auto found = source.model->similar(index, asked);
    for (const ScoredItem& scored : found)
      if (!slate.take({scored.item, scored.score}, 0)) break;
    if (slate.places_left() > 0 && static_cast<std::int64_t>(found.size()) == asked) continue;
    for (const SlateBuilder::Item& similar : slate.items())
      answer.items.push_back({state_->bundle.item_id(d, similar.offer.item), similar.offer.score,
                              std::string(source.model->name())});
    return answer;
  }
}

std::optional<CatalogEntry> Recommender::track(std::int64_t track) const {
  return state_->bundle.catalog().find(track);
}

Json Recommender::describe() const {
  const Bundle& bundle = state_->bundle;
  Json domains = Json::array();
  for (std::size_t d = 0; d < bundle.domains().size(); ++d) {
    const BundleDomain& domain = bundle.domains()[d];
    domains.push(Json::object()
                     .set("name", bundle.dataset().domains()[d].name)
                     .set("items", domain.num_items)
                     .set("model", domain.model ? Json(domain.model->name()) : Json()));
  }
  Json flows = Json::array(), experiments = Json::array();
  for (const Flow& flow : state_->flows.flows()) flows.push(flow.name);
  for (const Experiment& experiment : state_->flows.experiments())
    experiments.push(experiment.name());
  return Json::object()
      .set("bundle", bundle.fingerprint())
      .set("engine", CROSSFADE_VERSION)
      .set("users", bundle.dataset().num_users())
      .set("domains", std::move(domains))
      .set("tracks", bundle.catalog().size())
      .set("flows", std::move(flows))
      .set("experiments", std::move(experiments))
      .set("events", state_->events.num_events())
      .set("live_users", state_->live.num_users())
      .set("events_of_unknown_items", state_->unknown_items.load())
      .set("events_of_unknown_domains", state_->unknown_domains.load());
}

const EventLog::Recovery& Recommender::recovery() const {
  return state_->recovery;
}

Status Recommender::sync() {
  return state_->events.sync();
}

}  // namespace crossfade
