// Two buffers: lines are added to one while the thread writes the other.
#include "crossfade/events/data_log.h"

#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <thread>
#include <utility>

#include "crossfade/base/file.h"
#include "crossfade/base/text.h"
#include "crossfade/events/id_text.h"

namespace crossfade {
namespace {

constexpr std::size_t kMaxWaiting = 64 << 20;  // bytes of lines that wait for the disk

// Digits stand as they are: what they name is a number in Python.
void append_number(const ExternalId& id, std::string& out) {
  if (const auto* digits = std::get_if<std::string>(&id))
    out += *digits;
  else
    append_json_id(id, out);
}

std::int64_t size_of_file(const std::string& path) {
  struct ::stat facts {};
  return ::stat(path.c_str(), &facts) == 0 ? static_cast<std::int64_t>(facts.st_size) : 0;
}

}  // namespace

void encode_data_log_line(const DataLogLine& line, std::string& out) {
  RecordText record(out);
  append_json_text(line.last ? "last" : "next", record.key("message"));
  append_json_id(line.timestamp_ms, record.key("timestamp"));
  append_number(line.user, record.key("user"));
  append_number(line.track, record.key("track"));
  append_python_float(line.time, record.key("time"));
  append_python_float(line.latency_s, record.key("latency"));
  if (line.last)
    record.key("recommendation") += "null";
  else
    append_json_id(line.recommendation, record.key("recommendation"));
  append_treatments(line.treatments, record.key("experiments"));
  if (line.propensity) append_python_float(*line.propensity, record.key("propensity"));
  record.end();
  out += '\n';
}

struct DataLog::State {
  std::string path;
  DataLogOptions options;

  // The writer's own.
  std::optional<FileWriter> file;
  std::int64_t size = 0;

  std::mutex mutex;  // guards what follows
  std::condition_variable changed;
  std::string waiting;
  bool stopping = false;
  Status first_error;
  std::int64_t lost = 0;
  std::thread writer;

  void run();
  void write(std::string_view lines);
  Status write_lines(std::string_view& lines);
  Status rotate();
};

void DataLog::State::run() {
  std::string lines;
  for (bool last = false; !last;) {
    lines.clear();
    {
      std::unique_lock lock(mutex);
      changed.wait_for(lock, std::chrono::milliseconds(kFlushMs), [&] { return stopping; });
      last = stopping;
      std::swap(lines, waiting);
    }
    write(lines);
  }
}

void DataLog::State::write(std::string_view lines) {
  const Status status = write_lines(lines);
  if (status.ok()) return;
  const std::lock_guard lock(mutex);
  if (first_error.ok()) first_error = status;
  lost += std::count(lines.begin(), lines.end(), '\n');
}

// Takes from `lines` what has been written.
Status DataLog::State::write_lines(std::string_view& lines) {
  while (!lines.empty()) {
    // As many whole lines as fit below the limit; one that is larger than it stands alone.
    std::size_t end = lines.size();
    if (options.max_bytes > 0) {
      const std::int64_t room = options.max_bytes - 1 - size;  // the file stays below the limit
      if (room < static_cast<std::int64_t>(end)) {
        const auto within =
            lines.substr(0, static_cast<std::size_t>(std::max<std::int64_t>(room, 0)));
        end = within.rfind('\n') + 1;  // 0 if none fits
        if (end == 0) {
          if (size > 0) CROSSFADE_RETURN_IF_ERROR(rotate());
          end = lines.find('\n') + 1;
        }
      }
    }
    if (!file) {
      CROSSFADE_ASSIGN_OR_RETURN(file, FileWriter::create(path, /*append=*/true));
    }
    if (const Status status = file->write(lines.substr(0, end)); !status.ok()) {
      (void)file->truncate(size);  // half a line would spoil the next
      return status;
    }
    size += static_cast<std::int64_t>(end);
    lines.remove_prefix(end);
  }
  return ok_status();
}

Status DataLog::State::rotate() {
  if (file) CROSSFADE_RETURN_IF_ERROR(std::exchange(file, std::nullopt)->close(Sync::kNo));
  const auto backup = [&](std::int64_t n) { return path + "." + std::to_string(n); };
  for (std::int64_t n = options.backups - 1; n >= 1; --n)
    if (path_exists(backup(n))) CROSSFADE_RETURN_IF_ERROR(rename_path(backup(n), backup(n + 1)));
  if (options.backups > 0 && path_exists(path))
    CROSSFADE_RETURN_IF_ERROR(rename_path(path, backup(1)));
  CROSSFADE_ASSIGN_OR_RETURN(file, FileWriter::create(path));
  size = 0;
  return ok_status();
}

DataLog::DataLog(std::unique_ptr<State> state) : state_(std::move(state)) {}
DataLog::DataLog(DataLog&&) noexcept = default;
DataLog& DataLog::operator=(DataLog&& other) noexcept {
  std::swap(state_, other.state_);
  return *this;
}
DataLog::~DataLog() {
  if (state_) (void)close();
}

Result<DataLog> DataLog::open(const std::string& path, DataLogOptions options) {
  const std::string folder = std::filesystem::path(path).parent_path().string();
  if (!folder.empty()) CROSSFADE_RETURN_IF_ERROR(make_folder(folder));
  auto state = std::make_unique<State>();
  state->path = path;
  state->options = options;
  CROSSFADE_ASSIGN_OR_RETURN(state->file, FileWriter::create(path, /*append=*/true));
  state->size = size_of_file(path);
  state->writer = std::thread([raw = state.get()] { raw->run(); });
  return DataLog(std::move(state));
}

void DataLog::add(const DataLogLine& line) {
  thread_local std::string text;  // its memory is used again
  text.clear();
  DataLogLine written = line;
  if (!state_->options.propensities) written.propensity.reset();
  encode_data_log_line(written, text);
  const std::lock_guard lock(state_->mutex);
  if (state_->waiting.size() + text.size() > kMaxWaiting)
    ++state_->lost;
  else
    state_->waiting += text;
}

Status DataLog::close() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->stopping = true;
  }
  state_->changed.notify_one();
  if (state_->writer.joinable()) state_->writer.join();
  if (state_->file) {
    const Status closed = std::exchange(state_->file, std::nullopt)->close();
    if (state_->first_error.ok()) state_->first_error = closed;
  }
  if (state_->first_error.ok() && state_->lost == 0) return ok_status();
  const std::string lines = format_count(state_->lost) + " lines of " + state_->path + " are lost";
  if (state_->first_error.ok()) return failed(lines + ": the disk did not keep up");
  return state_->first_error.at(lines);
}

std::int64_t DataLog::num_lost() const {
  const std::lock_guard lock(state_->mutex);
  return state_->lost;
}

}  // namespace crossfade
