// crossfade simulate: listeners use a recommender, here or over HTTP, as botify's simulator has it.
#include <algorithm>
#include <iostream>
#include <mutex>
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

constexpr const char* kFooter =
    "The original's options keep their meaning: --episodes, --config, --seed, --recommender, "
    "--processes,\nand 'single' or 'multi' before or behind them. Every option of a world's files "
    "goes over --config.\n\n"
    "  crossfade simulate --episodes 1000 --config config/env.yml single --recommender remote\n"
    "  crossfade simulate --tracks T --users U --embeddings E --bundle B --listeners 64";

class SimulateCommand final : public Command {
 public:
  std::string name() const override { return "simulate"; }
  std::string summary() const override { return "let listeners use a recommender"; }
  void declare(Arguments& arguments) override {
    arguments.option("MODE", mode_, "single (the default), or multi: --processes at once");
    arguments.option("--episodes", options_.episodes, "sessions of a day (of each process)");
    arguments.option("--days", options_.days, "days");
    arguments.option("--config", config_, "the original's env.yml");
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
    arguments.option("--start-ms", options_.start_ms,
                     "when the first day begins in the log: ms since 1970 (default: now)");
    arguments.footer(kFooter);
  }

  Status run(Session& session) override {
    CROSSFADE_RETURN_IF_ERROR(resolve());
    CROSSFADE_ASSIGN_OR_RETURN(const HiddenWorld world, HiddenWorld::open(paths_, defaults_));
    std::optional<Recommender> recommender;
    if (recommender_ == "bundle") {
      CROSSFADE_ASSIGN_OR_RETURN(Bundle bundle, open_bundle(bundle_));
      LiveOptions draws;
      draws.seed = options_.seed;
      CROSSFADE_ASSIGN_OR_RETURN(
          Recommender made,
          Recommender::create(std::move(bundle), EventLog::without_file(), draws));
      recommender.emplace(std::move(made));
    }
    std::optional<PlayedLog> log;
    if (!log_.empty()) {
      CROSSFADE_ASSIGN_OR_RETURN(log, PlayedLog::create(log_));
      options_.log = &*log;
    }
    CROSSFADE_RETURN_IF_ERROR(search_neighbours(world, session.context));
    const std::int64_t start_ns = clock_.steady_ns();
    CROSSFADE_ASSIGN_OR_RETURN(const SimulationResult result,
                               play(world, recommender ? &*recommender : nullptr, session.context));
    if (log) CROSSFADE_RETURN_IF_ERROR(log->close());
    const double seconds = static_cast<double>(clock_.steady_ns() - start_ns) * 1e-9;
    session.print(simulation_document(result, seconds), simulation_json(result, seconds));
    if (result.given_up) return failed("the recommender no longer answers; see the lost sessions");
    return ok_status();
  }

 private:
  // Which files, whom to ask, how many at once.
  Status resolve() {
    if (!mode_.empty() && mode_ != "single" && mode_ != "multi")
      return unknown_name("mode", mode_, {"single", "multi"});
    if (mode_ != "multi") processes_ = 1;
    if (processes_ < 1 || processes_ > 1024)
      return usage_error("--processes has to be 1 to 1024, not " + std::to_string(processes_));
    if (limits_.deadline_ms < 1)
      return usage_error("--deadline-ms has to be at least 1, not " +
                         std::to_string(limits_.deadline_ms));
    if (!config_.empty()) {
      CROSSFADE_ASSIGN_OR_RETURN(const Environment environment, read_environment(config_));
      defaults_ = environment.defaults;
      const auto complete = [](std::string& field, const std::string& value) {
        if (field.empty()) field = value;
      };
      complete(paths_.tracks, environment.paths.tracks);
      complete(paths_.users, environment.paths.users);
      complete(paths_.embeddings, environment.paths.embeddings);
      if (recommender_.empty() || recommender_ == "remote") complete(url_, environment.url);
    }
    if (paths_.tracks.empty() || paths_.users.empty() || paths_.embeddings.empty())
      return usage_error(
          "a world has three files: give --tracks, --users and --embeddings, or an env.yml that "
          "names them with --config");
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
    if (recommender_ != "remote") return ok_status();
    CROSSFADE_ASSIGN_OR_RETURN(server_, parse_url(url_));
    return ok_status();
  }

  // All at once where the sessions will need most of them anyway: several searches share the
  // reading of the vectors.
  Status search_neighbours(const HiddenWorld& world, Context& context) const {
    const auto& interests = world.listeners.interests;
    const double sessions = static_cast<double>(options_.episodes) *
                            static_cast<double>(options_.days) * static_cast<double>(processes_);
    if (sessions < static_cast<double>(interests.size())) return ok_status();
    return world.neighbours.prepare(interests, context);
  }

  Result<std::unique_ptr<Door>> make_door(const HiddenWorld& world, std::int64_t first_stream,
                                          Recommender* recommender) const {
    std::unique_ptr<Door> door;
    if (recommender_ == "remote") {
      CROSSFADE_ASSIGN_OR_RETURN(door,
                                 HttpDoor::create(server_, options_.listeners, limits_, clock_));
    } else if (recommender_ == "bundle") {
      door = std::make_unique<RecommenderDoor>(*recommender, domain_,
                                               options_.log ? &clock_ : nullptr);
    } else if (recommender_ == "console") {
      door = std::make_unique<ConsoleDoor>(world.tracks, std::cin, std::cerr);
    } else {
      door = std::make_unique<DummyDoor>(world.vectors.rows(), options_.listeners,
                                         static_cast<std::uint64_t>(options_.seed), first_stream);
    }
    return door;
  }

  // One thread per process; the first error ends the run.
  Result<SimulationResult> play(const HiddenWorld& world, Recommender* recommender,
                                Context& context) const {
    std::vector<Result<SimulationResult>> results(static_cast<std::size_t>(processes_),
                                                  interrupted());
    context.progress.begin("sessions", options_.episodes * options_.days * processes_, "sessions");
    const auto play_one = [&](std::size_t process) {
      SimulationOptions options = options_;
      options.first_stream = static_cast<std::int64_t>(process) * options.listeners;
      auto door = make_door(world, options.first_stream, recommender);
      if (!door.ok())
        results[process] = door.status();
      else
        results[process] = simulate(world, **door, options, nullptr, context);
    };
    std::vector<std::thread> others;
    for (std::size_t process = 1; process < results.size(); ++process)
      others.emplace_back(play_one, process);
    play_one(0);
    for (std::thread& other : others) other.join();
    context.progress.end();
    std::vector<SimulationResult> all;
    for (const auto& result : results) {
      if (!result.ok()) return result.status();
      all.push_back(*result);
    }
    return join_results(all);
  }

  std::string mode_, config_, recommender_, url_, bundle_, domain_, log_;
  std::int64_t processes_ = 2;
  WorldPaths paths_;
  Temper defaults_;
  SimulationOptions options_;
  HttpUrl server_;
  HttpClientLimits limits_;
  SystemClock clock_;
};

}  // namespace

std::unique_ptr<Command> make_simulate_command() {
  return std::make_unique<SimulateCommand>();
}

}  // namespace crossfade
