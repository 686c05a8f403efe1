// One chain of sources per domain, one builder of slates per answer. Locks: a user's events are
// logged and counted under one of 64 locks, so the log and the memory agree on their order; readers
// take none of these.
#include "crossfade/serving/recommender.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <mutex>
#include <utility>

#include "crossfade/events/live_history.h"
#include "crossfade/serving/slate_builder.h"
#include "crossfade/serving/source_list.h"
#include "crossfade/serving/source_model.h"
#include "crossfade/serving/source_popular.h"
#include "crossfade/serving/user_now.h"

namespace crossfade {
namespace {

// The chain of recommender.h's first paragraph.
std::vector<std::unique_ptr<Source>> make_chain(const BundleDomain& domain, std::size_t index) {
  std::vector<std::unique_ptr<Source>> chain;
  const auto add_model = [&](ModelSource::For users) {
    if (domain.model) chain.push_back(std::make_unique<ModelSource>(domain.model, index, users));
  };
  add_model(ModelSource::For::kLive);
  chain.push_back(std::make_unique<ListSource>(domain));
  add_model(ModelSource::For::kStored);
  chain.push_back(std::make_unique<PopularSource>(domain));
  return chain;
}

// What next() may not play: hidden items and, if there is a catalogue, what is not in it.
std::vector<std::uint8_t> unplayable_items(const Bundle& bundle, std::size_t domain) {
  const BundleDomain& source = bundle.domains()[domain];
  const bool cataloged = !bundle.catalog().empty() && domain == bundle.catalog_domain();
  if (!cataloged) return {source.hidden.begin(), source.hidden.end()};
  std::vector<std::uint8_t> unplayable(static_cast<std::size_t>(source.num_items), 1);
  for (const ItemIndex item : bundle.catalog_items())
    unplayable[static_cast<std::size_t>(item)] = 0;
  for (std::size_t item = 0; item < source.hidden.size(); ++item)
    unplayable[item] |= source.hidden[item];
  return unplayable;
}

}  // namespace

struct Recommender::State {
  State(Bundle a_bundle, EventLog an_event_log, LiveOptions some_options);

  struct Serving {  // of one domain
    std::vector<std::unique_ptr<Source>> chain;
    std::vector<std::uint8_t> unplayable;
  };
  // A request with its names resolved.
  struct Asked {
    std::size_t domain = 0;
    UserNow user;
    std::vector<ItemIndex> excluded;
  };
  struct Placed {
    std::size_t domain = 0;
    ItemIndex item = kUnknown;
  };

  Result<Asked> resolve(const Request& request) const;
  void answer(const Asked& asked, bool keep_seen, SlateBuilder& slate,
              std::span<const std::uint8_t> hidden) const;
  std::vector<SlateItem> name_items(std::size_t domain, const SlateBuilder& slate) const;
  void count(const Event& event, const Placed& placed);

  const Bundle bundle;
  EventLog events;
  const LiveOptions options;
  LiveHistory live;
  std::vector<Serving> domains;
  EventLog::Recovery recovery;
  std::atomic<std::int64_t> unknown_items{0};    // events of items that the bundle does not know
  std::atomic<std::int64_t> unknown_domains{0};  // replayed events of domains it does not know
  std::array<std::mutex, LiveHistory::kShards> order;
};

Recommender::State::State(Bundle a_bundle, EventLog an_event_log, LiveOptions some_options)
    : bundle(std::move(a_bundle)),
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
    return;
  }
  const double weight = event.weight < options.skip_below ? 0 : event.weight;
  live.add(event.user, placed.domain,
           {placed.item, static_cast<float>(weight), event.time_ns, event.kind});
}

Result<Recommender::State::Asked> Recommender::State::resolve(const Request& request) const {
  CROSSFADE_ASSIGN_OR_RETURN(const std::size_t domain, bundle.find_domain(request.domain));
  std::vector<ItemIndex> excluded;
  for (const ExternalId& id : request.exclude)
    if (const ItemIndex item = bundle.find_item(domain, id); item != kUnknown)
      excluded.push_back(item);
  const UserIndex user = bundle.dataset().users().find(request.user);
  return Asked{domain, UserNow(bundle.dataset(), user, live.snapshot(request.user)),
               std::move(excluded)};
}

void Recommender::State::answer(const Asked& asked, bool keep_seen, SlateBuilder& slate,
                                std::span<const std::uint8_t> hidden) const {
  const UserView user = asked.user.view();
  const auto known =
      static_cast<std::size_t>(bundle.dataset().domains()[asked.domain].items.size());
  const auto& chain = domains[asked.domain].chain;
  for (std::size_t s = 0; s < chain.size() && slate.places_left() > 0; ++s) {
    Ask ask;
    ask.user = user;
    ask.has_live = !asked.user.live_items(asked.domain).empty();
    ask.keep_seen = keep_seen;
    ask.hidden = hidden.first(std::min(hidden.size(), known));
    ask.wanted = slate.places_left();
    ask.may_refuse = slate.num_refusable();
    chain[s]->offer(ask, [&](const ScoredItem& scored) { return slate.take(scored, s); });
  }
}

std::vector<SlateItem> Recommender::State::name_items(std::size_t domain,
                                                      const SlateBuilder& slate) const {
  std::vector<SlateItem> items;
  items.reserve(slate.items().size());
  for (const SlateBuilder::Item& item : slate.items())
    items.push_back({bundle.item_id(domain, item.scored.item), item.scored.score,
                     std::string(domains[domain].chain[item.source]->name())});
  return items;
}

Recommender::Recommender(Bundle bundle, EventLog events, LiveOptions options)
    : state_(std::make_unique<State>(std::move(bundle), std::move(events), options)) {}
Recommender::~Recommender() = default;
Recommender::Recommender(Recommender&&) noexcept = default;

Result<Slate> Recommender::recommend(const Request& request) const {
  CROSSFADE_ASSIGN_OR_RETURN(const State::Asked asked, state_->resolve(request));
  const BundleDomain& domain = state_->bundle.domains()[asked.domain];
  SlateBuilder slate(std::min(request.k, domain.num_items), domain.hidden);
  slate.block(asked.excluded);
  if (!request.keep_seen) slate.block_seen(asked.user.history(asked.domain).items);
  state_->answer(asked, request.keep_seen, slate, domain.hidden);
  return Slate{state_->name_items(asked.domain, slate)};
}

Result<std::vector<SlateItem>> Recommender::next(const Request& request) const {
  CROSSFADE_ASSIGN_OR_RETURN(const State::Asked asked, state_->resolve(request));
  const std::vector<std::uint8_t>& unplayable = state_->domains[asked.domain].unplayable;
  const std::int64_t k = std::min(request.k, state_->bundle.domains()[asked.domain].num_items);
  const std::span<const ItemIndex> played = asked.user.live_items(asked.domain);
  const std::span<const ItemIndex> seen = asked.user.history(asked.domain).items;
  // Each step is tried only if those before it left nothing.
  enum Step { kUnheard, kNotPlayedLately, kNotJustPlayed, kAny };
  for (const Step step : {kUnheard, kNotPlayedLately, kNotJustPlayed, kAny}) {
    SlateBuilder slate(k, unplayable);
    slate.block(asked.excluded);
    const bool keep_seen = request.keep_seen || step > kUnheard;
    if (!keep_seen) slate.block_seen(seen);
    if (keep_seen && step <= kNotPlayedLately) slate.block(played);
    if (step == kNotJustPlayed && !played.empty()) slate.block(played.last(1));
    state_->answer(asked, keep_seen, slate, unplayable);
    if (!slate.items().empty()) return state_->name_items(asked.domain, slate);
  }
  return std::vector<SlateItem>();
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
      if (!slate.take(scored, 0)) break;
    if (slate.places_left() > 0 && static_cast<std::int64_t>(found.size()) == asked) continue;
    for (const SlateBuilder::Item& similar : slate.items())
      answer.items.push_back({state_->bundle.item_id(d, similar.scored.item), similar.scored.score,
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
  return Json::object()
      .set("bundle", bundle.fingerprint())
      .set("engine", CROSSFADE_VERSION)
      .set("users", bundle.dataset().num_users())
      .set("domains", std::move(domains))
      .set("tracks", bundle.catalog().size())
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
