// ReadReport: what a reader has to say about a file besides its rows.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace crossfade {

struct ReadReport {
  std::string path;
  std::int64_t bytes = 0, rows = 0;
  // Of a Parquet file: pages read, and those with a checksum, each of which was verified.
  std::int64_t pages = 0, pages_with_checksum = 0;
  // Sentences about what was changed or could not be known.
  std::vector<std::string> notes;
  // Of a log of lines: those that gave no row, by reason. Complete at the end of the file.
  struct Lost {
    std::string reason, example;
    std::int64_t rows = 0;
  };
  std::vector<Lost> lost = {};

  // "page checksums verified", "no checksums", or how many pages have one.
  std::string checksum_text() const;
};

}  // namespace crossfade
