// Parsing is parallel and knows only its block; numbering users and experiments is done in order.
#include "crossfade/experiments/traffic_reader.h"

#include <algorithm>
#include <filesystem>
#include <unordered_map>

#include "crossfade/base/counted.h"
#include "crossfade/base/file.h"
#include "crossfade/base/mapped_file.h"
#include "crossfade/base/text.h"
#include "crossfade/experiments/traffic_block.h"

namespace crossfade {
namespace {

constexpr std::string_view kFileName = "data.json";

template <class T>
void append(std::vector<T>& all, const std::vector<T>& part) {
  all.insert(all.end(), part.begin(), part.end());
}

// Appends blocks in their order and gives users their indices.
class Assembler {
 public:
  explicit Assembler(Traffic& traffic) : log_(traffic.log), report_(traffic.report) {}

  void begin_file() { log_.file_starts.push_back(log_.size()); }

  void add(const ParsedBlock& block, const std::string& file, std::int64_t lines_before) {
    const std::size_t rows = log_.users.size();
    add_users(block);
    append(log_.times_ns, block.log.times_ns);
    append(log_.is_last, block.log.is_last);
    append(log_.tracks, block.log.tracks);
    append(log_.shares, block.log.shares);
    append(log_.latencies_s, block.log.latencies_s);
    append(log_.recommendations, block.log.recommendations);
    append(log_.propensities, block.log.propensities);
    for (const TreatmentColumn& column : block.log.experiments) {
      auto* all = experiment_column(log_, column.experiment, rows);
      if (all != nullptr) append(*all, column.treatments);
    }
    for (const LateAnswer& answer : block.answers) complete(answer, rows);
    TrafficReport report = block.report;
    if (report.damaged > 0)
      report.first_damaged = file + ", line " +
                             format_count(lines_before + block.first_damaged_line) + ": " +
                             report.first_damaged;
    report_.add(report);
  }

  void finish() {
    for (TreatmentColumn& column : log_.experiments)
      column.treatments.resize(log_.users.size(), kNoTreatment);
  }

 private:
  void add_users(const ParsedBlock& block) {
    auto text = block.text_users.begin();
    for (std::size_t row = 0; row < block.users.size(); ++row) {
      if (text != block.text_users.end() && text->first == row)
        log_.users.push_back(index_of(texts_, (text++)->second));
      else
        log_.users.push_back(index_of(numbers_, block.users[row]));
    }
  }

  // Gives the user's last play before the answer what the answer says of it; an answer to another
  // play, as when records were lost, is left out.
  void complete(const LateAnswer& answer, std::size_t first_row) {
    const UserIndex user = answer.user.text.empty() ? index_of(numbers_, answer.user.number)
                                                    : index_of(texts_, answer.user.text);
    last_play_.resize(log_.user_ids.size(), -1);
    note_plays(first_row + answer.rows_before);
    if (last_play_[static_cast<std::size_t>(user)] < 0) return;
    const auto row = static_cast<std::size_t>(last_play_[static_cast<std::size_t>(user)]);
    if (log_.tracks[row] != answer.after || log_.is_last[row]) return;
    log_.recommendations[row] = answer.recommendation;
    log_.propensities[row] = answer.propensity;
    for (const auto& [name, treatment] : answer.experiments) {
      auto* column = experiment_column(log_, name, log_.users.size());
      if (column != nullptr) (*column)[row] = treatment;
    }
  }

  // Remembers each user's last play among the first `rows`.
  void note_plays(std::size_t rows) {
    for (; noted_rows_ < rows; ++noted_rows_)
      last_play_[static_cast<std::size_t>(log_.users[noted_rows_])] =
          static_cast<std::int64_t>(noted_rows_);
  }

  template <class Map, class Id>
  UserIndex index_of(Map& known, const Id& id) {
    const auto [place, is_new] = known.emplace(id, static_cast<UserIndex>(log_.user_ids.size()));
    if (is_new) log_.user_ids.emplace_back(id);
    return place->second;
  }

  TrafficLog& log_;
  TrafficReport& report_;
  std::vector<std::int64_t> last_play_;  // a row, by user; of event logs
  std::size_t noted_rows_ = 0;
  std::unordered_map<std::int64_t, UserIndex> numbers_;
  std::unordered_map<std::string, UserIndex> texts_;
};

Status read_one_file(const std::string& path, Assembler& assembler, TrafficReport& report,
                     Context& context) {
  CROSSFADE_ASSIGN_OR_RETURN(const MappedFile file, MappedFile::open(path));
  const std::vector<TrafficBlock> blocks = cut_into_blocks(file.bytes());
  const TrafficReport before = report;
  assembler.begin_file();
  ++report.files;
  report.bytes += static_cast<std::int64_t>(file.bytes().size());
  std::int64_t lines = 0;
  const auto batch = static_cast<std::size_t>(4 * context.threads.num_threads());
  for (std::size_t first = 0; first < blocks.size(); first += batch) {
    CROSSFADE_RETURN_IF_ERROR(context.check_stop());
    const std::size_t count = std::min(batch, blocks.size() - first);
    std::vector<ParsedBlock> parsed(count);
    context.threads.parallel_for(
        static_cast<std::int64_t>(count), 1, [&](std::int64_t at, std::int64_t, int) {
          const auto i = static_cast<std::size_t>(at);
          parsed[i] = parse_block(blocks[first + i]);
          context.progress.advance(static_cast<std::int64_t>(blocks[first + i].text.size()));
        });
    for (const ParsedBlock& block : parsed) {
      assembler.add(block, path, lines);
      lines += block.all_lines;
    }
  }
  if (report.kept == before.kept && report.damaged > before.damaged)
    return data_invalid(report.first_damaged + ". " + path +
                        " has no line of a data log: give files that botify or crossfade wrote");
  return ok_status();
}

// N of "data.json.N", 0 of "data.json" itself, nothing of another name.
std::optional<std::int64_t> rotation_of(const std::string& name) {
  if (name == kFileName) return 0;
  if (name.size() < kFileName.size() + 2 || name.compare(0, kFileName.size(), kFileName) != 0 ||
      name[kFileName.size()] != '.')
    return std::nullopt;
  return parse_int(std::string_view(name).substr(kFileName.size() + 1));
}

Result<std::vector<std::string>> files_of_folder(const std::string& folder) {
  CROSSFADE_ASSIGN_OR_RETURN(const auto names, list_files(folder));
  struct Part {
    std::string parent;
    std::int64_t rotation;
    std::string path;
  };
  std::vector<Part> parts;
  for (const std::string& name : names) {
    const std::filesystem::path path(name);
    if (const auto rotation = rotation_of(path.filename().string()))
      parts.push_back({path.parent_path().string(), *rotation,
                       (std::filesystem::path(folder) / path).string()});
  }
  std::sort(parts.begin(), parts.end(), [](const Part& a, const Part& b) {
    return a.parent != b.parent ? a.parent < b.parent : a.rotation > b.rotation;
  });
  if (parts.empty())
    return data_invalid(folder +
                        " holds no data.json, nor a folder with one; give the folder "
                        "into which the logs were collected, or the files");
  std::vector<std::string> files;
  for (Part& part : parts) files.push_back(std::move(part.path));
  return files;
}

}  // namespace

Result<std::vector<std::string>> find_traffic_files(const std::vector<std::string>& paths) {
  std::vector<std::string> files;
  for (const std::string& path : paths) {
    if (!path_exists(path)) return failed("there is no file or folder " + path);
    if (!is_folder(path)) {
      files.push_back(path);
      continue;
    }
    CROSSFADE_ASSIGN_OR_RETURN(const auto found, files_of_folder(path));
    append(files, found);
  }
  return files;
}

Result<Traffic> read_traffic(const std::vector<std::string>& paths, Context& context) {
  CROSSFADE_ASSIGN_OR_RETURN(const auto files, find_traffic_files(paths));
  std::int64_t bytes = 0;
  for (const std::string& file : files) {
    std::error_code error;
    const auto size = std::filesystem::file_size(file, error);
    if (!error) bytes += static_cast<std::int64_t>(size);
  }
  Traffic traffic;
  Assembler assembler(traffic);
  context.progress.begin("reading the log", bytes, "bytes");
  for (const std::string& file : files)
    CROSSFADE_RETURN_IF_ERROR(read_one_file(file, assembler, traffic.report, context));
  assembler.finish();
  context.progress.end();
  if (traffic.report.kept == 0)
    return data_invalid(join(paths, ", ") + ": no usable line in " +
                        counted(traffic.report.files, "file", "files"));
  return traffic;
}

}  // namespace crossfade
