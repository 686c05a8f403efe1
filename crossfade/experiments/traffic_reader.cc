// Parsing is parallel and knows only its block; numbering users and experiments is done in order.
#include "crossfade/experiments/traffic_reader.h"

#include <algorithm>
#include <filesystem>
#include <unordered_map>

#include "crossfade/base/file.h"
#include "crossfade/base/mapped_file.h"
#include "crossfade/base/text.h"
#include "crossfade/experiments/traffic_line.h"

namespace crossfade {
namespace {

constexpr std::size_t kBlockBytes = std::size_t{4} << 20;
constexpr std::string_view kFileName = "data.json";

// A part of a file, from the start of a line to the end of one.
struct Block {
  std::string_view text;
  bool ends_file = false;
};

// What a block holds; experiments are numbered within the block.
struct ParsedBlock {
  TrafficLog log;                   // without users and user_ids
  std::vector<std::int64_t> users;  // numbers; where text_users has an entry, nothing
  std::vector<std::pair<std::size_t, std::string>> text_users;  // row and id
  TrafficReport report;
  std::int64_t all_lines = 0, first_damaged_line = 0;  // counted from 1, empty ones too
};

std::vector<Block> cut_into_blocks(std::string_view text) {
  std::vector<Block> blocks;
  while (!text.empty()) {
    std::size_t end = text.size();
    if (end > kBlockBytes) {
      end = text.find('\n', kBlockBytes);
      end = end == std::string_view::npos ? text.size() : end + 1;
    }
    blocks.push_back({text.substr(0, end), end == text.size()});
    text.remove_prefix(end);
  }
  return blocks;
}

// The column of that name with `rows` rows, a new one if need be; nullptr if there are too many.
std::vector<TreatmentIndex>* column_of(TrafficLog& log, std::string_view experiment,
                                       std::size_t rows) {
  const auto found =
      std::find_if(log.experiments.begin(), log.experiments.end(),
                   [&](const TreatmentColumn& column) { return column.experiment == experiment; });
  auto* column = found == log.experiments.end() ? nullptr : &found->treatments;
  if (column == nullptr) {
    if (log.experiments.size() == kMaxLoggedExperiments) return nullptr;
    log.experiments.push_back({std::string(experiment), {}});
    column = &log.experiments.back().treatments;
  }
  column->resize(rows, kNoTreatment);
  return column;
}

void append_line(const TrafficLine& line, ParsedBlock& block) {
  TrafficLog& log = block.log;
  const std::size_t row = block.users.size();
  if (!line.text_user.empty()) block.text_users.emplace_back(row, line.text_user);
  block.users.push_back(line.user);
  log.times_ms.push_back(line.time_ms);
  log.is_last.push_back(line.is_last ? 1 : 0);
  log.tracks.push_back(line.track);
  log.shares.push_back(line.share);
  log.latencies_s.push_back(line.latency_s);
  log.recommendations.push_back(line.recommendation);
  log.propensities.push_back(line.propensity);
  for (const auto& [name, treatment] : line.experiments) {
    auto* column = column_of(log, name, row);
    if (column != nullptr) column->push_back(treatment);
    if (column == nullptr || treatment == kNoTreatment) ++block.report.unknown_treatments;
  }
  if (line.share < 0 || line.share > 1) ++block.report.shares_out_of_range;
}

void parse_line(std::string_view text, bool is_torn, TrafficLine& line, ParsedBlock& block) {
  if (!text.empty() && text.back() == '\r') text.remove_suffix(1);
  if (text.empty()) return;
  ++block.report.lines;
  if (!read_published_line(text, line)) {
    const Status status = read_any_line(text, line);
    if (!status.ok() && is_torn) {
      ++block.report.torn;
      return;
    }
    if (!status.ok()) {
      if (block.report.damaged++ == 0) {
        block.report.first_damaged = status.message();
        block.first_damaged_line = block.all_lines;
      }
      return;
    }
    ++block.report.other_forms;
  }
  ++block.report.kept;
  append_line(line, block);
}

ParsedBlock parse_block(const Block& block) {
  ParsedBlock parsed;
  TrafficLine line;
  std::string_view rest = block.text;
  while (!rest.empty()) {
    const std::size_t end = rest.find('\n');
    const bool is_torn = end == std::string_view::npos && block.ends_file;
    ++parsed.all_lines;
    parse_line(rest.substr(0, end), is_torn, line, parsed);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  }
  for (TreatmentColumn& column : parsed.log.experiments)
    column.treatments.resize(parsed.users.size(), kNoTreatment);
  return parsed;
}

template <class T>
void append(std::vector<T>& all, const std::vector<T>& part) {
  all.insert(all.end(), part.begin(), part.end());
}

// Appends blocks in their order and gives users their indices.
class Assembler {
 public:
  explicit Assembler(Traffic& traffic) : log_(traffic.log), report_(traffic.report) {}

  void add(const ParsedBlock& block, const std::string& file, std::int64_t lines_before) {
    const std::size_t rows = log_.users.size();
    add_users(block);
    append(log_.times_ms, block.log.times_ms);
    append(log_.is_last, block.log.is_last);
    append(log_.tracks, block.log.tracks);
    append(log_.shares, block.log.shares);
    append(log_.latencies_s, block.log.latencies_s);
    append(log_.recommendations, block.log.recommendations);
    append(log_.propensities, block.log.propensities);
    for (const TreatmentColumn& column : block.log.experiments) {
      auto* all = column_of(log_, column.experiment, rows);
      if (all != nullptr) append(*all, column.treatments);
    }
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

  template <class Map, class Id>
  UserIndex index_of(Map& known, const Id& id) {
    const auto [place, is_new] = known.emplace(id, static_cast<UserIndex>(log_.user_ids.size()));
    if (is_new) log_.user_ids.emplace_back(id);
    return place->second;
  }

  TrafficLog& log_;
  TrafficReport& report_;
  std::unordered_map<std::int64_t, UserIndex> numbers_;
  std::unordered_map<std::string, UserIndex> texts_;
};

Status read_one_file(const std::string& path, Assembler& assembler, TrafficReport& report,
                     Context& context) {
  CROSSFADE_ASSIGN_OR_RETURN(const MappedFile file, MappedFile::open(path));
  const std::vector<Block> blocks = cut_into_blocks(file.bytes());
  const TrafficReport before = report;
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
                        format_count(traffic.report.files) + " files");
  return traffic;
}

}  // namespace crossfade
