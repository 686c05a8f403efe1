// Logs of services as blocks of rows: botify's data log and our own event log (play_line.h).
//
// Not json_stream.cc, because such logs are torn where a service was killed, mix with records that
// are no plays, and have lines that say nothing: those are counted and the rest is kept. Blocks of
// lines are parsed on all threads and put down in their order.
#include <arrow/io/interfaces.h>
#include <arrow/result.h>

#include <algorithm>
#include <utility>

#include "crossfade/base/text.h"
#include "crossfade/io/arrow_error.h"
#include "crossfade/io/play_line.h"
#include "crossfade/io/table_stream.h"
#include "crossfade/io/text_file.h"

namespace crossfade {
namespace {

constexpr std::int64_t kHeadBytes = 1 << 20;
constexpr std::int64_t kBlockBytes = 8 << 20;
constexpr std::int64_t kLinesPerTask = 2048;
constexpr const char *kUser = "user", *kTrack = "track", *kTime = "timestamp", *kShare = "time",
                     *kMessage = "message";

// A line, and what became of it.
struct ReadLine {
  std::string_view text;
  std::int64_t number = 0;  // from 1
  Result<LineIs> is = LineIs::kHeader;
  PlayLine play;
};

// The lines of `text` that are not empty; the last may lack its end.
std::vector<ReadLine> lines_of(std::string_view text, std::int64_t& number) {
  std::vector<ReadLine> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    ++number;
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!line.empty()) lines.push_back({line, number, LineIs::kHeader, {}});
  }
  return lines;
}

bool is_text(const ExternalId& id) {
  return std::holds_alternative<std::string>(id);
}

class PlayLogStream final : public TableStream {
 public:
  PlayLogStream(TextFile file, bool text_ids) : file_(std::move(file)), text_ids_(text_ids) {
    report_.path = file_.path();
    report_.bytes = file_.num_bytes();
  }

  // Whether there are plays at all, and whether ids are texts.
  Status look() {
    CROSSFADE_ASSIGN_OR_RETURN(std::string head, file_.head(kHeadBytes));
    if (std::ssize(head) == kHeadBytes) head.resize(head.rfind('\n') + 1);
    std::int64_t number = 0, plays = 0, answers = 0;
    std::string trouble;
    for (ReadLine& line : lines_of(head, number)) {
      line.is = read_play_line(line.text, line.play);
      if (!line.is.ok()) {
        if (trouble.empty())
          trouble = "line " + std::to_string(line.number) + ": " + line.is.status().message();
      } else if (*line.is == LineIs::kPlay) {
        ++plays;
        text_ids_ |= is_text(line.play.user) || is_text(line.play.track);
      } else {
        ++answers;
      }
    }
    if (plays > 0 || (trouble.empty() && answers > 0)) return ok_status();
    return data_invalid(file_.path() + " has no play in its first lines" +
                        (trouble.empty() ? "" : " (" + trouble + ")") +
                        "; the schema botify reads a service's data.json and our event logs");
  }

  const std::vector<std::string>& names() const override { return names_; }
  const Table& layout() const override { return layout_; }

  Status select(const std::vector<WantedColumn>& columns, Context&) override {
    for (const WantedColumn& column : columns) {
      if (std::find(names_.begin(), names_.end(), column.name) == names_.end())
        return data_invalid(file_.path() + ": " +
                            unknown_name("column", column.name, names_).message());
      wanted_.push_back(column.name);
    }
    layout_ = table_of({});
    CROSSFADE_ASSIGN_OR_RETURN(stream_, file_.stream());
    return ok_status();
  }

  Result<std::optional<Table>> next(Context& context) override {
    while (!at_end_) {
      CROSSFADE_RETURN_IF_ERROR(context.check_stop());
      CROSSFADE_RETURN_IF_ERROR(read_block());
      auto lines = lines_of(block_, line_number_);
      context.threads.parallel_for(
          std::ssize(lines), kLinesPerTask, [&](std::int64_t begin, std::int64_t end, int) {
            for (auto i = static_cast<std::size_t>(begin); i < static_cast<std::size_t>(end); ++i)
              lines[i].is = read_play_line(lines[i].text, lines[i].play);
          });
      CROSSFADE_RETURN_IF_ERROR(keep_plays(lines));
      if (lines.empty()) continue;
      report_.rows += std::ssize(lines);
      return std::optional<Table>(table_of(lines));
    }
    say_what_was_met();
    return std::optional<Table>();
  }

 private:
  // The next whole lines into block_; the last of the file may have no end.
  Status read_block() {
    block_ = std::exchange(rest_, {});
    return without_exceptions(Doing::kReading, file_.path(), [&]() -> Status {
      const std::size_t before = block_.size();
      block_.resize(before + kBlockBytes);
      const auto got = stream_->Read(kBlockBytes, block_.data() + before);
      if (!got.ok())
        return data_invalid(file_.path() + ": " + got.status().message() + "; write it again");
      block_.resize(before + static_cast<std::size_t>(*got));
      at_end_ = *got == 0;
      has_end_ = block_.empty() || block_.back() == '\n';
      if (at_end_) return ok_status();
      const std::size_t end = block_.rfind('\n');
      if (end == std::string::npos && std::ssize(block_) > 2 * kBlockBytes)
        return data_invalid(file_.path() +
                            ": a line is longer than 16 MiB; a log has one record in every line");
      rest_ = block_.substr(end == std::string::npos ? 0 : end + 1);
      block_.resize(block_.size() - rest_.size());
      return ok_status();
    });
  }

  // Leaves the plays; counts the rest.
  Status keep_plays(std::vector<ReadLine>& lines) {
    for (const ReadLine& line : lines) {
      const bool last = at_end_ && &line == &lines.back();
      if (!line.is.ok()) {
        lose(last && !has_end_ ? "torn last line" : "damaged line", line);
      } else if (*line.is == LineIs::kAnswer) {
        ++answers_;
      } else if (*line.is == LineIs::kPlay) {
        CROSSFADE_RETURN_IF_ERROR(check_domain(line));
        if (!text_ids_ && (is_text(line.play.user) || is_text(line.play.track)))
          return data_invalid(file_.path() + ", line " + std::to_string(line.number) +
                              ": an id is a text, and those before are numbers; give --ids text");
      }
    }
    std::erase_if(lines,
                  [](const ReadLine& line) { return !line.is.ok() || *line.is != LineIs::kPlay; });
    return ok_status();
  }

  // The items of two domains are different things, and a log that is imported is of one.
  Status check_domain(const ReadLine& line) {
    if (!has_domain_) domain_ = line.play.domain;
    has_domain_ = true;
    if (line.play.domain == domain_) return ok_status();
    const std::string place = file_.path() + ", line " + std::to_string(line.number);
    return data_invalid(place + ": an event of the domain '" + line.play.domain +
                        "', and those before are of '" + domain_ +
                        "'; import one: tail -n +2 FILE | cut -c18- | jq -c 'select(.domain == \"" +
                        domain_ + "\")' > " + domain_ + ".jsonl");
  }

  void lose(const std::string& reason, const ReadLine& line) {
    auto found = std::find_if(report_.lost.begin(), report_.lost.end(),
                              [&](const ReadReport::Lost& lost) { return lost.reason == reason; });
    if (found == report_.lost.end()) {
      report_.lost.push_back(
          {reason, "line " + std::to_string(line.number) + ": " + line.is.status().message(), 0});
      found = report_.lost.end() - 1;
    }
    ++found->rows;
  }

  void say_what_was_met() {
    report_.notes.clear();
    if (answers_ > 0)
      report_.notes.push_back(format_count(answers_) + " records of answers were passed over");
  }

  Table table_of(const std::vector<ReadLine>& lines) const {
    Table table;
    for (const std::string& name : wanted_) table.columns.push_back(column_of(name, lines));
    return table;
  }

  template <class Value, class Get>
  static Column::Values collect(const std::vector<ReadLine>& lines, const Get& get) {
    std::vector<Value> values;
    values.reserve(lines.size());
    for (const ReadLine& line : lines) values.push_back(get(line.play));
    return values;
  }

  Column::Values ids(const std::vector<ReadLine>& lines, ExternalId PlayLine::*id) const {
    if (text_ids_)
      return collect<std::string>(lines, [&](const PlayLine& play) { return to_text(play.*id); });
    return collect<std::int64_t>(
        lines, [&](const PlayLine& play) { return std::get<std::int64_t>(play.*id); });
  }

  Column column_of(const std::string& name, const std::vector<ReadLine>& lines) const {
    Column column;
    column.name = name;
    if (name == kUser) {
      column.values = ids(lines, &PlayLine::user);
    } else if (name == kTrack) {
      column.values = ids(lines, &PlayLine::track);
    } else if (name == kTime) {
      column.meaning = Column::Meaning::kTimestamp;
      column.values =
          collect<std::int64_t>(lines, [](const PlayLine& play) { return play.time_ns; });
    } else if (name == kShare) {
      column.values = collect<float>(lines, [](const PlayLine& play) { return play.share; });
    } else {
      column.values =
          collect<std::string>(lines, [](const PlayLine& play) { return play.message; });
    }
    return column;
  }

  TextFile file_;
  bool text_ids_;
  const std::vector<std::string> names_ = {kUser, kTrack, kTime, kShare, kMessage};
  std::vector<std::string> wanted_;
  Table layout_;
  std::shared_ptr<arrow::io::InputStream> stream_;
  std::string block_, rest_;
  std::int64_t line_number_ = 0, answers_ = 0;
  bool at_end_ = false, has_end_ = true, has_domain_ = false;
  std::string domain_;
};

}  // namespace

Result<std::unique_ptr<TableStream>> open_play_log_stream(const std::string& path, bool text_ids) {
  CROSSFADE_ASSIGN_OR_RETURN(TextFile file, TextFile::open(path));
  auto stream = std::make_unique<PlayLogStream>(std::move(file), text_ids);
  CROSSFADE_RETURN_IF_ERROR(stream->look());
  return std::unique_ptr<TableStream>(std::move(stream));
}

}  // namespace crossfade
