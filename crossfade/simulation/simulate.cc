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
  if (options.listeners > kMaxListeners)
    return usage_error("at most " + format_count(kMaxListeners) + " listeners at once");
  if (options.seed < 0 || options.seed > std::numeric_limits<std::uint32_t>::max())
    return usage_error("the seed has to be 0 to 4294967295, as numpy's is, not " +
                       std::to_string(options.seed));
  return ok_status();
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

class Run {
 public:
  Run(const HiddenWorld& world, Door& door, const SimulationOptions& options, Context& context);

  Status play_day(std::int64_t day);
  std::span<const SessionRecord> sessions() const { return records_; }
  std::int64_t requests() const { return requests_; }
  bool given_up() const { return given_up_; }

 private:
  struct Seat {  // of one listener among those at once
    explicit Seat(std::uint32_t seed) : random(seed) {}
    LegacyRng random;
    ListeningSession session;
    std::int64_t number = 0;  // of the session within the day
    Inquiry asked;
  };

  void open_next(Seat& seat);
  void ask(Seat& seat, bool last);
  Status take(const Reply& reply);
  void hear_all();
  void end_session(Seat& seat, Loss loss);

  const HiddenWorld& world_;
  Door& door_;
  const SimulationOptions& options_;
  Context& context_;
  std::vector<Seat> seats_;
  std::vector<SessionRecord> records_;  // of the day, by number
  std::vector<std::uint8_t> played_;    // 1: records_ has it
  // What has been answered and is to be heard: the seat, and the pair of tracks to multiply.
  std::vector<std::size_t> hearing_;
  std::vector<TrackVectors::Pair> pairs_;
  std::vector<double> products_;
  std::int64_t open_ = 0;  // sessions
  std::int64_t now_ms_ = 0;
  std::int64_t requests_ = 0, lost_in_a_row_ = 0;
  bool given_up_ = false;
};

Run::Run(const HiddenWorld& world, Door& door, const SimulationOptions& options, Context& context)
    : world_(world), door_(door), options_(options), context_(context) {
  for (std::int64_t listener = 0; listener < options.listeners; ++listener)
    seats_.emplace_back(stream_seed(options.seed, options.first_stream + listener));
}

Status Run::play_day(std::int64_t day) {
  now_ms_ = std::max(now_ms_ + 1, options_.start_ms + day * kDayMs);
  records_.assign(static_cast<std::size_t>(options_.episodes), {});
  played_.assign(records_.size(), 0);
  for (std::size_t s = 0; s < seats_.size(); ++s) {
    seats_[s].number = static_cast<std::int64_t>(s) - options_.listeners;
    open_next(seats_[s]);
  }
  std::vector<Reply> replies;
  while (open_ > 0) {
    CROSSFADE_RETURN_IF_ERROR(context_.check_stop());
    replies.clear();
    CROSSFADE_RETURN_IF_ERROR(door_.wait(replies));
    for (const Reply& reply : replies) CROSSFADE_RETURN_IF_ERROR(take(reply));
    hear_all();
  }
  std::size_t kept = 0;
  for (std::size_t i = 0; i < records_.size(); ++i)
    if (played_[i]) records_[kept++] = records_[i];
  records_.resize(kept);
  return ok_status();
}

// The seat's next session, if the day has one.
void Run::open_next(Seat& seat) {
  seat.number += options_.listeners;
  if (seat.number >= options_.episodes || given_up_) return;
  ++open_;
  seat.session.begin(world_, draw_opening(world_, seat.random));
  ask(seat, false);
}

void Run::ask(Seat& seat, bool last) {
  const ListeningSession& session = seat.session;
  seat.asked = {static_cast<std::int32_t>(&seat - seats_.data()),
                last,
                {session.listener().user, session.track(), session.share(), now_ms_++}};
  door_.ask(seat.asked);
}

Status Run::take(const Reply& reply) {
  Seat& seat = seats_[static_cast<std::size_t>(reply.listener)];
  const bool unknown =
      !seat.asked.last && (reply.track < 0 || reply.track >= world_.vectors.rows());
  if (reply.loss != Loss::kNone || unknown) {
    end_session(seat, reply.loss != Loss::kNone ? reply.loss : Loss::kUnknownTrack);
    return ok_status();
  }
  ++requests_;
  lost_in_a_row_ = 0;
  if (options_.log) CROSSFADE_RETURN_IF_ERROR(options_.log->write(seat.asked, reply));
  if (seat.asked.last) {
    end_session(seat, Loss::kNone);
    return ok_status();
  }
  hearing_.push_back(static_cast<std::size_t>(reply.listener));
  pairs_.push_back({static_cast<std::int32_t>(reply.track), seat.session.opening().interest});
  return ok_status();
}

void Run::hear_all() {
  products_.resize(pairs_.size());
  world_.vectors.products(pairs_, products_);
  for (std::size_t h = 0; h < hearing_.size(); ++h) {
    Seat& seat = seats_[hearing_[h]];
    seat.session.hear(pairs_[h].a, products_[h], seat.random);
    if (!seat.session.over() && seat.session.steps() == options_.max_steps)
      end_session(seat, Loss::kTooLong);  // steps() is at least 1, so 0 limits nothing
    else
      ask(seat, seat.session.over());
  }
  hearing_.clear();
  pairs_.clear();
}

void Run::end_session(Seat& seat, Loss loss) {
  const auto number = static_cast<std::size_t>(seat.number);
  records_[number] = {seat.session.listener().user, seat.session.opening(), seat.session.steps(),
                      seat.session.reward(), loss};
  played_[number] = 1;
  --open_;
  if (loss != Loss::kNone && loss != Loss::kTooLong) ++lost_in_a_row_;
  if (lost_in_a_row_ >= kGoneAfter + 2 * options_.listeners) given_up_ = true;
  context_.progress.advance(1);
  open_next(seat);
}

}  // namespace

std::string_view name_of(Loss loss) {
  switch (loss) {
    case Loss::kNone:
      return "none";
    case Loss::kNoConnection:
      return "no connection";
    case Loss::kConnectionLost:
      return "connection lost";
    case Loss::kLate:
      return "late answer";
    case Loss::kStatus:
      return "status other than 200";
    case Loss::kGarbage:
      return "answer that does not read";
    case Loss::kUnknownTrack:
      return "unknown track";
    case Loss::kTooLong:
      return "too many steps";
  }
  return "";
}

std::uint32_t stream_seed(std::int64_t seed, std::int64_t stream) {
  const auto start = static_cast<std::uint32_t>(seed);
  return stream == 0 ? start
                     : static_cast<std::uint32_t>(
                           Rng(start, static_cast<std::uint64_t>(stream)).next() >> 32);
}

Result<SimulationResult> simulate(const HiddenWorld& world, Door& door,
                                  const SimulationOptions& options, const DaySink& sink,
                                  Context& context) {
  CROSSFADE_RETURN_IF_ERROR(check(options));
  SimulationResult result;
  Run run(world, door, options, context);
  for (std::int64_t day = 0; day < options.days && !run.given_up(); ++day) {
    CROSSFADE_RETURN_IF_ERROR(run.play_day(day));
    result.days.push_back(sum_up(run.sessions()));
    if (sink) CROSSFADE_RETURN_IF_ERROR(sink(day, run.sessions()));
  }
  result.requests = run.requests();
  result.given_up = run.given_up();
  return result;
}

}  // namespace crossfade
