// EventLog: what listeners did, appended to one file and replayed at start.
//
// One record per line: 16 hexadecimal digits of checksum (hash_bytes of the JSON), a space, the
// event as JSON. Lines rather than lengths, because after a damaged record the next newline finds
// the way back, and because `cut -c18- | jq` reads it. The first line names the format.
//
//   crossfade-events 1
//   3f0c9a5be1d2c477 {"user": 7, "item": 42, "domain": "", "time_ns": 0, "weight": 1.0, "kind": 0}
//
// A torn last line (a crash in the middle of a write; it was never acknowledged) is cut off. A
// damaged line elsewhere is skipped and stays in the file: one bad sector must not silence every
// other listener. Both are reported.
//
// What append() acknowledges has reached the operating system: it survives the death of this
// process, not of the machine, until sync() or the destructor.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "crossfade/events/event.h"

namespace crossfade {

class EventLog {
 public:
  // What an existing file held.
  struct Recovery {
    std::int64_t events = 0;              // whole records
    std::int64_t damaged = 0;             // lines that were skipped
    std::int64_t first_damaged_line = 0;  // counted from 1; 0 if none is damaged
    std::int64_t cut_bytes = 0;           // of a torn last line
    bool clean() const { return damaged == 0 && cut_bytes == 0; }
    // For people: how many events, and what was lost.
    std::string sentence() const;
  };

  // Opens or creates `path` and cuts off a torn end. Errors: not writable, not an event log (data
  // invalid), in use by another process.
  static Result<EventLog> open(const std::string& path);
  // Keeps nothing: events count while the process lives.
  static EventLog without_file();

  ~EventLog();
  EventLog(EventLog&& other) noexcept;
  EventLog& operator=(EventLog&& other) noexcept;

  // Hands on the whole records of the file as it was opened, oldest first. Call it once, before
  // the first append().
  Recovery replay(const std::function<void(const Event&)>& take);
  // Thread-safe; one write for all of `events`. On an error none of them is in the log, and what
  // had been written is taken back. Usage errors: check_event().
  Status append(std::span<const Event> events);
  Status append(const Event& event) { return append(std::span(&event, 1)); }
  // Waits until all acknowledged events are on the disk. Thread-safe.
  Status sync();

  const std::string& path() const;  // "" without a file
  std::int64_t num_events() const;  // replayed and appended; thread-safe

 private:
  struct State;
  explicit EventLog(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace crossfade
