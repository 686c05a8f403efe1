// crossfade simulate: listeners use a recommender, here or over HTTP, as botify's simulator has it.
#include <algorithm>
#include <ctime>
#include <iostream>
#include <optional>
#include <thread>

#include "crossfade/base/text.h"
#include "crossfade/cli/command.h"
#include "crossfade/simulation/door_console.h"
#include "crossfade/simulation/door_dummy.h"
#include "crossfade/simulation/door_http.h"
#include "crossfade/simulation/door_recommender.h"
#include "crossfade/simulation/environment_file.h"
#include "crossfade/simulation/simulation_report.h"

namespace crossfade {
namespace {

const std::string kFooter =
    "The original's options keep their meaning: --episodes, --config, --seed, --recommender, "
    "--processes,\nand 'single' or 'multi' before or behind them. Every option of a world's files "
    "goes over --config.\n\n"
    "  crossfade simulate --episodes 1000 --config config/env.yml single --recommender remote\n"
    "  crossfade simulate --tracks T --users U --embeddings E --bundle B --listeners 64\n\n"
    "The richer world (--set name=value); at 0 it is the exact one:\n";

class SimulateCommand final : public Command {
 public:
  std::string name() const override { return "simulate"; }
  std::string summary() const override { return "let listeners use a recommender"; }
  void declare(Arguments& arguments) override {
    arguments.option("MODE", mode_, "single (the default), or multi: --processes at once");
    arguments.option("--episodes", options_.episodes, "sessions of a day (of each process)");
    arguments.option("--days", options_.days, "days");
    arguments.option("--config", config_, "the original's env.yml");
    arguments.option("--world", world_, "a folder that synth botify wrote");
    arguments.option("--tracks", paths_.tracks, "tracks.json of any year");
    arguments.option("--users", paths_.users, "users.json of any year");
    arguments.option("--embeddings", paths_.embeddings, "the tracks' hidden vectors, .npy");
    arguments.option("--recommender", recommender_,
                     "dummy (any track), remote (HTTP), console (you), bundle (in this process); "
                     "told by --url and --bundle");
    arguments.option("--url", url_, "of a service with botify's routes: http://127.0.0.1:5001");
    arguments.option("--bundle", bundle_, "a bundle to recommend from in this process");
    arguments.option("--domain", domain_, "where a bundle's tracks are (default: its first)");
    arguments.option("--seed", options_.seed, "0 to 4294967295, as numpy takes it");
    arguments.option("--listeners", options_.listeners,
                     "sessions open at once; with one the draws are the original's");
    arguments.option("--processes", processes_, "of multi: threads with listeners of their own");
    arguments.option("--max-steps", options_.max_steps, "give a longer session up (0: never)");
    arguments.option("--deadline-ms", limits_.deadline_ms, "for an answer over HTTP");
    arguments.option("--log", log_, "a file for the data log in botify's lines");
    arguments.option("--events", events_,
                     "the bundle's event log: plays, and answers with their propensities; goes on "
                     "in a file that is there");
    arguments.option("--set", settings_, "a knob of the richer world: name=value; may be repeated");
    arguments.option("--goods", goods_.tracks, "the shop's catalogue, in the form of tracks.json");
    arguments.option("--goods-embeddings", goods_.embeddings, "the goods' hidden vectors, .npy");
    arguments.option("--goods-url", goods_url_,
                     "a service with botify's routes that recommends them");
    arguments.option("--goods-domain", goods_domain_, "or the bundle's domain of goods");
    arguments.option("--goods-log", goods_log_, "a file for the shop's data log");
    arguments.option("--start-ms", options_.start_ms,
                     "when the first day begins in the log: ms since 1970 (default: now)");
    arguments.footer(kFooter + describe_knobs(list_knobs<RicherConfig>()));
  }

  Status run(Session& session) override {
    CROSSFADE_RETURN_IF_ERROR(resolve());
    CROSSFADE_ASSIGN_OR_RETURN(const HiddenWorld world, HiddenWorld::open(paths_, defaults_));
    std::optional<Recommender> recommender;
    if (recommender_ == "bundle") {
      CROSSFADE_ASSIGN_OR_RETURN(Bundle bundle, open_bundle(bundle_));
      LiveOptions draws;
      draws.seed = options_.seed;
      EventLog events = EventLog::without_file();
      if (!events_.empty()) {
        CROSSFADE_ASSIGN_OR_RETURN(events, EventLog::open(events_));
      }
      CROSSFADE_ASSIGN_OR_RETURN(Recommender made,
                                 Recommender::create(std::move(bundle), std::move(events), draws));
      recommender.emplace(std::move(made));
    } else if (!events_.empty()) {
      return usage_error("--events is the log of a bundle in this process; give --bundle");
    }
    std::optional<PlayedLog> log, goods_log;
    CROSSFADE_RETURN_IF_ERROR(open_log(log_, log, options_.log));
    CROSSFADE_RETURN_IF_ERROR(open_log(goods_log_, goods_log, options_.shop_log));
    std::optional<Shop> shop;
    CROSSFADE_RETURN_IF_ERROR(open_shop(world, shop));
    CROSSFADE_RETURN_IF_ERROR(search_neighbours(world, session.context));
    const std::int64_t start_ns = clock_.steady_ns();
    const std::clock_t start_cpu = std::clock();
    CROSSFADE_ASSIGN_OR_RETURN(const SimulationResult result,
                               play(world, recommender ? &*recommender : nullptr, session.context));
    if (recommender) CROSSFADE_RETURN_IF_ERROR(recommender->sync());
    if (log) CROSSFADE_RETURN_IF_ERROR(log->close());
    if (goods_log) CROSSFADE_RETURN_IF_ERROR(goods_log->close());
    const Elapsed elapsed{
        static_cast<double>(clock_.steady_ns() - start_ns) * 1e-9,
        static_cast<double>(std::clock() - start_cpu) / static_cast<double>(CLOCKS_PER_SEC)};
    session.print(simulation_document(result, elapsed), simulation_json(result, elapsed));
    if (result.given_up) return failed("the recommender no longer answers; see the lost sessions");
    return ok_status();
  }

 private:
  static Status open_log(const std::string& path, std::optional<PlayedLog>& log,
                         PlayedLog*& option) {
    if (path.empty()) return ok_status();
    CROSSFADE_ASSIGN_OR_RETURN(log, PlayedLog::create(path));
    option = &*log;
    return ok_status();
  }

  // Goods are a catalogue and vectors; who recommends them is of the kind that recommends tracks.
  Status open_shop(const HiddenWorld& world, std::optional<Shop>& shop) {
    if (goods_.tracks.empty() != goods_.embeddings.empty())
      return usage_error("a shop needs both --goods and --goods-embeddings");
    if (goods_.tracks.empty()) return ok_status();
    CROSSFADE_ASSIGN_OR_RETURN(TrackVectors vectors, TrackVectors::read(goods_.embeddings));
    CROSSFADE_ASSIGN_OR_RETURN(TrackList goods, read_tracks(goods_.tracks, vectors.rows()));
    CROSSFADE_ASSIGN_OR_RETURN(Shop made,
                               Shop::create(world, std::move(vectors), std::move(goods)));
    shop.emplace(std::move(made));
    options_.shop = &*shop;
    return ok_status();
  }

  // Which files, whom to ask, how many at once.
  Status resolve() {
    CROSSFADE_RETURN_IF_ERROR(apply_settings(options_.richer, "simulate", settings_));
    if (!mode_.empty() && mode_ != "single" && mode_ != "multi")
      return unknown_name("mode", mode_, {"single", "multi"});
    if (mode_ != "multi") processes_ = 1;
    if (processes_ < 1 || processes_ > 1024)
      return usage_error("--processes has to be 1 to 1024, not " + std::to_string(processes_));
    if (limits_.deadline_ms < 1)
      return usage_error("--deadline-ms has to be at least 1, not " +
                         std::to_string(limits_.deadline_ms));
    const auto complete = [](std::string& field, const std::string& value) {
      if (field.empty()) field = value;
    };
    if (!world_.empty()) {
      complete(paths_.tracks, world_ + "/tracks.json");
      complete(paths_.users, world_ + "/users.json");
      complete(paths_.embeddings, world_ + "/embeddings.npy");
    }
    if (!config_.empty()) {
      CROSSFADE_ASSIGN_OR_RETURN(const Environment environment, read_environment(config_));
      defaults_ = environment.defaults;
      complete(paths_.tracks, environment.paths.tracks);
      complete(paths_.users, environment.paths.users);
      complete(paths_.embeddings, environment.paths.embeddings);
      if (recommender_.empty() || recommender_ == "remote") complete(url_, environment.url);
    }
    if (paths_.tracks.empty() || paths_.users.empty() || paths_.embeddings.empty())
      return usage_error(
          "a world has three files: give --world, or --tracks, --users and --embeddings, or an "
          "env.yml that names them with --config");
    if (options_.start_ms == 0) options_.start_ms = clock_.now_ns() / 1000000;
    return choose_recommender();
  }

  Status choose_recommender() {
    if (recommender_.empty())
      recommender_ = !bundle_.empty() ? "bundle" : !url_.empty() ? "remote" : "dummy";
    const std::vector<std::string> known{"dummy", "remote", "console", "bundle"};
    if (std::find(known.begin(), known.end(), recommender_) == known.end())
      return unknown_name("recommender", recommender_, known);
    if (mode_ == "multi" && recommender_ == "console")
      return usage_error("one person cannot recommend to several processes; use single");
    if (recommender_ == "bundle" && bundle_.empty())
      return usage_error("--recommender bundle needs --bundle");
    if (recommender_ == "remote" && url_.empty())
      return usage_error("--recommender remote needs --url, or a host and a port in --config");
    if (recommender_ == "bundle" && !goods_.tracks.empty() && goods_domain_.empty())
      return usage_error("--goods with --bundle needs --goods-domain");
    if (recommender_ != "remote") return ok_status();
    CROSSFADE_ASSIGN_OR_RETURN(server_, parse_url(url_));
    if (goods_.tracks.empty()) return ok_status();
    if (goods_url_.empty()) return usage_error("--goods with --url needs --goods-url");
    CROSSFADE_ASSIGN_OR_RETURN(goods_server_, parse_url(goods_url_));
    return ok_status();
  }

  // All at once where the sessions will need many of them: searches that share the reading of the
  // vectors cost a sixteenth of one alone.
  Status search_neighbours(const HiddenWorld& world, Context& context) const {
    const auto& interests = world.listeners.interests;
    const double sessions = static_cast<double>(options_.episodes) *
                            static_cast<double>(options_.days) * static_cast<double>(processes_);
    if (16 * sessions < static_cast<double>(interests.size())) return ok_status();
    return world.neighbours.prepare(interests, context);
  }

  // A catalogue, where who recommends from it is found, and the log of that (may be null).
  struct Way {
    const HiddenWorld& world;
    const HttpUrl& server;
    const std::string& domain;
    const PlayedLog* log;
  };
  // With streams from that number on.
  Result<std::unique_ptr<Door>> make_door(const Way& way, std::int64_t first_stream,
                                          Recommender* recommender) const {
    std::unique_ptr<Door> door;
    if (recommender_ == "remote") {
      CROSSFADE_ASSIGN_OR_RETURN(door,
                                 HttpDoor::create(way.server, options_.listeners, limits_, clock_));
    } else if (recommender_ == "bundle") {
      door =
          std::make_unique<RecommenderDoor>(*recommender, way.domain, way.log ? &clock_ : nullptr);
    } else if (recommender_ == "console") {
      door = std::make_unique<ConsoleDoor>(way.world.tracks, std::cin, std::cerr);
    } else {
      door = std::make_unique<DummyDoor>(way.world.vectors.rows(), options_.listeners,
                                         static_cast<std::uint64_t>(options_.seed), first_stream);
    }
    return door;
  }

  Result<SimulationResult> play_one(const HiddenWorld& world, std::int64_t process,
                                    Recommender* recommender, Context& context) const {
    SimulationOptions options = options_;
    options.first_stream = process * options.listeners;
    CROSSFADE_ASSIGN_OR_RETURN(const auto door, make_door({world, server_, domain_, options.log},
                                                          options.first_stream, recommender));
    std::unique_ptr<Door> shop_door;
    if (options.shop) {
      CROSSFADE_ASSIGN_OR_RETURN(shop_door, make_door({options.shop->world(), goods_server_,
                                                       goods_domain_, options.shop_log},
                                                      options.first_stream, recommender));
      options.shop_door = shop_door.get();
    }
    return simulate(world, *door, options, nullptr, context);
  }

  // One thread per process. All play to their ends; of several errors the first one's is told.
  Result<SimulationResult> play(const HiddenWorld& world, Recommender* recommender,
                                Context& context) const {
    std::vector<Result<SimulationResult>> results(static_cast<std::size_t>(processes_),
                                                  interrupted());
    context.progress.begin("sessions", options_.episodes * options_.days * processes_, "sessions");
    const auto run_one = [&](std::size_t process) {
      results[process] = play_one(world, static_cast<std::int64_t>(process), recommender, context);
    };
    std::vector<std::thread> others;
    for (std::size_t process = 1; process < results.size(); ++process)
      others.emplace_back(run_one, process);
    run_one(0);
    for (std::thread& other : others) other.join();
    context.progress.end();
    std::vector<SimulationResult> all;
    for (const auto& result : results) {
      if (!result.ok()) return result.status();
      all.push_back(*result);
    }
    return join_results(all);
  }

  std::string mode_, world_, config_, recommender_, url_, bundle_, domain_, log_, events_;
  std::int64_t processes_ = 2;
  WorldPaths paths_, goods_;
  std::string goods_url_, goods_domain_, goods_log_;
  std::vector<std::string> settings_;
  Temper defaults_;
  SimulationOptions options_;
  HttpUrl server_, goods_server_;
  HttpClientLimits limits_;
  SystemClock clock_;
};

}  // namespace

std::unique_ptr<Command> make_simulate_command() {
  return std::make_unique<SimulateCommand>();
}

}  // namespace crossfade
