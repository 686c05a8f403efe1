// Clock: time comes in through the door, so that a test can set it.
#pragma once

#include <cstdint>

namespace crossfade {

class Clock {
 public:
  virtual ~Clock() = default;
  // Nanoseconds since 1970-01-01 00:00 UTC.
  virtual std::int64_t now_ns() const = 0;
  // Nanoseconds that never go back, for measuring durations.
  virtual std::int64_t steady_ns() const = 0;
};

class SystemClock final : public Clock {
 public:
  std::int64_t now_ns() const override;
  std::int64_t steady_ns() const override;
};

// Stands still until a test moves it.
class ManualClock final : public Clock {
 public:
  std::int64_t now_ns() const override { return time_ns; }
  std::int64_t steady_ns() const override { return time_ns; }
  std::int64_t time_ns = 0;
};

}  // namespace crossfade
