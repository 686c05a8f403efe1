// A state machine over the bytes; quotes as QuoteScan has them.
#include "crossfade/io/csv_zeros.h"

#include <algorithm>

namespace crossfade {

ZeroScan::ZeroScan(char separator, const std::vector<std::size_t>& watched)
    : separator_(separator) {
  if (watched.empty()) return;
  watched_.resize(*std::max_element(watched.begin(), watched.end()) + 1);
  lines_.resize(watched_.size());
  for (const std::size_t column : watched) watched_[column] = 1;
}

void ZeroScan::feed(std::string_view bytes) {
  if (watched_.empty()) return;
  for (const char c : bytes) take(c);
}

void ZeroScan::take(char c) {
  if (c == '"' && (quoted_ || closing_ || at_ == At::kStart)) {
    closing_ = quoted_;
    quoted_ = !quoted_;
    return;
  }
  closing_ = false;
  if (c == '\n') ++line_;
  if (quoted_ || (c != separator_ && c != '\n' && c != '\r')) return take_plain(c);
  column_ = c == separator_ ? column_ + 1 : 0;
  at_ = At::kStart;
}

void ZeroScan::take_plain(char c) {
  if (at_ == At::kRest || (at_ == At::kStart && (c == ' ' || c == '\t'))) return;
  const bool found = at_ == At::kFirst && c >= '0' && c <= '9';
  at_ = at_ == At::kStart && (c == '0' || c == '+') ? At::kFirst : At::kRest;
  if (found && line_ > 1 && column_ < watched_.size() && watched_[column_] != 0 &&
      lines_[column_] == 0)
    lines_[column_] = line_;
}

}  // namespace crossfade
