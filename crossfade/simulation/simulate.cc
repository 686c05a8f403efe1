// The loop: wait for answers, multiply for all of them at once, let each listener hear, ask on.
#include "crossfade/simulation/simulate.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include "crossfade/base/rng.h"
#include "crossfade/base/statistics.h"
#include "crossfade/base/text.h"

namespace crossfade {
namespace {

constexpr std::int64_t kDayMs = 24 * 60 * 60 * 1000;
constexpr std::int64_t kMaxListeners = 100000;
// Beyond twice the listeners, as many sessions lost in a row as make the recommender count as gone.
constexpr std::int64_t kGoneAfter = 20;

Status check(const SimulationOptions& options) {
  const auto at_least = [](const char* name, std::int64_t value, std::int64_t low) {
    if (value >= low) return ok_status();
    return usage_error(std::string(name) + " has to be at least " + std::to_string(low) + ", not " +
                       std::to_string(value));
  };
  CROSSFADE_RETURN_IF_ERROR(at_least("the number of episodes", options.episodes, 1));
  CROSSFADE_RETURN_IF_ERROR(at_least("the number of days", options.days, 1));
  CROSSFADE_RETURN_IF_ERROR(at_least("the number of listeners", options.listeners, 1));
  CROSSFADE_RETURN_IF_ERROR(at_least("the limit of steps", options.max_steps, 0));
  if (options.richer.buyers > 0 && !options.shop)
    return usage_error("buyers need a shop to go to: goods and who recommends them");
  if (options.listeners > kMaxListeners)
    return usage_error("at most " + format_count(kMaxListeners) + " listeners at once");
  if (options.seed < 0 || options.seed > std::numeric_limits<std::uint32_t>::max())
    return usage_error("the seed has to be 0 to 4294967295, as numpy's is, not " +
                       std::to_string(options.seed));
  return ok_status();
}

// Of a listener's random numbers.
std::uint32_t stream_seed(std::int64_t seed, std::int64_t stream) {
  const auto start = static_cast<std::uint32_t>(seed);
  return stream == 0 ? start
                     : static_cast<std::uint32_t>(
                           Rng(start, static_cast<std::uint64_t>(stream)).next() >> 32);
}

DayMean mean_and_error(std::span<const double> values) {
  return {mean_of(values),
          standard_deviation_of(values) / std::sqrt(static_cast<double>(values.size()))};
}

DayResult sum_up(std::span<const SessionRecord> sessions) {
  DayResult day;
  day.sessions = static_cast<std::int64_t>(sessions.size());
  std::vector<double> rewards, steps;
  for (const SessionRecord& session : sessions) {
    ++day.losses[static_cast<std::size_t>(session.loss)];
    if (session.loss != Loss::kNone) continue;
    rewards.push_back(session.reward);
    steps.push_back(static_cast<double>(session.steps));
  }
  day.reward = mean_and_error(rewards);
  day.steps = mean_and_error(steps);
  return day;
}

// A catalogue, who recommends from it, and what is going on there.
struct Place {
  const HiddenWorld* world = nullptr;
  Door* door = nullptr;
  PlayedLog* log = nullptr;
  std::int64_t asked = 0;  // questions on their way
  std::vector<SessionRecord> records = {};
  std::vector<std::uint8_t> played = {};  // 1: records has the session of that number
  // What has been answered and is to be heard: the seat, and the pair of tracks to multiply.
  std::vector<std::size_t> hearing = {};
  std::vector<TrackVectors::Pair> pairs = {};
  std::vector<double> products = {};

  void begin_day(std::int64_t sessions) {
    records.assign(static_cast<std::size_t>(sessions), {});
    played.assign(records.size(), 0);
  }
  void end_day() {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < records.size(); ++i)
      if (played[i]) records[kept++] = records[i];
    records.resize(kept);
  }
};

enum Where : std::size_t { kMusic = 0, kShop = 1 };

class Run {
 public:
  Run(const HiddenWorld& world, Door& door, const SimulationOptions& options, Context& context);

  Status play_day(std::int64_t day);
  std::span<const SessionRecord> sessions(Where where) const { return places_[where].records; }
  std::int64_t requests() const { return requests_; }
  bool given_up() const { return given_up_; }

 private:
  struct Seat {  // of one listener among those at once
    explicit Seat(std::uint32_t seed) : random(seed) {}
    LegacyRng random;
    ListeningSession session;
    std::int64_t number = 0;  // of the session within the day
    Where where = kMusic;
    Inquiry asked;
  };

  void open_next(Seat& seat);
  void ask(Seat& seat, bool last);
  Status take(Where where, const Reply& reply);
  void hear_all(Where where);
  void end_session(Seat& seat, Loss loss);

  const SimulationOptions& options_;
  Context& context_;
  std::array<Place, 2> places_;
  RicherWorld richer_;
  std::vector<Seat> seats_;
  std::int64_t today_ = 0;  // sessions of the day
  std::int64_t day_ms_ = 0, tick_ms_ = 0;
  std::int64_t requests_ = 0, lost_in_a_row_ = 0;
  bool given_up_ = false;
};

Run::Run(const HiddenWorld& world, Door& door, const SimulationOptions& options, Context& context)
    : options_(options),
      context_(context),
      places_{Place{&world, &door, options.log},
              Place{options.shop ? &options.shop->world() : nullptr, options.shop_door,
                    options.shop_log}},
      richer_(world, options.richer, options.seed, options.days) {
  for (std::int64_t listener = 0; listener < options.listeners; ++listener)
    seats_.emplace_back(stream_seed(options.seed, options.first_stream + listener));
}

Status Run::play_day(std::int64_t day) {
  day_ms_ = options_.start_ms + day * kDayMs;
  tick_ms_ = 0;
  today_ = richer_.begin_day(day, options_.episodes);
  for (Place& place : places_)
    if (place.world) place.begin_day(today_);
  for (std::size_t s = 0; s < seats_.size(); ++s) {
    seats_[s].number = static_cast<std::int64_t>(s) - options_.listeners;
    open_next(seats_[s]);
  }
  std::vector<Reply> replies;
  while (places_[kMusic].asked + places_[kShop].asked > 0) {
    CROSSFADE_RETURN_IF_ERROR(context_.check_stop());
    for (const Where where : {kMusic, kShop}) {
      if (places_[where].asked == 0) continue;
      replies.clear();
      CROSSFADE_RETURN_IF_ERROR(places_[where].door->wait(replies));
      for (const Reply& reply : replies) CROSSFADE_RETURN_IF_ERROR(take(where, reply));
      hear_all(where);
    }
  }
  for (Place& place : places_) place.end_day();
  richer_.end_day();
  return ok_status();
}

// The seat's next session, if the day has one.
void Run::open_next(Seat& seat) {
  seat.number += options_.listeners;
  if (seat.number >= today_ || given_up_) return;
  seat.where = kMusic;
  seat.session.begin(*places_[kMusic].world, richer_.open(seat.number, seat.random));
  ask(seat, false);
}

void Run::ask(Seat& seat, bool last) {
  const ListeningSession& session = seat.session;
  const std::int64_t at_ms =
      day_ms_ + richer_.time_of_day(seat.number) * (kDayMs / kTimesOfDay) + tick_ms_++;
  seat.asked = {static_cast<std::int32_t>(&seat - seats_.data()),
                last,
                {session.listener().user, session.track(), session.share(), at_ms}};
  ++places_[seat.where].asked;
  places_[seat.where].door->ask(seat.asked);
}

Status Run::take(Where where, const Reply& reply) {
  Seat& seat = seats_[static_cast<std::size_t>(reply.listener)];
  Place& place = places_[where];
  --place.asked;
  const bool unknown =
      !seat.asked.last && (reply.track < 0 || reply.track >= place.world->vectors.rows());
  if (reply.loss != Loss::kNone || unknown) {
    end_session(seat, reply.loss != Loss::kNone ? reply.loss : Loss::kUnknownTrack);
    return ok_status();
  }
  ++requests_;
  lost_in_a_row_ = 0;
  if (place.log) CROSSFADE_RETURN_IF_ERROR(place.log->write(seat.asked, reply));
  if (seat.asked.last) {
    end_session(seat, Loss::kNone);
    return ok_status();
  }
  place.hearing.push_back(static_cast<std::size_t>(reply.listener));
  place.pairs.push_back({static_cast<std::int32_t>(reply.track), seat.session.opening().interest});
  return ok_status();
}

void Run::hear_all(Where where) {
  Place& place = places_[where];
  place.products.resize(place.pairs.size());
  place.world->vectors.products(place.pairs, place.products);
  for (std::size_t h = 0; h < place.hearing.size(); ++h) {
    Seat& seat = seats_[place.hearing[h]];
    const std::int32_t track = place.pairs[h].a;
    const Circumstances now =
        where == kMusic ? richer_.circumstances(seat.session, track) : Circumstances();
    seat.session.hear(track, place.products[h], seat.random, now);
    if (!seat.session.over() && seat.session.steps() == options_.max_steps)
      end_session(seat, Loss::kTooLong);  // steps() is at least 1, so 0 limits nothing
    else
      ask(seat, seat.session.over());
  }
  place.hearing.clear();
  place.pairs.clear();
}

void Run::end_session(Seat& seat, Loss loss) {
  Place& place = places_[seat.where];
  const auto number = static_cast<std::size_t>(seat.number);
  const ListeningSession& session = seat.session;
  place.records[number] = {session.listener().user, session.opening(), session.steps(),
                           session.reward(), loss};
  place.played[number] = 1;
  if (loss != Loss::kNone && loss != Loss::kTooLong) ++lost_in_a_row_;
  if (lost_in_a_row_ >= kGoneAfter + 2 * options_.listeners) given_up_ = true;
  if (seat.where == kMusic) {
    context_.progress.advance(1);
    richer_.remember(seat.number, session);
    if (loss == Loss::kNone && options_.shop && richer_.enters_shop(seat.number)) {
      const Opening opening = options_.shop->open(session.opening(), seat.random);
      seat.where = kShop;
      seat.session.begin(*places_[kShop].world, opening);
      return ask(seat, false);
    }
  }
  open_next(seat);
}

}  // namespace

Result<SimulationResult> simulate(const HiddenWorld& world, Door& door,
                                  const SimulationOptions& options, const DaySink& sink,
                                  Context& context) {
  CROSSFADE_RETURN_IF_ERROR(check(options));
  SimulationResult result;
  Run run(world, door, options, context);
  for (std::int64_t day = 0; day < options.days && !run.given_up(); ++day) {
    CROSSFADE_RETURN_IF_ERROR(run.play_day(day));
    result.days.push_back(sum_up(run.sessions(kMusic)));
    if (options.shop) result.shop_days.push_back(sum_up(run.sessions(kShop)));
    if (sink) CROSSFADE_RETURN_IF_ERROR(sink(day, run.sessions(kMusic)));
  }
  result.requests = run.requests();
  result.given_up = run.given_up();
  return result;
}

}  // namespace crossfade
