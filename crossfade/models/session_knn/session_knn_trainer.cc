// Where sessions begin and end, then by item where it was played; see session_knn_trainer.h.
#include "crossfade/models/session_knn/session_knn_trainer.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "crossfade/models/neighbours/plays.h"
#include "crossfade/models/session_knn/session_knn_model.h"

namespace crossfade {
namespace {

constexpr double kMinuteNs = 60e9;

// Plays [begin, end) of one session, by their places in Plays.
struct Span {
  std::int64_t begin, end, end_ns;
};

// In the order of users.
std::vector<Span> find_sessions(const SessionKnnConfig& config, const Domain& domain,
                                const Plays& plays) {
  const bool timed = !domain.time_ns.empty();
  const bool pauses = domain.session.empty() && timed && config.gap_minutes > 0;
  const auto time_ns = [&](std::int64_t place) {
    return timed ? domain.time_ns[at(plays.rows[at(place)])] : 0;
  };
  std::vector<Span> spans;
  const std::int64_t size = std::ssize(plays.items);
  for (std::int64_t begin = 0, end = 0; begin < size; begin = end) {
    end = begin + 1;
    while (plays.first[at(end)] == 0 &&
           !(pauses &&
             static_cast<double>(time_ns(end) - time_ns(end - 1)) > config.gap_minutes * kMinuteNs))
      ++end;
    spans.push_back({std::max(begin, end - config.length), end, time_ns(end - 1)});
  }
  return spans;
}

// The newest of every item, and which sessions are among them.
struct ByItem {
  std::vector<std::int64_t> offsets;
  std::vector<SessionIndex> sessions;
};

// `spans` in the order of their ends.
ByItem newest_by_item(const SessionKnnConfig& config, const std::vector<Span>& spans,
                      const Plays& plays, std::int64_t num_items) {
  std::vector<std::int64_t> count(at(num_items));
  // Calls body(item, session) for the newest sessions of every item, those of each falling.
  const auto visit = [&](const auto& body) {
    std::vector<SessionIndex> last(at(num_items), -1);
    std::vector<std::int64_t> met(at(num_items));
    for (auto session = static_cast<SessionIndex>(spans.size()); session-- > 0;)
      for (std::int64_t place = spans[at(session)].begin; place < spans[at(session)].end; ++place) {
        const ItemIndex item = plays.items[at(place)];
        if (last[at(item)] == session || met[at(item)] == config.recent) continue;
        last[at(item)] = session;
        body(item, session, met[at(item)]++);
      }
  };
  visit([&](ItemIndex item, SessionIndex, std::int64_t) { ++count[at(item)]; });
  ByItem by_item;
  by_item.offsets.push_back(0);
  for (const std::int64_t one : count) by_item.offsets.push_back(by_item.offsets.back() + one);
  by_item.sessions.resize(at(by_item.offsets.back()));
  visit([&](ItemIndex item, SessionIndex session, std::int64_t n) {
    by_item.sessions[at(by_item.offsets[at(item)] + n)] = session;
  });
  return by_item;
}

// Sessions that no item names are left out.
Sessions as_columns(const std::vector<Span>& spans, const Plays& plays, ByItem by_item,
                    bool timed) {
  std::vector<SessionIndex> number(spans.size(), -1);
  for (const SessionIndex session : by_item.sessions) number[at(session)] = 0;
  std::vector<std::int64_t> offsets{0}, end_ns;
  std::vector<ItemIndex> items;
  for (std::size_t session = 0; session < spans.size(); ++session) {
    if (number[session] < 0) continue;
    number[session] = static_cast<SessionIndex>(offsets.size() - 1);
    items.insert(items.end(), plays.items.begin() + spans[session].begin,
                 plays.items.begin() + spans[session].end);
    offsets.push_back(std::ssize(items));
    if (timed) end_ns.push_back(spans[session].end_ns);
  }
  for (SessionIndex& session : by_item.sessions) session = number[at(session)];
  return {std::move(offsets), std::move(items), std::move(end_ns), std::move(by_item.offsets),
          std::move(by_item.sessions)};
}

Result<std::unique_ptr<Model>> train(const TrainInput& input, Context& context) {
  SessionKnnConfig config;
  CROSSFADE_RETURN_IF_ERROR(apply_settings(config, "session_knn", input.settings));
  const Domain& domain = input.dataset.domains()[input.domain_index];
  CROSSFADE_RETURN_IF_ERROR(check_plays("session_knn", domain));
  CROSSFADE_ASSIGN_OR_RETURN(Sessions sessions, gather_sessions(config, domain, context));
  return SessionKnnModel::make(config, domain.name, std::move(sessions));
}

}  // namespace

Result<Sessions> gather_sessions(const SessionKnnConfig& config, const Domain& domain,
                                 Context& context) {
  if (config.half_life_days > 0 && domain.time_ns.empty() && !domain.item.empty())
    return usage_error("session_knn: half_life_days needs times, and domain " + domain.name +
                       " has none; set it to 0 or import the log with its times");
  context.progress.begin("session_knn: sessions", domain.num_interactions(), "plays");
  const Plays plays = lay_out_plays(domain, true);
  CROSSFADE_RETURN_IF_ERROR(context.check_stop());
  std::vector<Span> spans = find_sessions(config, domain, plays);
  std::stable_sort(spans.begin(), spans.end(),
                   [](const Span& a, const Span& b) { return a.end_ns < b.end_ns; });
  if (config.sessions > 0 && std::ssize(spans) > config.sessions)
    spans.erase(spans.begin(), spans.end() - config.sessions);
  if (spans.size() > at(INT32_MAX))
    return data_invalid("domain " + domain.name +
                        " has more sessions than session_knn can number; set sessions below 2^31");
  CROSSFADE_RETURN_IF_ERROR(context.check_stop());
  ByItem by_item = newest_by_item(config, spans, plays, domain.items.size());
  CROSSFADE_RETURN_IF_ERROR(context.check_stop());
  context.progress.advance(domain.num_interactions());
  context.progress.end();
  return as_columns(spans, plays, std::move(by_item), !domain.time_ns.empty());
}

TrainerEntry session_knn_trainer() {
  return {"what the recent sessions most like the running one went on with",
          list_knobs<SessionKnnConfig>(), &train};
}

}  // namespace crossfade
