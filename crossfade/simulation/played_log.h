// PlayedLog: the data log of a simulated service, in botify's own lines and order of keys:
//
//   {"message": "next", "timestamp": 1772867968488, "user": 1981, "track": 525, "time": 1.0,
//    "latency": 0.0042, "recommendation": 1236, "experiments": {}}
//
// (in one line, with the treatments that the door is told of). A question that failed writes none,
// as in the original. The timestamp is the simulation's clock, a millisecond for each question of a
// process, so that no two lines of one process share it. Lines come in the order of the answers,
// which is that of the timestamps unless several listeners ask over HTTP, several processes write,
// or sessions have times of day (richer.context). The latency is measured where the listener
// stands.
#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "crossfade/base/file.h"
#include "crossfade/simulation/door.h"

namespace crossfade {

class PlayedLog {
 public:
  // Errors: the file exists already or cannot be written.
  static Result<PlayedLog> create(const std::string& path);

  // Thread-safe. Errors: the disk.
  Status write(const Inquiry& inquiry, const Reply& reply);
  Status close();

 private:
  explicit PlayedLog(FileWriter file)
      : file_(std::move(file)), mutex_(std::make_unique<std::mutex>()) {}
  FileWriter file_;
  std::unique_ptr<std::mutex> mutex_;
  std::string lines_;
};

}  // namespace crossfade
