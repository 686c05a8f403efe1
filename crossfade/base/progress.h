// Progress: what a long step tells the person who waits for it.
//
// On a terminal a bar with rate and remaining time, redrawn a few times a second; elsewhere one
// line every ten seconds. Results go to stdout, progress to stderr, so the two never mix.
#pragma once

#include <atomic>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>

#include "crossfade/base/clock.h"

namespace crossfade {

class Progress {
 public:
  virtual ~Progress() = default;
  // A step of `total` units begins (0: unknown); `what` names it, `unit` is plural ("rows").
  virtual void begin(const std::string& what, std::int64_t total, const std::string& unit) = 0;
  // `count` more units are done. Cheap, and safe from several threads at once.
  virtual void advance(std::int64_t count) = 0;
  // The step is over; `note` says what came of it ("loss 0.123"), or is empty.
  virtual void end(const std::string& note = "") = 0;
  // A sentence for the log, between or within steps.
  virtual void say(const std::string& sentence) = 0;
};

// Says nothing: for tests, --quiet and library users.
class SilentProgress final : public Progress {
 public:
  void begin(const std::string&, std::int64_t, const std::string&) override {}
  void advance(std::int64_t) override {}
  void end(const std::string&) override {}
  void say(const std::string&) override {}
};

// Writes to `stream` (stderr in the programs). `terminal` chooses the bar or the lines.
class ConsoleProgress final : public Progress {
 public:
  ConsoleProgress(std::FILE* stream, bool terminal, const Clock& clock);
  void begin(const std::string& what, std::int64_t total, const std::string& unit) override;
  void advance(std::int64_t count) override;
  void end(const std::string& note) override;
  void say(const std::string& sentence) override;

 private:
  std::string line() const;
  void draw();

  std::FILE* stream_;
  const bool terminal_;
  const Clock& clock_;
  std::string what_, unit_;
  std::int64_t total_ = 0, start_ns_ = 0;
  bool drawn_ = false;  // this step has shown something already
  std::atomic<std::int64_t> done_{0}, next_draw_ns_{0};
};

}  // namespace crossfade
