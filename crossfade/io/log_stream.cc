// File after file, block after block: read, mean, clean, count.
#include "crossfade/io/log_stream.h"

#include <algorithm>
#include <type_traits>
#include <utility>
#include <variant>

#include "crossfade/base/counted.h"
#include "crossfade/base/text.h"
#include "crossfade/data/clean.h"
#include "crossfade/io/file_kind.h"
#include "crossfade/io/log_layout.h"
#include "crossfade/io/log_times.h"
#include "crossfade/io/remote_server.h"
#include "crossfade/io/table_stream.h"

namespace crossfade {
namespace {

// A time as the file has it, for people.
std::string value_text(const Column& times, std::size_t row, std::int64_t time_ns) {
  if (times.meaning == Column::Meaning::kTimestamp) return time_text(time_ns);
  return std::visit(
      [&](const auto& values) -> std::string {
        using T = typename std::decay_t<decltype(values)>::value_type;
        if constexpr (std::is_integral_v<T>)
          return std::to_string(values[row]);
        else if constexpr (std::is_floating_point_v<T>)
          return format_shortest(static_cast<double>(values[row]));
        else
          return time_text(time_ns);  // take_times() refuses text and lists
      },
      times.values);
}

}  // namespace

struct LogStream::State {
  std::vector<LogInput> inputs;
  LogSchema schema;
  LogStreamOptions options;
  std::optional<LogLayout> layout;  // of the files so far; all others have to fit it
  std::optional<std::int64_t> total_rows;
  LogPosition position;
  std::unique_ptr<TableStream> file;  // of inputs[position.file], if it is open
  bool ended = false;

  bool is_one_file() const { return inputs.size() == 1; }
  const LogInput& input() const { return inputs[static_cast<std::size_t>(position.file)]; }

  Result<std::unique_ptr<TableStream>> open_stream(const LogInput& input, Context& context) const {
    return schema.is_play_log ? open_play_log(input.path, schema.ids_are_text, context)
                              : open_table_stream(input.path, options.block_rows, context);
  }

  // A file that has the column, or "": one that was reached, else one that need not be fetched.
  std::string file_with(const std::string& column, Context& context) const {
    if (layout) return file_of(*layout, column);
    for (const LogInput& other : inputs) {
      if (is_remote(other.path)) continue;
      const auto stream = open_stream(other, context);
      if (stream.ok() && has_column(other, **stream, column)) return other.path;
    }
    return "";
  }

  // Chooses the columns of a file. Of one that it lacks, the error names a file that has it too.
  Status select(const LogInput& input, TableStream& stream, Context& context) const {
    const std::vector<WantedColumn> wanted = wanted_columns(schema, input, stream);
    const Status selected = stream.select(wanted, context);
    const auto lacking = std::find_if(
        wanted.begin(), wanted.end(),
        [&](const WantedColumn& column) { return !has_column(input, stream, column.name); });
    if (selected.ok() || lacking == wanted.end()) return selected;
    const std::string other = file_with(lacking->name, context);
    if (other.empty()) return selected;
    return Status(selected.kind(), selected.message() + "; but " + other + " has '" +
                                       lacking->name + "', and all files of a log have to agree");
  }

  // Opens a file, chooses its columns and compares them with those of the first.
  Result<std::unique_ptr<TableStream>> open_file(const LogInput& input, Context& context) {
    CROSSFADE_ASSIGN_OR_RETURN(auto stream, open_stream(input, context));
    CROSSFADE_RETURN_IF_ERROR(select(input, *stream, context));
    CROSSFADE_ASSIGN_OR_RETURN(LogLayout found, layout_of(schema, input, stream->layout()));
    if (!layout)
      layout = std::move(found);
    else
      CROSSFADE_RETURN_IF_ERROR(join_layout(*layout, found));
    return stream;
  }

  // What Parquet files say before a row is read; text, and what lies on S3, as it is reached.
  Status look_ahead(Context& context) {
    total_rows = 0;
    for (const LogInput& input : inputs) {
      CROSSFADE_RETURN_IF_ERROR(context.check_stop());
      const bool says = kind_of_name(input.path) == FileKind::kParquet;
      if (!says || is_remote(input.path)) {
        total_rows.reset();
        continue;
      }
      CROSSFADE_ASSIGN_OR_RETURN(const auto stream, open_file(input, context));
      const auto rows = stream->num_rows();
      if (total_rows && rows) *total_rows += *rows;
      if (!rows) total_rows.reset();
    }
    return ok_status();
  }

  // An error of these rows, with the file in front of it.
  Status at_rows(const Status& status, std::int64_t first_row) const {
    const std::string group = file->place_of(first_row);
    return status.at(input().path + (group.empty() ? "" : " (from " + group + ")"));
  }

  Result<LogColumns> convert(Table table, ImportReport& report, Context& context) {
    const auto rows = static_cast<std::int64_t>(table.num_rows());
    add_partitions(schema, input(), rows, table);
    auto marked =
        to_log_columns(std::move(table), schema, position.row, position.state, context, report);
    if (!marked.ok()) return at_rows(marked.status(), position.row);
    const RowOrigin origin{is_one_file() ? "" : input().path, position.row,
                           [times = &marked->times](std::size_t row, std::int64_t time_ns) {
                             return value_text(*times, row, time_ns);
                           }};
    auto cleaned =
        clean_log(std::move(marked->columns), marked->nulls, origin, report, context.threads);
    if (!cleaned.ok()) return at_rows(cleaned.status(), position.row);
    note_times(cleaned->time_ns, context.threads);
    position.row += rows;
    return cleaned;
  }

  void note_times(const std::vector<std::int64_t>& times, ThreadPool& threads) {
    using Range = std::pair<std::int64_t, std::int64_t>;
    const Range none{position.first_time_ns, position.last_time_ns};
    const Range range = threads.map_reduce(
        std::ssize(times), 1 << 16, none,
        [&](std::int64_t begin, std::int64_t end) {
          const auto [first, last] =
              std::minmax_element(times.begin() + begin, times.begin() + end);
          return Range{*first, *last};
        },
        [](Range& total, const Range& part) {
          total.first = std::min(total.first, part.first);
          total.second = std::max(total.second, part.second);
        });
    position.first_time_ns = range.first;
    position.last_time_ns = range.second;
  }

  // The end of a file: what its reader has to say.
  void close_file(ImportReport& report) {
    const ReadReport& read = file->report();
    for (const std::string& note : read.notes)
      report.notes.push_back(is_one_file() ? note : read.path + ": " + note);
    for (const ReadReport::Lost& lost : read.lost) {
      report.rows_read += lost.rows;
      report.drop(lost.reason, is_one_file() ? lost.example : read.path + ", " + lost.example,
                  lost.rows);
    }
    position.pages += read.pages;
    position.pages_with_checksum += read.pages_with_checksum;
    file.reset();
    ++position.file;
    position.row = 0;
  }

  void end(const std::string& source, ImportReport& report) {
    if (std::exchange(ended, true)) return;
    if (position.pages > 0) {
      ReadReport all;
      all.pages = position.pages;
      all.pages_with_checksum = position.pages_with_checksum;
      report.notes.insert(report.notes.begin(), source + ": " + all.checksum_text());
    }
    add_notes(schema, position.state, report);
    if (position.first_time_ns <= position.last_time_ns)
      report.notes.push_back("times run from " + time_text(position.first_time_ns) + " to " +
                             time_text(position.last_time_ns) + " (UTC)");
  }
};

LogStream::LogStream(std::unique_ptr<State> state) : state_(std::move(state)) {}
LogStream::~LogStream() = default;
LogStream::LogStream(LogStream&&) noexcept = default;
LogStream& LogStream::operator=(LogStream&&) noexcept = default;

Result<LogStream> LogStream::open(const std::vector<std::string>& inputs, const LogSchema& schema,
                                  const LogStreamOptions& options, Context& context) {
  auto state = std::make_unique<State>();
  state->schema = schema;
  state->options = options;
  state->position.state.kinds = options.kinds;
  CROSSFADE_ASSIGN_OR_RETURN(state->inputs,
                             list_inputs(inputs, options.allow_repeated_files, context));
  CROSSFADE_RETURN_IF_ERROR(check_partitions(schema, state->inputs));
  CROSSFADE_RETURN_IF_ERROR(state->look_ahead(context));
  return LogStream(std::move(state));
}

const std::vector<LogInput>& LogStream::inputs() const {
  return state_->inputs;
}

std::string LogStream::source() const {
  const auto more = static_cast<std::int64_t>(state_->inputs.size()) - 1;
  return state_->inputs[0].path +
         (more == 0 ? "" : " and " + counted(more, "more file", "more files"));
}

std::optional<std::int64_t> LogStream::total_rows() const {
  return state_->total_rows;
}

Result<std::optional<LogColumns>> LogStream::next(ImportReport& report, Context& context) {
  while (state_->position.file < std::ssize(state_->inputs)) {
    CROSSFADE_RETURN_IF_ERROR(context.check_stop());
    if (!state_->file) {
      CROSSFADE_ASSIGN_OR_RETURN(state_->file, state_->open_file(state_->input(), context));
      if (state_->position.row > 0)
        CROSSFADE_RETURN_IF_ERROR(state_->file->skip(state_->position.row, context));
    }
    CROSSFADE_ASSIGN_OR_RETURN(auto table, state_->file->next(context));
    if (!table) {
      state_->close_file(report);
      continue;
    }
    CROSSFADE_ASSIGN_OR_RETURN(LogColumns block,
                               state_->convert(*std::move(table), report, context));
    if (size_of(block.users) > 0) return std::optional<LogColumns>(std::move(block));
  }
  state_->end(source(), report);
  return std::optional<LogColumns>();
}

void LogStream::reuse(LogColumns spent) {
  if (!state_->file) return;
  for (IdColumn* ids : {&spent.users, &spent.items})
    if (auto* numbers = std::get_if<std::vector<std::int64_t>>(ids))
      state_->file->reuse(std::move(*numbers));
  state_->file->reuse(std::move(spent.time_ns));
  state_->file->reuse(std::move(spent.weights));
  state_->file->reuse(std::move(spent.sessions));
}

const LogPosition& LogStream::position() const {
  return state_->position;
}

Status LogStream::seek(const LogPosition& position, Context& context) {
  if (position.file < 0 || position.row < 0 || position.file > std::ssize(state_->inputs))
    return data_invalid("a log of " + std::to_string(state_->inputs.size()) +
                        " files cannot go on in file " + std::to_string(position.file));
  state_->file.reset();
  state_->position = position;
  state_->ended = false;
  return context.check_stop();
}

Json to_json(const LogPosition& position) {
  return Json::object()
      .set("file", position.file)
      .set("row", position.row)
      .set("time_unit", static_cast<std::int64_t>(position.state.time_unit))
      .set("kinds", json_list(position.state.kinds))
      .set("missing_sessions", position.state.missing_sessions)
      .set("unwanted", position.state.unwanted)
      .set("ordered", position.state.ordered ? 1 : 0)
      .set("first_time_ns", position.first_time_ns)
      .set("last_time_ns", position.last_time_ns)
      .set("pages", position.pages)
      .set("pages_with_checksum", position.pages_with_checksum);
}

Result<LogPosition> log_position_from_json(const Json& json) {
  LogPosition position;
  std::int64_t unit = 0, ordered = 0;
  for (const auto& [name, field] : {std::pair<const char*, std::int64_t*>{"file", &position.file},
                                    {"row", &position.row},
                                    {"time_unit", &unit},
                                    {"missing_sessions", &position.state.missing_sessions},
                                    {"unwanted", &position.state.unwanted},
                                    {"ordered", &ordered},
                                    {"first_time_ns", &position.first_time_ns},
                                    {"last_time_ns", &position.last_time_ns},
                                    {"pages", &position.pages},
                                    {"pages_with_checksum", &position.pages_with_checksum}}) {
    CROSSFADE_ASSIGN_OR_RETURN(*field, json.int_at(name));
  }
  if (unit < 0 || unit > static_cast<std::int64_t>(TimeUnit::kNanoseconds))
    return data_invalid("there is no time unit number " + std::to_string(unit));
  position.state.time_unit = static_cast<TimeUnit>(unit);
  position.state.ordered = ordered != 0;
  const Json::Array* kinds = json["kinds"].as_array();
  if (!kinds) return data_invalid("the position of a log has no list of kinds");
  for (const Json& kind : *kinds)
    if (const std::string* text = kind.as_string()) position.state.kinds.push_back(*text);
  return position;
}

}  // namespace crossfade
