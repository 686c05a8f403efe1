// Checkpoints: training that was stopped or killed goes on where it last wrote itself down, and
// ends in the same bytes as if nothing had happened.
//
// A checkpoint is an artifact in a folder of its own, FOLDER/<number>; the newest whole one counts,
// older ones are removed. It says what it belongs to: data, settings, seed and version.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

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

  bool is_kept() const { return !path_.empty(); }
  // Fills the groups and returns the progress that was written with them; null if there is no
  // checkpoint. Errors: (usage) it is of another training, saying in what it differs; (data
  // invalid) damaged.
  Result<Json> read(const std::vector<NamedGroup>& groups);
  Status write(const std::vector<NamedGroup>& groups, const Json& progress);
  Status remove() const;

 private:
  Result<std::vector<std::int64_t>> numbers() const;  // of the checkpoints, rising
  std::string place(std::int64_t number) const { return path_ + "/" + std::to_string(number); }

  std::string path_;
  Json belongs_to_;
  std::int64_t last_ = 0;
};

}  // namespace crossfade
