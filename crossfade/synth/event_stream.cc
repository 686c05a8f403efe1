// Every user's rows have their place before anyone plays, so threads never meet.
#include "crossfade/synth/event_stream.h"

#include <algorithm>
#include <span>
#include <utility>

#include "crossfade/synth/time_order.h"

namespace crossfade {
namespace {

constexpr std::int64_t kUserGrain = 64;
constexpr std::int64_t kBucketMs = 6 * kHourMs;  // in which sessions are counted

class Player {
 public:
  Player(const Service& service, Context& context)
      : service_(service),
        context_(context),
        scratch_(static_cast<std::size_t>(context.threads.num_threads())) {}

  void resize(EventBlock& block, std::size_t size) const {
    block.users.resize(size);
    block.items.resize(size);
    block.time_ms.resize(size);
    block.places.resize(size);
    block.sessions.resize(size);
    if (service_.shape().follow > 0) block.kinds.resize(size);
    if (service_.shape().plays) block.played_s.resize(size);
  }

  // The user's events into the rows from `first` on.
  std::int64_t play(std::int64_t user, EventBlock& block, std::size_t first, int worker,
                    std::int64_t until_ms) {
    const auto size = static_cast<std::size_t>(service_.num_events(user));
    const auto cut = [&](auto& values) {
      return values.empty() ? std::span(values) : std::span(values).subspan(first, size);
    };
    const EventRows rows{cut(block.items), cut(block.time_ms), cut(block.sessions),
                         cut(block.kinds), cut(block.played_s)};
    const std::int64_t played =
        service_.play(user, rows, scratch_[static_cast<std::size_t>(worker)], until_ms);
    for (std::size_t e = 0; e < size; ++e) {
      block.users[first + e] = static_cast<std::int32_t>(user);
      block.places[first + e] = static_cast<std::int32_t>(e);
    }
    return played;
  }

  // Sessions of a user, for counting.
  const std::vector<SessionPlan>& sessions(std::int64_t user, int worker) {
    std::vector<SessionPlan>& plan = scratch_[static_cast<std::size_t>(worker)].sessions;
    service_.plan_sessions(user, service_.taste(user), plan);
    return plan;
  }

  const Service& service() const { return service_; }
  Context& context() { return context_; }

 private:
  const Service& service_;
  Context& context_;
  std::vector<Service::Scratch> scratch_;
};

Status stream_by_user(Player& player, const EventOrder& order,
                      const std::function<Status(EventBlock& block)>& sink) {
  const Service& service = player.service();
  Context& context = player.context();
  EventBlock block;
  for (std::int64_t first = 0, end = 0; first < service.num_users(); first = end) {
    const std::int64_t base = service.first_row(first);
    for (end = first + 1; end < service.num_users(); ++end)
      if (service.first_row(end + 1) - base > order.block_rows) break;
    player.resize(block, static_cast<std::size_t>(service.first_row(end) - base));
    context.threads.parallel_for(
        end - first, kUserGrain, [&](std::int64_t from, std::int64_t to, int worker) {
          if (context.stop.load()) return;
          for (std::int64_t user = first + from; user < first + to; ++user)
            player.play(user, block, static_cast<std::size_t>(service.first_row(user) - base),
                        worker, Service::kAlways);
        });
    CROSSFADE_RETURN_IF_ERROR(context.check_stop());
    const auto rows = static_cast<std::int64_t>(block.size());
    if (rows > 0) CROSSFADE_RETURN_IF_ERROR(sink(block));
    context.progress.advance(rows);
  }
  return ok_status();
}

// Ends of slices in time, by counting the events of sessions by their start; the last is kAlways.
std::vector<std::int64_t> plan_slices(Player& player, std::int64_t slice_rows) {
  const Service& service = player.service();
  std::vector<std::int64_t> ends;
  if (service.num_rows() > slice_rows) {
    const auto bucket_of = [&](std::int64_t ms) {
      return static_cast<std::size_t>((ms - service.rhythm().time_ms(0)) / kBucketMs);
    };
    std::vector<std::vector<std::int64_t>> counts(
        static_cast<std::size_t>(player.context().threads.num_threads()),
        std::vector<std::int64_t>(bucket_of(service.rhythm().time_ms(1)) + 1, 0));
    player.context().threads.parallel_for(
        service.num_users(), 1 << 10, [&](std::int64_t begin, std::int64_t end, int worker) {
          auto& count = counts[static_cast<std::size_t>(worker)];
          for (std::int64_t user = begin; user < end; ++user)
            for (const SessionPlan& session : player.sessions(user, worker))
              count[bucket_of(session.start_ms)] += session.end - session.begin;
        });
    std::int64_t rows = 0;
    for (std::size_t b = 0; b < counts[0].size(); ++b) {
      std::int64_t in_bucket = 0;
      for (const auto& count : counts) in_bucket += count[b];
      if (rows > 0 && rows + in_bucket > slice_rows) {
        ends.push_back(service.rhythm().time_ms(0) + static_cast<std::int64_t>(b) * kBucketMs);
        rows = 0;
      }
      rows += in_bucket;
    }
  }
  ends.push_back(Service::kAlways);
  return ends;
}

template <class T>
void append(std::vector<T>& to, const std::vector<T>& from, std::size_t row) {
  if (!from.empty()) to.push_back(from[row]);
}

void append_row(EventBlock& to, const EventBlock& from, std::size_t row) {
  append(to.users, from.users, row);
  append(to.items, from.items, row);
  append(to.time_ms, from.time_ms, row);
  append(to.places, from.places, row);
  append(to.sessions, from.sessions, row);
  append(to.kinds, from.kinds, row);
  append(to.played_s, from.played_s, row);
}

// The events of [begin_ms, end_ms), by user.
EventBlock play_slice(Player& player, std::int64_t begin_ms, std::int64_t end_ms) {
  const Service& service = player.service();
  constexpr std::int64_t kGrain = 1 << 10;
  std::vector<EventBlock> parts(static_cast<std::size_t>(service.num_users() / kGrain + 1));
  player.context().threads.parallel_for(
      service.num_users(), kGrain, [&](std::int64_t begin, std::int64_t end, int worker) {
        if (player.context().stop.load()) return;
        EventBlock history, &part = parts[static_cast<std::size_t>(begin / kGrain)];
        for (std::int64_t user = begin; user < end; ++user) {
          player.resize(history, static_cast<std::size_t>(service.num_events(user)));
          const auto played =
              static_cast<std::size_t>(player.play(user, history, 0, worker, end_ms));
          for (std::size_t e = 0; e < played; ++e)
            if (history.time_ms[e] >= begin_ms && history.time_ms[e] < end_ms)
              append_row(part, history, e);
        }
      });
  EventBlock slice;
  const auto join = [&](auto EventBlock::*column) {
    auto& whole = slice.*column;
    std::size_t size = 0;
    for (const EventBlock& part : parts) size += (part.*column).size();
    whole.reserve(size);
    for (EventBlock& part : parts) {
      whole.insert(whole.end(), (part.*column).begin(), (part.*column).end());
      (part.*column) = {};
    }
  };
  join(&EventBlock::users);
  join(&EventBlock::items);
  join(&EventBlock::time_ms);
  join(&EventBlock::places);
  join(&EventBlock::sessions);
  join(&EventBlock::kinds);
  join(&EventBlock::played_s);
  return slice;
}

// Rows order[first], ... of a slice.
EventBlock pick(const EventBlock& slice, std::span<const std::int32_t> order, ThreadPool& threads) {
  EventBlock block;
  const auto gather = [&](auto EventBlock::*column) {
    const auto& from = slice.*column;
    auto& to = block.*column;
    if (from.empty()) return;
    to.resize(order.size());
    threads.parallel_for(
        std::ssize(order), 1 << 16, [&](std::int64_t begin, std::int64_t end, int) {
          for (auto i = static_cast<std::size_t>(begin); i < static_cast<std::size_t>(end); ++i)
            to[i] = from[static_cast<std::size_t>(order[i])];
        });
  };
  gather(&EventBlock::users);
  gather(&EventBlock::items);
  gather(&EventBlock::time_ms);
  gather(&EventBlock::places);
  gather(&EventBlock::sessions);
  gather(&EventBlock::kinds);
  gather(&EventBlock::played_s);
  return block;
}

Status stream_by_time(Player& player, const EventOrder& order,
                      const std::function<Status(EventBlock& block)>& sink) {
  Context& context = player.context();
  std::int64_t begin_ms = 0;
  for (const std::int64_t end_ms : plan_slices(player, order.slice_rows)) {
    const EventBlock slice = play_slice(player, begin_ms, end_ms);
    CROSSFADE_RETURN_IF_ERROR(context.check_stop());
    const std::vector<std::int32_t> rows = time_order(slice.time_ms, context.threads);
    const auto block_rows = static_cast<std::size_t>(order.block_rows);
    for (std::size_t first = 0; first < rows.size(); first += block_rows) {
      const std::size_t count = std::min(block_rows, rows.size() - first);
      EventBlock block = pick(slice, std::span(rows).subspan(first, count), context.threads);
      CROSSFADE_RETURN_IF_ERROR(context.check_stop());
      CROSSFADE_RETURN_IF_ERROR(sink(block));
      context.progress.advance(static_cast<std::int64_t>(count));
    }
    begin_ms = end_ms;
  }
  return ok_status();
}

}  // namespace

Status stream_events(const Service& service, const EventOrder& order, Context& context,
                     const std::function<Status(EventBlock& block)>& sink) {
  context.progress.begin("generate " + service.shape().log, service.num_rows(), "events");
  Player player(service, context);
  CROSSFADE_RETURN_IF_ERROR(order.by_time ? stream_by_time(player, order, sink)
                                          : stream_by_user(player, order, sink));
  context.progress.end();
  return ok_status();
}

}  // namespace crossfade
