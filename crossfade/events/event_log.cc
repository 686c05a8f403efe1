// Opening looks at the first and the last line only; replay() checks and decodes in one pass.
#include "crossfade/events/event_log.h"

#include <atomic>
#include <mutex>
#include <optional>
#include <utility>

#include "crossfade/base/checked_line.h"
#include "crossfade/base/file.h"
#include "crossfade/base/mapped_file.h"
#include "crossfade/base/text.h"

namespace crossfade {
namespace {

const std::string kHeader = std::string(kEventLogHead) + "\n";
constexpr std::size_t kMaxWaiting = 256 << 10;  // bytes of answers that wait for an event

// take(line, number) for every whole line behind the header; the header is line 1.
template <class Take>
void for_each_line(std::string_view bytes, Take&& take) {
  std::int64_t number = 2;
  for (std::size_t at = kHeader.size(); at < bytes.size(); ++number) {
    const std::size_t end = bytes.find('\n', at);
    if (end == std::string_view::npos) return;
    take(bytes.substr(at, end - at), number);
    at = end + 1;
  }
}

}  // namespace

struct EventLog::State {
  std::string path;
  std::optional<FileWriter> file;  // none: without_file()
  MappedFile found;                // the records to replay, without a torn end
  std::int64_t cut_bytes = 0;

  std::mutex mutex;  // guards the file and what follows
  std::int64_t size = 0;
  bool torn = false;    // a failed write left bytes behind that could not be taken back yet
  std::string waiting;  // lines of answers
  std::atomic<std::int64_t> num_events{0};

  // All of `lines` behind the answers that wait, or none of both. Holds the mutex.
  Status write(std::string_view lines) {
    if (torn) CROSSFADE_RETURN_IF_ERROR(file->truncate(size));
    torn = false;
    waiting += lines;
    const std::string all = std::exchange(waiting, {});
    if (const Status status = file->write(all); !status.ok()) {
      torn = !file->truncate(size).ok();
      return status;
    }
    size += static_cast<std::int64_t>(all.size());
    return ok_status();
  }
};

std::string EventLog::Recovery::sentence() const {
  std::string text = format_count(events) + " events";
  if (answers > 0) text += ", " + format_count(answers) + " answers";
  if (damaged > 0)
    text += ", " + format_count(damaged) + " damaged records skipped (the first in line " +
            std::to_string(first_damaged_line) + ")";
  if (cut_bytes > 0)
    text += ", a torn last record of " + format_count(cut_bytes) + " bytes cut off";
  return text;
}

EventLog::EventLog(std::unique_ptr<State> state) : state_(std::move(state)) {}
EventLog::~EventLog() {
  if (!state_ || !state_->file) return;
  (void)state_->write({});
  (void)state_->file->close();
}
EventLog::EventLog(EventLog&&) noexcept = default;
EventLog& EventLog::operator=(EventLog&& other) noexcept {
  std::swap(state_, other.state_);
  return *this;
}

EventLog EventLog::without_file() {
  return EventLog(std::make_unique<State>());
}

Result<EventLog> EventLog::open(const std::string& path) {
  auto state = std::make_unique<State>();
  state->path = path;
  CROSSFADE_ASSIGN_OR_RETURN(state->file, FileWriter::create(path, /*append=*/true));
  CROSSFADE_RETURN_IF_ERROR(state->file->lock());
  CROSSFADE_ASSIGN_OR_RETURN(const MappedFile file, MappedFile::open(path));
  const std::string_view bytes = file.bytes();
  // A crash may have torn the very first line too.
  const bool fresh = bytes.size() < kHeader.size() && kHeader.starts_with(bytes);
  if (!fresh && !bytes.starts_with(kHeader))
    return data_invalid(path + " is not an event log of this version of crossfade; its first " +
                        "line is not '" + std::string(kEventLogHead) + "'. Give another file name");
  if (fresh) {
    CROSSFADE_RETURN_IF_ERROR(state->file->truncate(0));
    CROSSFADE_RETURN_IF_ERROR(state->file->write(kHeader));
    CROSSFADE_RETURN_IF_ERROR(state->file->sync());
    state->size = static_cast<std::int64_t>(kHeader.size());
    return EventLog(std::move(state));
  }
  state->size = static_cast<std::int64_t>(bytes.rfind('\n') + 1);
  state->cut_bytes = static_cast<std::int64_t>(bytes.size()) - state->size;
  if (state->cut_bytes > 0) CROSSFADE_RETURN_IF_ERROR(state->file->truncate(state->size));
  CROSSFADE_ASSIGN_OR_RETURN(state->found, MappedFile::open(path));
  return EventLog(std::move(state));
}

EventLog::Recovery EventLog::replay(const std::function<void(const Event&)>& take,
                                    const std::function<void(const Answer&)>& take_answer) {
  const MappedFile found = std::exchange(state_->found, {});
  Recovery recovery;
  recovery.cut_bytes = state_->cut_bytes;
  for_each_line(found.bytes(), [&](std::string_view line, std::int64_t number) {
    const auto json = checked_text(line);
    if (json && json->starts_with(kAnswerBegin)) {
      ++recovery.answers;
      if (!take_answer) return;
      if (const auto answer = decode_answer(*json); answer.ok()) take_answer(*answer);
      return;
    }
    const Result<Event> event = json ? decode_event(*json) : data_invalid("damaged");
    if (event.ok()) {
      ++recovery.events;
      take(*event);
    } else if (recovery.damaged++ == 0) {
      recovery.first_damaged_line = number;
    }
  });
  state_->num_events += recovery.events;
  return recovery;
}

Status EventLog::append(std::span<const Event> events) {
  std::string lines;
  for (const Event& event : events) {
    CROSSFADE_RETURN_IF_ERROR(check_event(event));
    if (state_->file) append_checked_line(encode_event(event), lines);
  }
  const std::lock_guard lock(state_->mutex);
  if (state_->file) CROSSFADE_RETURN_IF_ERROR(state_->write(lines));
  state_->num_events += static_cast<std::int64_t>(events.size());
  return ok_status();
}

void EventLog::note(const Answer& answer) {
  if (!state_->file) return;
  std::string record, line;
  encode_answer(answer, record);
  append_checked_line(record, line);
  const std::lock_guard lock(state_->mutex);
  state_->waiting += line;
  if (state_->waiting.size() > kMaxWaiting && !state_->write({}).ok()) state_->waiting.clear();
}

Status EventLog::sync() {
  if (!state_->file) return ok_status();
  const std::lock_guard lock(state_->mutex);
  CROSSFADE_RETURN_IF_ERROR(state_->write({}));
  return state_->file->sync();
}

const std::string& EventLog::path() const {
  return state_->path;
}
std::int64_t EventLog::num_events() const {
  return state_->num_events;
}

}  // namespace crossfade
