// Draws the bar or the lines. Whoever advances first after the next drawing time wins the right to
// draw by a compare-and-swap, so threads never wait for the terminal.
#include "crossfade/base/progress.h"

#include <algorithm>

#include "crossfade/base/text.h"
#include "crossfade/base/utf8.h"

namespace crossfade {
namespace {

constexpr std::int64_t kTerminalIntervalNs = 200'000'000;
constexpr std::int64_t kLogIntervalNs = 10'000'000'000;
constexpr int kBarWidth = 24;

std::string bar(double share) {
  const int full = static_cast<int>(share * kBarWidth);
  return "[" + std::string(static_cast<std::size_t>(full), '#') +
         std::string(static_cast<std::size_t>(kBarWidth - full), '.') + "] ";
}

}  // namespace

ConsoleProgress::ConsoleProgress(std::FILE* stream, bool terminal, const Clock& clock)
    : stream_(stream), terminal_(terminal), clock_(clock) {}

void ConsoleProgress::begin(const std::string& what, std::int64_t total, const std::string& unit) {
  what_ = what;
  unit_ = unit;
  total_ = total;
  drawn_ = false;
  start_ns_ = clock_.steady_ns();
  done_ = 0;
  next_draw_ns_ = start_ns_ + (terminal_ ? kTerminalIntervalNs : kLogIntervalNs);
}

void ConsoleProgress::advance(std::int64_t count) {
  done_.fetch_add(count, std::memory_order_relaxed);
  const std::int64_t now = clock_.steady_ns();
  std::int64_t due = next_draw_ns_.load(std::memory_order_relaxed);
  const std::int64_t after = now + (terminal_ ? kTerminalIntervalNs : kLogIntervalNs);
  if (now >= due && next_draw_ns_.compare_exchange_strong(due, after)) draw();
}

std::string ConsoleProgress::line() const {
  const std::int64_t done = done_;
  const double seconds = static_cast<double>(clock_.steady_ns() - start_ns_) * 1e-9;
  const double rate = seconds > 0 ? static_cast<double>(done) / seconds : 0;
  std::string text = what_ + ": ";
  if (total_ > 0) {
    const double share = std::min(1.0, static_cast<double>(done) / static_cast<double>(total_));
    if (terminal_) text += bar(share);
    text += format_number(share * 100, 0) + "% of " + format_count(total_) + " " + unit_;
  } else {
    text += format_count(done) + " " + unit_;
  }
  text += ", " + format_rate(rate) + "/s";
  if (total_ > done && rate > 0)
    text += ", " + format_duration(static_cast<double>(total_ - done) / rate) + " left";
  return text;
}

void ConsoleProgress::draw() {
  drawn_ = true;
  std::fprintf(stream_, terminal_ ? "\r\033[K%s" : "%s\n", printable(line()).c_str());
  std::fflush(stream_);
}

void ConsoleProgress::end(const std::string& note) {
  const double seconds = static_cast<double>(clock_.steady_ns() - start_ns_) * 1e-9;
  std::string text = what_ + ": ";
  if (done_ > 0) text += format_count(done_) + " " + unit_ + " in ";
  text += format_duration(seconds) + (note.empty() ? "" : ", " + note);
  std::fprintf(stream_, terminal_ && drawn_ ? "\r\033[K%s\n" : "%s\n", printable(text).c_str());
  std::fflush(stream_);
}

void ConsoleProgress::say(const std::string& sentence) {
  std::fprintf(stream_, terminal_ && drawn_ ? "\r\033[K%s\n" : "%s\n",
               printable(sentence, true).c_str());
  std::fflush(stream_);
}

}  // namespace crossfade
