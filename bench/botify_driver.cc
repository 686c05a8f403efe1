// Plays the published baselines of botify in a generated world, for bench/botify_world.py.
//
//   botify_driver GENERATION SEED EPISODES USERS name=value...
//
// GENERATION is 2022 or 2026; USERS a users.json over the same number of tracks, or "-" for the
// world's own listeners; name=value are knobs (synth/botify.h). Prints one JSON line: what the
// embeddings look like, and of each recommender the mean time of a session, the first track's 1.0
// among it as in the published figures, its standard error, and the mean number of tracks.
//
//   botify_driver draws USERS
//
// Prints user, interest and place of the first track of the first sessions of seed 31337, whose
// numbers of steps are those of a published log.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "crossfade/base/json.h"
#include "crossfade/base/rng.h"
#include "crossfade/base/statistics.h"
#include "crossfade/kernels/isa.h"
#include "crossfade/simulation/simulate.h"
#include "crossfade/synth/botify.h"

namespace crossfade {
namespace {

constexpr std::int64_t kListeners = 64;

// A recommender that is a rule: the next track from the last one.
class RuleDoor final : public ImmediateDoor {
 public:
  using Rule = std::function<std::int32_t(const Heard&, Rng&)>;
  explicit RuleDoor(Rule rule) : rule_(std::move(rule)) {
    for (std::int64_t listener = 0; listener < kListeners; ++listener)
      streams_.emplace_back(77, static_cast<std::uint64_t>(listener));
  }
  std::function<void(const Heard&)> on_heard;

 private:
  Result<Reply> answer(const Inquiry& inquiry) override {
    Reply reply;
    Rng& rng = streams_[static_cast<std::size_t>(inquiry.listener)];
    if (on_heard) on_heard(inquiry.heard);
    if (!inquiry.last) reply.track = rule_(inquiry.heard, rng);
    return reply;
  }

  Rule rule_;
  std::vector<Rng> streams_;
};

// The world's own listeners, or those of a file over as many tracks.
Result<Listeners> listeners_of(const BotifyWorld& world, const std::string& users) {
  if (users != "-")
    return read_listeners(users, Temper(), static_cast<std::int64_t>(world.artist_of.size()));
  Listeners listeners;
  for (const BotifyUser& user : world.users) {
    Listener listener;
    listener.user = static_cast<std::int64_t>(listeners.all.size());
    listener.temper.bias = user.bias;
    listener.temper.sharpness = user.sharpness;
    listener.first_interest = static_cast<std::int64_t>(listeners.interests.size());
    listener.num_interests = static_cast<std::int32_t>(user.interests.size());
    listeners.interests.insert(listeners.interests.end(), user.interests.begin(),
                               user.interests.end());
    listeners.all.push_back(listener);
  }
  return listeners;
}

// A generated world as listeners meet it, without a detour over files.
Result<HiddenWorld> world_with(const BotifyWorld& world, const std::string& users) {
  CROSSFADE_ASSIGN_OR_RETURN(Listeners listeners, listeners_of(world, users));
  const auto rows = static_cast<std::int64_t>(world.artist_of.size());
  auto vectors = world.halves.empty() ? TrackVectors::create(Array<float>(world.floats), rows)
                                      : TrackVectors::create(Array<Half>(world.halves), rows);
  if (!vectors.ok()) return vectors.status();
  TrackList tracks;
  tracks.artist_of = world.artist_of;
  tracks.artists = StringArray(std::vector<std::string>(world.genre_of.size()));
  tracks.titles = StringArray(std::vector<std::string>(world.artist_of.size()));
  return HiddenWorld::assemble(std::move(*vectors), std::move(tracks), std::move(listeners));
}

struct Baselines {
  const HiddenWorld& world;
  bool is_2022;
  std::vector<std::vector<std::int32_t>> by_artist = {};
  std::vector<double> time_of = {};  // what was listened to under Random, by track

  std::int32_t any(Rng& rng) const {
    return static_cast<std::int32_t>(rng.below(static_cast<std::uint64_t>(world.vectors.rows())));
  }
  std::int32_t sticky(const Heard& heard, Rng& rng) const {
    const auto played = static_cast<std::int32_t>(heard.track);
    const auto artist =
        static_cast<std::size_t>(world.tracks.artist_of[static_cast<std::size_t>(played)]);
    const auto& tracks = by_artist[artist];
    for (;;) {
      const std::int32_t track = tracks[rng.below(tracks.size())];
      // Until 2025 the track itself may come again; since then only where it is alone.
      if (is_2022 || track != played || tracks.size() == 1) return track;
    }
  }
  std::vector<std::int32_t> top(std::size_t count) const {
    std::vector<std::int32_t> tracks(time_of.size());
    std::iota(tracks.begin(), tracks.end(), 0);
    std::stable_sort(tracks.begin(), tracks.end(), [&](std::int32_t a, std::int32_t b) {
      return time_of[static_cast<std::size_t>(a)] > time_of[static_cast<std::size_t>(b)];
    });
    tracks.resize(std::min(count, tracks.size()));
    return tracks;
  }
};

Json play(const HiddenWorld& world, RuleDoor& door, std::int64_t episodes, Context& context) {
  const auto result =
      simulate(world, door, {.episodes = episodes, .listeners = kListeners}, nullptr, context);
  CROSSFADE_CHECK(result.ok(), result.status().message());
  const DayResult& day = result->days[0];
  return Json::object()
      .set("time", 1 + day.reward.mean)
      .set("error", day.reward.error)
      .set("tracks", 1 + day.steps.mean);
}

// Cosines of random pairs and of pairs of one artist.
Json cosines(const HiddenWorld& world, const Baselines& baselines) {
  Rng rng(5);
  const auto rows = static_cast<std::uint64_t>(world.vectors.rows());
  std::vector<TrackVectors::Pair> pairs;
  constexpr std::size_t kPairs = 20000;
  for (std::size_t i = 0; i < kPairs; ++i)
    pairs.push_back(
        {static_cast<std::int32_t>(rng.below(rows)), static_cast<std::int32_t>(rng.below(rows))});
  for (std::size_t i = 0; i < kPairs; ++i) {
    const auto artist =
        static_cast<std::size_t>(world.tracks.artist_of[static_cast<std::size_t>(pairs[i].a)]);
    const auto& tracks = baselines.by_artist[artist];
    if (tracks.size() > 1) pairs.push_back({tracks[0], tracks[1 + rng.below(tracks.size() - 1)]});
  }
  std::vector<TrackVectors::Pair> own;
  for (const auto& pair : pairs) own.insert(own.end(), {{pair.a, pair.a}, {pair.b, pair.b}});
  std::vector<double> products(pairs.size()), squares(own.size());
  world.vectors.products(pairs, products);
  world.vectors.products(own, squares);
  for (std::size_t i = 0; i < pairs.size(); ++i)
    products[i] /= std::sqrt(squares[2 * i] * squares[2 * i + 1]);
  const auto mean = [](std::span<const double> values) { return mean_of(values); };
  const std::span<double> random = std::span(products).first(kPairs);
  const std::span<double> artist = std::span(products).subspan(kPairs);
  return Json::object()
      .set("random_mean", mean(random))
      .set("random_deviation", standard_deviation_of(random))
      .set("artist_mean", mean(artist))
      .set("artist_low", quantile_of(artist, 0.05))
      .set("artist_high", quantile_of(artist, 0.95));
}

Status print_draws(const std::string& users, Context& context) {
  BotifyConfig config;  // any tracks do: draws look at how many there are, not at what they are
  config.dims = config.rank = 2;
  config.users = 1;
  CROSSFADE_ASSIGN_OR_RETURN(const BotifyWorld made, make_botify_world(config, 1, context));
  CROSSFADE_ASSIGN_OR_RETURN(const HiddenWorld world, world_with(made, users));
  LegacyRng random(31337);
  Json draws = Json::array();
  for (const int steps : {5, 14, 14, 5, 25, 6, 5, 0}) {
    const Opening opening = draw_opening(world, random);
    const auto listener = static_cast<std::size_t>(opening.listener);
    draws.push(Json::array()
                   .push(world.listeners.all[listener].user)
                   .push(std::int64_t{opening.interest})
                   .push(std::int64_t{opening.place}));
    for (int step = 0; step < steps; ++step) random.uniform();
  }
  std::printf("%s\n", to_text(draws).c_str());
  return ok_status();
}

Status run(int argc, char** argv, Context& context) {
  if (std::string(argv[1]) == "draws") return print_draws(argv[2], context);
  const std::string generation = argv[1];
  BotifyConfig config = generation == "2022" ? BotifyConfig::of_2022() : BotifyConfig();
  CROSSFADE_RETURN_IF_ERROR(
      apply_settings(config, "botify", std::vector<std::string>(argv + 5, argv + argc)));
  CROSSFADE_ASSIGN_OR_RETURN(
      const BotifyWorld made,
      make_botify_world(config, static_cast<std::uint64_t>(std::atoll(argv[2])), context));
  CROSSFADE_ASSIGN_OR_RETURN(const HiddenWorld world, world_with(made, argv[4]));
  CROSSFADE_RETURN_IF_ERROR(world.neighbours.prepare(world.listeners.interests, context));
  Baselines baselines{world, generation == "2022"};
  baselines.by_artist.resize(made.genre_of.size());
  for (std::size_t track = 0; track < made.artist_of.size(); ++track)
    baselines.by_artist[static_cast<std::size_t>(made.artist_of[track])].push_back(
        static_cast<std::int32_t>(track));
  baselines.time_of.resize(made.artist_of.size());
  const std::int64_t episodes = std::atoll(argv[3]);

  RuleDoor random([&](const Heard&, Rng& rng) { return baselines.any(rng); });
  random.on_heard = [&](const Heard& heard) {
    baselines.time_of[static_cast<std::size_t>(heard.track)] += heard.time;
  };
  RuleDoor sticky([&](const Heard& heard, Rng& rng) { return baselines.sticky(heard, rng); });
  RuleDoor mixture([&](const Heard& heard, Rng& rng) {
    return heard.time < 0.3 ? baselines.any(rng) : baselines.sticky(heard, rng);
  });
  Json json = Json::object().set("cosines", cosines(world, baselines));
  json.set("random", play(world, random, episodes, context));
  const std::vector<std::int32_t> top = baselines.top(100);
  RuleDoor popular([&](const Heard&, Rng& rng) { return top[rng.below(top.size())]; });
  json.set("sticky", play(world, sticky, episodes, context));
  json.set("top100", play(world, popular, episodes, context));
  json.set("mixture", play(world, mixture, episodes, context));
  std::printf("%s\n", to_text(json).c_str());
  return ok_status();
}

}  // namespace
}  // namespace crossfade

int main(int argc, char** argv) {
  using namespace crossfade;
  if (argc < 5 && !(argc == 3 && std::string(argv[1]) == "draws")) {
    std::fprintf(stderr, "usage: botify_driver GENERATION SEED EPISODES USERS name=value...\n");
    return 2;
  }
  if (!kernels::choose_isa(std::getenv("CROSSFADE_ISA")).ok()) return 2;
  ThreadPool threads(2);
  SilentProgress progress;
  const std::atomic<bool> stop{false};
  Context context{threads, progress, stop};
  const Status status = run(argc, argv, context);
  if (!status.ok()) std::fprintf(stderr, "%s\n", status.message().c_str());
  return status.exit_code();
}
