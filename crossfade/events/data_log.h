// DataLog: botify's own log of what was asked and answered, for the analyses that read it.
//
// One line per request, in the original's order of keys and with Python's forms of numbers
// (python-json-logger over json.dumps):
//
//   {"message": "next", "timestamp": 1772867968488, "user": 1981, "track": 525, "time": 1.0,
//    "latency": 0.004278421401977539, "recommendation": 1236, "experiments": {"AA": "C"}}
//
// Files rotate as Python's RotatingFileHandler does: a line that would make the file larger than
// the limit begins a new one, and data.json becomes data.json.1, .1 becomes .2, and so on.
//
// A thread of its own writes; whoever adds a line pays for its text and a short lock. Lines are not
// acknowledged: they reach the file within kFlushMs, or at close(). What cannot be written (a full
// disk), or piles up because the disk stands still, is lost and counted.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "crossfade/events/answer.h"

namespace crossfade {

struct DataLogLine {
  bool last = false;              // "last": no recommendation
  std::int64_t timestamp_ms = 0;  // since 1970, UTC
  ExternalId user, track;         // texts are digits: integers beyond 64 bits
  double time = 0;                // as sent
  double latency_s = 0;           // inside the handler
  std::int64_t recommendation = 0;
  std::span<const Treatment> treatments;
  std::optional<double> propensity;  // ours: the last member, where it is there
};
// Appends the line and its end.
void encode_data_log_line(const DataLogLine& line, std::string& out);

struct DataLogOptions {
  std::int64_t max_bytes = 100 << 20;  // 0: never rotate
  std::int64_t backups = 10;           // 0 and a limit: the file begins anew
  bool propensities = false;           // write them, where lines have them
};

class DataLog {
 public:
  static constexpr int kFlushMs = 100;

  // Goes on in the file if it is there; makes its folder. Errors: it cannot be written.
  static Result<DataLog> open(const std::string& path, DataLogOptions options = {});
  // Closes.
  ~DataLog();
  DataLog(DataLog&&) noexcept;
  DataLog& operator=(DataLog&&) noexcept;

  // Thread-safe; never waits for the disk.
  void add(const DataLogLine& line);
  // Writes what is left and ends the thread. Errors: the first that a write met, with the number of
  // lines that are lost. Nothing is added after this.
  Status close();
  std::int64_t num_lost() const;

 private:
  struct State;
  explicit DataLog(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace crossfade
