// csv_head: what the first line of a CSV or TSV file says.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "crossfade/base/status.h"
#include "crossfade/io/text_file.h"

namespace arrow {
class Status;
}

namespace crossfade {

struct CsvHead {
  char separator = ',';  // a tab in .tsv, else whichever of comma, tab, semicolon is there
  std::vector<std::string> names;
};

// Errors (data invalid): not text, no header (numbers only), a name that is missing or comes twice,
// a damaged packing.
Result<CsvHead> read_csv_head(const TextFile& file);

// Arrow's reason for refusing the rows of a file, as a sentence of ours.
Status csv_error(const std::string& path, const arrow::Status& status);
// "a quote opened in line 7 is never closed".
Status open_quote_error(const std::string& path, std::int64_t line);

}  // namespace crossfade
