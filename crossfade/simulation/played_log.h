// PlayedLog: the data log of a simulated service, in botify's own lines and order of keys:
//
//   {"message": "next", "timestamp": 1772867968488, "user": 1981, "track": 525, "time": 1.0,
//    "latency": 0.0042, "recommendation": 1236, "experiments": {}}
//
// (in one line, with the treatments that the door is told of). A question that failed writes none,
// as in the original. The timestamp is the
// simulation's clock, so that a log is sorted and no two lines of a process share a millisecond;
// the latency is measured where the listener stands, and is the only thing that differs between two
// runs.
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

// One line with its line break.
std::string played_line(const Inquiry& inquiry, const Reply& reply);

}  // namespace crossfade
