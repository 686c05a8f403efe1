// ServiceConfig: every setting of crossfade-serve, written once, and how it is read.
//
// Command line over environment (CROSSFADE_SERVE_PORT=5001) over configuration file (--config, a
// JSON object of the same names) over default. An unknown name is an error that names the nearest.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "crossfade/base/knobs.h"
#include "crossfade/events/data_log.h"
#include "crossfade/service/http_server.h"
#include "crossfade/serving/recommender.h"

namespace crossfade {

struct ServiceConfig {
  std::string bundle;  // the one argument without a name
  std::string host = "127.0.0.1";
  std::int64_t port = 5001;
  std::int64_t threads = 0;
  std::string events;
  std::string data_log;
  DataLogOptions data_log_files;
  LiveOptions live;
  HttpLimits limits;

  template <class Visitor>
  void knobs(Visitor& knob) {
    knob("host", host, KnobRange{}, "numeric address to listen on; 0.0.0.0 for all networks");
    knob("port", port, between(0, 65535), "TCP port; 0 picks a free one");
    knob("threads", threads, between(0, 1024), "I/O threads; 0 is one per core");
    knob(
        "events", events, KnobRange{},
        "file that keeps the events and is replayed at start; without it they are lost at the end");
    knob("log_answers", live.log_answers, yes_or_no(),
         "keep in the same file what was shown, by which source, with what propensity");
    knob("data_log", data_log, KnobRange{},
         "file for botify's log, a line per play: DIR/data.json; without it none is kept");
    knob("data_log_max_bytes", data_log_files.max_bytes, between(0, 1e15),
         "size at which that file becomes data.json.1; 0: never");
    knob("data_log_backups", data_log_files.backups, between(0, 10000),
         "how many such files are kept");
    knob("data_log_propensities", data_log_files.propensities, yes_or_no(),
         "add the member \"propensity\", which the original does not have");
    knob("seed", live.seed, between(0, 9e15), "of the draws of the bundle's flows");
    knob("skip_below", live.skip_below, between(0, 1e9),
         "events of a smaller weight are skips: seen, not liked; a play weighs the share played");
    knob("max_connections", limits.connections, between(1, 1000000),
         "connections at once; beyond them 503");
    knob("max_header_bytes", limits.header_bytes, between(1024, 1 << 20),
         "request line and headers; beyond them 431");
    knob("max_target_bytes", limits.target_bytes, between(64, 1 << 20),
         "path and query; beyond them 414");
    knob("max_body_bytes", limits.body_bytes, between(1024, 1 << 30), "body; beyond it 413");
    knob("idle_timeout_ms", limits.idle_timeout_ms, between(10, 86400000),
         "between two requests of a connection; then it is closed");
    knob("read_timeout_ms", limits.read_timeout_ms, between(10, 86400000),
         "from the first byte of a request to its last; then 408");
    knob("write_timeout_ms", limits.write_timeout_ms, between(10, 86400000),
         "for a client to take its answer; then it is cut off");
    knob("drain_ms", limits.drain_ms, between(0, 60000),
         "after SIGTERM: how long open connections may send one more request");
    knob("stop_timeout_ms", limits.stop_timeout_ms, between(100, 600000),
         "after SIGTERM: when what is still open is cut off");
  }
};

// What a command line came to: a config to serve with, or a text to print (--help, --version).
struct ServiceLine {
  ServiceConfig config;
  std::string text;
};

// `arguments` without the program's name: "BUNDLE --port 5001 --events=FILE". `environment` is
// getenv or a test's. Errors: usage; the configuration file cannot be read (failed) or is no JSON
// object (data invalid).
Result<ServiceLine> parse_service_line(const std::vector<std::string>& arguments,
                                       const std::function<const char*(const char*)>& environment);

}  // namespace crossfade
