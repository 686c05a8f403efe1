// NeuralJob: what crossfade-neural is asked to do, as the file that it is given. crossfade writes
// it (run_neural_program()), crossfade-neural reads it; by hand one can be written too:
//
//   {"version": "0.1.0", "model": "sasrec", "store": "STORE", "domain": "", "out": "MODEL",
//    "settings": ["epochs=20"], "seed": 1, "threads": 2, "checkpoint": "FOLDER",
//    "memory_bytes": 0}
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "crossfade/base/json.h"

namespace crossfade {

struct NeuralJob {
  std::string model;   // the generator's name
  std::string store;   // to learn from
  std::string domain;  // of the store; empty: its only one
  std::string out;     // the model to write
  std::vector<std::string> settings = {};
  std::uint64_t seed = 1;
  std::int64_t threads = 0;       // 0: one per core
  std::string checkpoint = {};    // folder for checkpoints, which stays; empty: none are kept
  std::int64_t memory_bytes = 0;  // Context::memory_bytes; may be left out

  Json to_json() const;
  // Errors: (usage) written by another version than this; (data invalid) a member is missing.
  static Result<NeuralJob> from_json(const Json& json);
};

}  // namespace crossfade
