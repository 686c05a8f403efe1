// QuoteScan: finds a quote that is opened in a CSV file and never closed.
//
// Arrow takes all that follows such a quote, to the end of the file, for one field, and says
// nothing: every later row would be lost. The bytes are looked at once, from quote to quote.
#pragma once

#include <cstdint>
#include <string_view>

namespace crossfade {

class QuoteScan {
 public:
  explicit QuoteScan(char separator) : separator_(separator) {}

  // The next bytes of the file, cut anywhere.
  void feed(std::string_view bytes);
  // After the last byte: the line, counted from 1, in which a quote was opened and not closed; 0 if
  // there is none.
  std::int64_t open_line() const { return state_ == State::kQuoted ? opened_line_ : 0; }

 private:
  enum class State {
    kPlain,
    kQuoted,
    kClosing  // after a quote inside quotes: another one makes both a character
  };
  char separator_;
  State state_ = State::kPlain;
  char previous_ = '\n';  // a quote opens a field only at its start
  std::int64_t line_ = 1, opened_line_ = 0;
};

}  // namespace crossfade
