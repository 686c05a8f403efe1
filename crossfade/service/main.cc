// The program crossfade-serve: settings, bundle, event log, recommender, then HTTP until a signal.
//
// stdout has one line of JSON when the service is ready and one when it has stopped; everything for
// people goes to stderr. Exit codes are those of crossfade (0, 1, 2, 3, 4); a stop by SIGTERM or
// SIGINT in which no request was lost is 0.
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <new>
#include <optional>
#include <thread>

#include "crossfade/base/utf8.h"
#include "crossfade/kernels/isa.h"
#include "crossfade/service/recommender_backend.h"
#include "crossfade/service/router.h"
#include "crossfade/service/service_config.h"

namespace crossfade {
namespace {

void say(const std::string& sentence) {
  std::fprintf(stderr, "crossfade-serve: %s\n", printable(sentence).c_str());
}

// For whoever started us: a line of JSON.
void tell(const Json& json) {
  std::fprintf(stdout, "%s\n", to_text(json).c_str());
  std::fflush(stdout);
}

Result<EventLog> open_events(const std::string& path) {
  if (!path.empty()) return EventLog::open(path);
  say("events are kept in memory only; give --events FILE to keep them over a restart");
  return EventLog::without_file();
}

Status serve(const ServiceConfig& config) {
  CROSSFADE_RETURN_IF_ERROR(kernels::choose_isa(std::getenv("CROSSFADE_ISA")));
  // Every byte is checked before the first answer (about a second per gigabyte): a flipped bit in a
  // factor would otherwise be served as a recommendation.
  CROSSFADE_ASSIGN_OR_RETURN(Bundle bundle, open_bundle(config.bundle, Verify::kFull));
  const std::string tracks_domain = bundle.dataset().domains()[bundle.catalog_domain()].name;
  CROSSFADE_ASSIGN_OR_RETURN(EventLog events, open_events(config.events));
  CROSSFADE_ASSIGN_OR_RETURN(
      Recommender recommender,
      Recommender::create(std::move(bundle), std::move(events), config.live));
  if (!config.events.empty()) say(recommender.recovery().sentence());

  const SystemClock clock;
  RecommenderBackend backend(recommender);
  std::optional<DataLog> log;
  if (!config.data_log.empty()) {
    CROSSFADE_ASSIGN_OR_RETURN(log, DataLog::open(config.data_log, config.data_log_files));
  }
  Router router(backend, clock, tracks_domain, log ? &*log : nullptr);
  const HttpAddress address{config.host, static_cast<int>(config.port)};
  CROSSFADE_ASSIGN_OR_RETURN(HttpServer server,
                             HttpServer::listen(address, config.limits, router, clock));
  server.stop_on_signals();
  tell(Json::object().set("event", "listening").set("port", server.port()));
  const auto cores = static_cast<std::int64_t>(std::max(1u, std::thread::hardware_concurrency()));
  server.run(static_cast<int>(config.threads > 0 ? config.threads : cores));
  CROSSFADE_RETURN_IF_ERROR(recommender.sync());
  if (log) CROSSFADE_RETURN_IF_ERROR(log->close());
  tell(Json::object().set("event", "stopped"));
  return ok_status();
}

int run(const std::vector<std::string>& arguments) {
  const auto line =
      parse_service_line(arguments, [](const char* name) { return std::getenv(name); });
  Status status = line.status();
  if (line.ok() && !line->text.empty())
    std::fputs(line->text.c_str(), stdout);
  else if (line.ok())
    status = serve(line->config);
  if (!status.ok()) say(status.message());
  return status.exit_code();
}

}  // namespace
}  // namespace crossfade

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  try {
    return crossfade::run({argv + 1, argv + argc});
  } catch (const std::bad_alloc&) {
    std::fputs("crossfade-serve: out of memory\n", stderr);
    return static_cast<int>(crossfade::StatusKind::kExhausted);
  }
}
