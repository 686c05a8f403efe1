// EventLog: what listeners did, and what they were answered, appended to one file and replayed at
// start.
//
// One record per line, as JSON behind its checksum (base/checked_line.h). Lines rather than
// lengths, because after a damaged record the next newline finds the way back, and because
// `cut -c18- | jq` reads it. The first line names the format.
//
//   crossfade-events 1
//   3f0c9a5be1d2c477 {"user": 7, "item": 42, "domain": "", "time_ns": 0, "weight": 1.0, "kind": 0}
//   90be2b6ad8f2b2d1 {"asked": "next", "user": 7, ..., "shown": [{"item": 17, ...}]}
//
// Records of answers (answer.h) wait in memory for the next event and share its write, so they cost
// no system call: a crash loses those that nobody has played after. A program that does not know
// them passes over them as over damaged lines.
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
#include <string_view>

#include "crossfade/events/answer.h"
#include "crossfade/events/event.h"

namespace crossfade {

constexpr std::string_view kEventLogHead = "crossfade-events 1";  // its first line

class EventLog {
 public:
  // What an existing file held.
  struct Recovery {
    std::int64_t events = 0;              // whole records
    std::int64_t answers = 0;             // whole records of what was shown
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
  // the first append(). Answers are counted, and decoded if someone takes them.
  Recovery replay(const std::function<void(const Event&)>& take,
                  const std::function<void(const Answer&)>& take_answer = {});
  // Thread-safe; one write for all of `events`. On an error none of them is in the log, and what
  // had been written is taken back. Usage errors: check_event().
  Status append(std::span<const Event> events);
  Status append(const Event& event) { return append(std::span(&event, 1)); }
  // Keeps the record for the next write: at the next append(), at sync() or the end, or when some
  // are waiting. Nothing is promised: where the disk is full, they are lost. Thread-safe.
  void note(const Answer& answer);
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
