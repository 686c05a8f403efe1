// Checkpoints: training that was stopped or killed goes on where it last wrote itself down, and
// ends in the same bytes as if nothing had happened.
//
// A checkpoint is an artifact in a folder of its own, FOLDER/<number>; the newest whole one counts,
// older ones are removed. It says what it belongs to: data, settings, seed and version.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "crossfade/base/file.h"
#include "crossfade/base/json.h"
#include "crossfade/base/status.h"
#include "crossfade/neural/parameters.h"

namespace crossfade {

// Groups of parameters by name: "weights", "best", "first", "second".
struct NamedGroup {
  std::string name;
  Parameters* parameters = nullptr;
};

class CheckpointFolder {
 public:
  // `path` empty: nothing is kept. `belongs_to` is compared when reading.
  CheckpointFolder(std::string path, Json belongs_to)
      : path_(std::move(path)), belongs_to_(std::move(belongs_to)) {}

  ~CheckpointFolder();
  CheckpointFolder(CheckpointFolder&&) = delete;

  bool is_kept() const { return !path_.empty(); }
  // Takes the folder for this process, fills the groups and returns the progress that was written
  // with them; null if there is no checkpoint. Errors: (usage) it is of another training, saying in
  // what it differs; (data invalid) damaged; (failed) another process has had it for ten seconds,
  // which is longer than one that was stopped needs to write itself down.
  Result<Json> read(const std::vector<NamedGroup>& groups);
  Status write(const std::vector<NamedGroup>& groups, const Json& progress);
  // " ..": what to do with the checkpoint where other settings are to be tried; "" without one.
  std::string advice() const;

 private:
  Status take();
  std::vector<std::int64_t> numbers() const;  // of the checkpoints, rising
  std::string place(std::int64_t number) const { return path_ + "/" + std::to_string(number); }

  std::string path_;
  Json belongs_to_;
  std::int64_t last_ = 0;
  std::optional<FileWriter> lock_;
};

}  // namespace crossfade
