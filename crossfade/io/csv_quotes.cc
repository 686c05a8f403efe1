// A state machine that jumps from quote to quote.
#include "crossfade/io/csv_quotes.h"

#include <algorithm>

namespace crossfade {

void QuoteScan::feed(std::string_view bytes) {
  while (!bytes.empty()) {
    if (state_ == State::kClosing) {
      state_ = bytes.front() == '"' ? State::kQuoted : State::kPlain;
      if (state_ == State::kQuoted) {
        previous_ = '"';
        bytes.remove_prefix(1);
        continue;
      }
    }
    const std::size_t quote = bytes.find('"');
    const std::string_view before = bytes.substr(0, quote);
    line_ += std::count(before.begin(), before.end(), '\n');
    if (!before.empty()) previous_ = before.back();
    if (quote == std::string_view::npos) return;
    if (state_ == State::kQuoted) {
      state_ = State::kClosing;
    } else if (previous_ == separator_ || previous_ == '\n' || previous_ == '\r') {
      state_ = State::kQuoted;
      opened_line_ = line_;
    }
    previous_ = '"';
    bytes.remove_prefix(quote + 1);
  }
}

}  // namespace crossfade
