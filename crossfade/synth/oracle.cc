// Walks the sorted lists of a user's taste in step until nothing below can enter the best k.
#include "crossfade/synth/oracle.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <utility>

namespace crossfade {
namespace {

bool better(const Oracle::Scored& a, const Oracle::Scored& b) {
  return a.score != b.score ? a.score > b.score : a.item < b.item;
}

}  // namespace

Oracle::Oracle(const Service& service, ThreadPool& threads, double cut_share)
    : service_(service), cut_share_(cut_share), offsets_{0} {
  const AliasLists& lists = service.catalogue().lists();
  for (std::int32_t list = 0; list < lists.num_lists(); ++list)
    offsets_.push_back(offsets_.back() + lists.size(list));
  sorted_.resize(static_cast<std::size_t>(offsets_.back()));
  threads.parallel_for(lists.num_lists(), 64, [&](std::int64_t begin, std::int64_t end, int) {
    std::vector<std::size_t> rows;
    for (auto list = static_cast<std::int32_t>(begin); list < end; ++list) {
      const auto items = lists.items(list);
      const auto probabilities = lists.probabilities(list);
      rows.resize(items.size());
      std::iota(rows.begin(), rows.end(), 0);
      std::sort(rows.begin(), rows.end(), [&](std::size_t a, std::size_t b) {
        return better({probabilities[a], items[a]}, {probabilities[b], items[b]});
      });
      auto* out = sorted_.data() + offsets_[static_cast<std::size_t>(list)];
      for (const std::size_t row : rows) *out++ = items[row];
    }
  });
}

std::vector<Oracle::Scored> Oracle::best(const Question& question, Scratch& scratch) const {
  scratch.mark.resize(static_cast<std::size_t>(service_.catalogue().num_items()), 0);
  const Outlook user = outlook(question, scratch);
  if (!question.keep_seen)
    for (const std::int32_t item : question.past) scratch.mark[static_cast<std::size_t>(item)] = 1;
  std::vector<Scored> list = discoveries(user, question.k, scratch);
  for (const std::int32_t item : question.past) scratch.mark[static_cast<std::size_t>(item)] = 0;
  if (question.keep_seen) add_replays(question, user, list, scratch);
  return list;
}

// The moments that count are the sessions with events after the known ones, each by their number;
// for the very next event the first of them, and its mood if it has begun already. Where nothing
// is to come, the end of the log.
Oracle::Outlook Oracle::outlook(const Question& question, Scratch& scratch) const {
  const Taste taste = service_.taste(question.user);
  service_.plan_sessions(question.user, taste, scratch.sessions);
  const auto next = cut_share_ > 0 ? 0 : static_cast<std::int64_t>(question.past.size());
  const bool one = question.horizon == Horizon::kNext;

  // By epoch: the number of events, and the sum of their shares of the activity.
  std::array<double, kEpochs> events{}, shares{};
  double total = 0, coherence = 0;
  std::int32_t mood = -1;
  Outlook result;
  result.replayable = std::ssize(question.past);
  for (const SessionPlan& session : scratch.sessions) {
    if (session.end <= next || session.share < cut_share_ || (one && total > 0)) continue;
    const double count = one ? 1 : static_cast<double>(session.end - std::max(next, session.begin));
    const auto epoch = static_cast<std::size_t>(epoch_at(session.share));
    events[epoch] += count;
    shares[epoch] += count * session.share;
    total += count;
    if (!one || session.begin >= next) continue;
    result.replayable = session.begin;
    mood = session.mood;
    coherence = service_.shape().coherence;
    result.follow = service_.shape().follow;
  }
  if (total == 0) events.back() = shares.back() = total = 1;

  for (const Taste::Part& part : taste.parts()) {
    Reach& list = result.lists.emplace_back(Reach{part.list, {}});
    double reach = 0;
    for (auto epoch = std::size_t{kEpochs}; epoch-- > 0;) {
      if (events[epoch] > 0) {
        const double plain =
            (events[epoch] * part.weight + shares[epoch] * (part.end - part.weight));
        const double chance = (1 - coherence) * plain / total + (part.list == mood ? coherence : 0);
        if (chance > 0)
          reach += chance / service_.catalogue().mass(part.list, static_cast<int>(epoch));
      }
      list.reach[epoch] = reach;
    }
  }
  return result;
}

double Oracle::score(const Outlook& outlook, std::int32_t item) const {
  const Catalogue& catalogue = service_.catalogue();
  const auto birth = static_cast<std::size_t>(catalogue.birth(item));
  double score = 0;
  for (const Reach& list : outlook.lists)
    score += list.reach[birth] * catalogue.probability(list.list, item);
  return score;
}

// The best k among items whose mark is 0. Marks 2 what it has met, and takes those marks back.
std::vector<Oracle::Scored> Oracle::discoveries(const Outlook& outlook, std::int64_t k,
                                                Scratch& scratch) const {
  const Catalogue& catalogue = service_.catalogue();
  std::vector<Scored> heap;  // its front is the worst of the best
  std::vector<std::int32_t> met;
  for (std::int64_t depth = 0;; ++depth) {
    double ceiling = 0;  // of what lies deeper, in any list
    for (const Reach& list : outlook.lists) {
      const std::int64_t row = offsets_[static_cast<std::size_t>(list.list)] + depth;
      if (row >= offsets_[static_cast<std::size_t>(list.list) + 1]) continue;
      const std::int32_t item = sorted_[static_cast<std::size_t>(row)];
      // An item that was always there reaches furthest.
      ceiling += list.reach[0] * catalogue.probability(list.list, item);
      auto& mark = scratch.mark[static_cast<std::size_t>(item)];
      if (mark != 0) continue;
      mark = 2;
      met.push_back(item);
      heap.push_back({score(outlook, item), item});
      std::push_heap(heap.begin(), heap.end(), better);
      if (static_cast<std::int64_t>(heap.size()) <= k) continue;
      std::pop_heap(heap.begin(), heap.end(), better);
      heap.pop_back();
    }
    const bool full = static_cast<std::int64_t>(heap.size()) == k;
    if (ceiling == 0 || (full && heap.front().score > ceiling)) break;
  }
  for (const std::int32_t item : met) scratch.mark[static_cast<std::size_t>(item)] = 0;
  std::sort(heap.begin(), heap.end(), better);
  while (!heap.empty() && heap.back().score <= 0) heap.pop_back();
  return heap;
}

// An item's next-event probability: follow (if it is the last known one) + (1 - follow) ((1 -
// repeat) discovery + repeat (mass of its past events)).
void Oracle::add_replays(const Question& question, const Outlook& outlook,
                         std::vector<Scored>& list, Scratch& scratch) const {
  const double stay = 1 - outlook.follow;
  const double repeat = outlook.replayable == 0 ? 0 : stay * service_.shape().repeat;
  for (Scored& scored : list) scored.score *= stay - repeat;
  service_.replay_masses(outlook.replayable, scratch.masses);
  scratch.masses.resize(question.past.size(), 0);
  std::vector<Scored>& seen = scratch.seen;
  seen.clear();
  for (std::size_t e = 0; e < question.past.size(); ++e)
    seen.push_back({repeat * scratch.masses[e], question.past[e]});
  if (!seen.empty()) seen.back().score += outlook.follow;
  std::sort(seen.begin(), seen.end(),
            [](const Scored& a, const Scored& b) { return a.item < b.item; });
  std::erase_if(list, [&](const Scored& scored) {
    const auto at =
        std::lower_bound(seen.begin(), seen.end(), scored,
                         [](const Scored& a, const Scored& b) { return a.item < b.item; });
    return at != seen.end() && at->item == scored.item;
  });
  for (std::size_t e = 0; e < seen.size();) {
    const std::int32_t item = seen[e].item;
    double chance = (stay - repeat) * score(outlook, item);
    for (; e < seen.size() && seen[e].item == item; ++e) chance += seen[e].score;
    list.push_back({chance, item});
  }
  std::sort(list.begin(), list.end(), better);
  if (static_cast<std::int64_t>(list.size()) > question.k)
    list.resize(static_cast<std::size_t>(question.k));
}

namespace {

Oracle::Question question_of(const OracleRequest& request, std::size_t row, const FirstIds& ids,
                             const Service& service) {
  const KnownHistories& known = request.known;
  Oracle::Question question{
      known.users[row] - ids.user, {}, request.k, request.keep_seen, request.horizon};
  const auto begin = static_cast<std::size_t>(known.offsets[row]);
  const auto end = static_cast<std::size_t>(known.offsets[row + 1]);
  for (std::size_t e = begin; e < end; ++e) {
    const std::int64_t item = known.items[e] - ids.item;
    if (item >= 0 && item < service.catalogue().num_items())
      question.past.push_back(static_cast<std::int32_t>(item));
  }
  return question;
}

using ChosenLists = std::vector<std::vector<Oracle::Scored>>;

Table lists_table(const ChosenLists& lists, const KnownHistories& known, const FirstIds& ids) {
  std::vector<std::int64_t> users, items;
  std::vector<float> scores;
  std::vector<std::int32_t> ranks;
  for (std::size_t row = 0; row < lists.size(); ++row)
    for (std::size_t place = 0; place < lists[row].size(); ++place) {
      users.push_back(known.users[row]);
      items.push_back(ids.item + lists[row][place].item);
      scores.push_back(static_cast<float>(lists[row][place].score));
      ranks.push_back(static_cast<std::int32_t>(place) + 1);
    }
  std::vector<std::string> sources(users.size(), "oracle");
  Table table;
  const auto add = [&](const char* name, Column::Values values) {
    table.columns.push_back({name, std::move(values), Column::Meaning::kPlain, {}});
  };
  add("user_id", std::move(users));
  add("item_id", std::move(items));
  add("score", std::move(scores));
  add("rank", std::move(ranks));
  add("source", std::move(sources));
  return table;
}

}  // namespace

Result<Table> oracle_table(const Oracle& oracle, const FirstIds& ids, const OracleRequest& request,
                           Context& context) {
  if (request.k < 1) return usage_error("k is the length of a list and must be at least 1");
  ChosenLists lists(request.known.users.size());
  std::vector<Oracle::Scratch> scratch(static_cast<std::size_t>(context.threads.num_threads()));
  const auto size = static_cast<std::int64_t>(lists.size());
  context.progress.begin("ask the oracle", size, "users");
  context.threads.parallel_for(size, 64, [&](std::int64_t begin, std::int64_t end, int worker) {
    if (context.stop.load()) return;
    for (auto row = static_cast<std::size_t>(begin); row < static_cast<std::size_t>(end); ++row) {
      const Oracle::Question question = question_of(request, row, ids, oracle.service());
      if (question.user >= 0 && question.user < oracle.service().num_users())
        lists[row] = oracle.best(question, scratch[static_cast<std::size_t>(worker)]);
    }
    context.progress.advance(end - begin);
  });
  CROSSFADE_RETURN_IF_ERROR(context.check_stop());
  context.progress.end();
  return lists_table(lists, request.known, ids);
}

}  // namespace crossfade
