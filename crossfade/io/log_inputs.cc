// Paths become files, files get their identity, and identities are compared.
#include "crossfade/io/log_inputs.h"

#include <fcntl.h>
#include <fnmatch.h>
#include <glob.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <map>
#include <string_view>

#include "crossfade/base/file.h"
#include "crossfade/base/hash.h"
#include "crossfade/base/text.h"
#include "crossfade/io/file_kind.h"
#include "crossfade/io/remote_file.h"
#include "crossfade/io/remote_server.h"

namespace crossfade {
namespace {

constexpr std::int64_t kEndBytes = 64 << 10;  // of each end of a file, for its identity

constexpr const char* kWildcards = "*?[";

bool is_glob(const std::string& path) {
  return path.find_first_of(kWildcards) != std::string::npos && !path_exists(path);
}

// Whether a file below a folder is part of the log that the folder is; `name` from the folder on.
bool belongs_to_folder(const std::string& name) {
  const std::vector<std::string> parts = split(name, '/');
  const bool hidden = std::any_of(parts.begin(), parts.end(), [](const std::string& part) {
    return part.starts_with('.') || (part.starts_with('_') && part.find('=') == std::string::npos);
  });
  return !hidden && has_table_name(name);
}

// Of the parts of a rotated log the oldest, which has the highest number, comes first.
void order_rotated(std::vector<std::string>& files, std::size_t begin) {
  const auto number = [](const std::string& file) {
    const std::size_t end = without_rotation(file).size();
    return end < file.size() ? parse_int(file.substr(end + 1)).value_or(0) : 0;
  };
  std::stable_sort(files.begin() + static_cast<std::ptrdiff_t>(begin), files.end(),
                   [&](const std::string& a, const std::string& b) {
                     const auto left = without_rotation(a), right = without_rotation(b);
                     return left != right ? left < right : number(a) > number(b);
                   });
}

Status add_folder(const std::string& folder, std::vector<std::string>& files) {
  CROSSFADE_ASSIGN_OR_RETURN(const auto names, list_files(folder));
  const std::size_t before = files.size();
  const std::string prefix = folder.ends_with('/') ? folder : folder + "/";
  for (const std::string& name : names)
    if (belongs_to_folder(name)) files.push_back(prefix + name);
  order_rotated(files, before);
  if (files.size() == before)
    return failed("the folder " + folder +
                  " has no table in it; files that are read end in .parquet, .csv, .tsv or .jsonl");
  return ok_status();
}

Status add_glob(const std::string& pattern, std::vector<std::string>& files) {
  ::glob_t found{};
  const int outcome = ::glob(pattern.c_str(), GLOB_NOSORT, nullptr, &found);
  std::vector<std::string> paths(found.gl_pathv, found.gl_pathv + found.gl_pathc);
  ::globfree(&found);
  if (outcome != 0 && outcome != GLOB_NOMATCH)
    return failed("cannot look for " + pattern + "; name the files one by one");
  if (paths.empty()) return failed("no file matches " + pattern);
  std::sort(paths.begin(), paths.end());
  order_rotated(paths, 0);
  for (const std::string& path : paths) {
    if (is_folder(path))
      CROSSFADE_RETURN_IF_ERROR(add_folder(path, files));
    else
      files.push_back(path);
  }
  return ok_status();
}

// A descriptor that closes itself.
struct OpenFile {
  int descriptor = -1;
  ~OpenFile() {
    if (descriptor >= 0) ::close(descriptor);
  }
};

Result<std::string> read_at(const OpenFile& file, const std::string& path, std::int64_t begin,
                            std::int64_t bytes) {
  std::string text(static_cast<std::size_t>(bytes), '\0');
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t got = ::pread(file.descriptor, text.data() + done, text.size() - done,
                                begin + static_cast<std::int64_t>(done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return errno_status("cannot read " + path, errno);
    if (got == 0) return failed(path + " became shorter while it was read; start again");
    done += static_cast<std::size_t>(got);
  }
  return text;
}

Result<LogInput> identify(const std::string& path) {
  LogInput input;
  input.path = path;
  // O_NONBLOCK: a named pipe is refused below, not waited for.
  const OpenFile file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  if (file.descriptor < 0) return errno_status("cannot open " + path, errno);
  struct ::stat facts {};
  if (::fstat(file.descriptor, &facts) != 0) return errno_status("cannot look at " + path, errno);
  if (!S_ISREG(facts.st_mode)) return failed(path + " is not a regular file");
  input.bytes = facts.st_size;
  input.modified_ns = facts.st_mtim.tv_sec * 1'000'000'000 + facts.st_mtim.tv_nsec;
  const std::int64_t end = std::min(input.bytes, kEndBytes);
  CROSSFADE_ASSIGN_OR_RETURN(const std::string first, read_at(file, path, 0, end));
  CROSSFADE_ASSIGN_OR_RETURN(const std::string last, read_at(file, path, input.bytes - end, end));
  Sha256 hash;
  hash.update(std::to_string(input.bytes) + "\n");
  hash.update(first);
  hash.update(last);
  input.content = hash.finish_hex();
  return input;
}

// The depth of a path: what a pattern matches has the pattern's own, or lies in a folder that has.
std::ptrdiff_t depth_of(const std::string& path) {
  return std::count(path.begin(), path.end(), '/');
}

// The objects that an address or a pattern stands for.
Result<std::vector<RemoteFile>> find_remote(const std::string& path) {
  const bool pattern = path.find_first_of(kWildcards) != std::string::npos;
  std::string folder = pattern ? fixed_part(path) : path;
  CROSSFADE_ASSIGN_OR_RETURN(std::vector<RemoteFile> files, list_remote(folder));
  if (!folder.ends_with('/')) folder += '/';
  std::erase_if(files, [&](const RemoteFile& file) {
    if (pattern)
      return !matches_pattern(path, file.path) ||
             (depth_of(file.path) > depth_of(path) &&
              !belongs_to_folder(file.path.substr(folder.size())));
    return file.path.starts_with(folder) && !belongs_to_folder(file.path.substr(folder.size()));
  });
  if (files.empty() && pattern) return failed("no file matches " + path);
  if (files.empty())
    return failed(path +
                  " has no table below it; files that are read end in .parquet, .csv, .tsv or "
                  ".jsonl");
  return files;
}

Status add_remote(const std::string& path, Context& context, std::vector<LogInput>& inputs) {
  CROSSFADE_ASSIGN_OR_RETURN(const auto files, find_remote(path));
  for (const RemoteFile& file : files) {
    CROSSFADE_ASSIGN_OR_RETURN(const std::string copy, local_copy(file, context));
    auto input = identify(copy);
    if (!input.ok()) return with_address(input.status(), file.path, copy);
    input->path = file.path;
    input->modified_ns = file.modified_ns;
    inputs.push_back(*std::move(input));
  }
  return ok_status();
}

// Hive writes odd characters of a value as %XX.
std::string unescape(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto digit = [&](std::size_t place) {
      const std::size_t value =
          std::string_view("0123456789abcdef")
              .find(static_cast<char>(text[place] | (text[place] >= 'A' ? 0x20 : 0)));
      return value == std::string_view::npos ? -1 : static_cast<int>(value);
    };
    if (text[i] == '%' && i + 2 < text.size() && digit(i + 1) >= 0 && digit(i + 2) >= 0) {
      plain += static_cast<char>(digit(i + 1) * 16 + digit(i + 2));
      i += 2;
    } else {
      plain += text[i];
    }
  }
  return plain;
}

void find_partitions(LogInput& input) {
  std::vector<std::string> parts = split(input.path, '/');
  parts.pop_back();  // the file itself
  for (const std::string& part : parts) {
    const std::size_t equals = part.find('=');
    if (equals == 0 || equals == std::string::npos) continue;
    input.partitions.emplace_back(part.substr(0, equals), unescape(part.substr(equals + 1)));
  }
}

Status refuse_repeats(const std::vector<LogInput>& inputs) {
  std::map<std::string, const LogInput*> by_content;
  for (const LogInput& input : inputs) {
    const auto [at, added] = by_content.emplace(input.content, &input);
    if (added || input.bytes == 0) continue;
    const std::string& first = at->second->path;
    if (first == input.path) return data_invalid(input.path + " is given twice; name it once");
    return data_invalid(input.path + " is the same file as " + first +
                        " (same size, beginning and end): its rows would count twice; leave one "
                        "out, or say --allow-repeated-files");
  }
  return ok_status();
}

}  // namespace

std::string fixed_part(const std::string& pattern) {
  const std::size_t wildcard = pattern.find_first_of(kWildcards);
  if (wildcard == std::string::npos) return pattern;
  const std::size_t slash = pattern.substr(0, wildcard).rfind('/');
  return slash == std::string::npos ? "" : pattern.substr(0, slash + 1);
}

bool matches_pattern(const std::string& pattern, const std::string& path) {
  for (std::size_t end = path.size(); end != std::string::npos && end > 0;
       end = path.rfind('/', end - 1))
    if (::fnmatch(pattern.c_str(), path.substr(0, end).c_str(), FNM_PATHNAME | FNM_PERIOD) == 0)
      return true;
  return false;
}

bool has_table_name(const std::string& path) {
  return kind_of_name(path).has_value();
}

Result<std::vector<LogInput>> list_inputs(const std::vector<std::string>& paths, bool allow_repeats,
                                          Context& context) {
  std::vector<LogInput> inputs;
  for (const std::string& path : paths) {
    std::vector<std::string> files;
    if (is_remote(path))
      CROSSFADE_RETURN_IF_ERROR(add_remote(path, context, inputs));
    else if (is_glob(path))
      CROSSFADE_RETURN_IF_ERROR(add_glob(path, files));
    else if (is_folder(path))
      CROSSFADE_RETURN_IF_ERROR(add_folder(path, files));
    else
      files.push_back(path);
    for (const std::string& file : files) {
      CROSSFADE_ASSIGN_OR_RETURN(LogInput input, identify(file));
      inputs.push_back(std::move(input));
    }
  }
  if (inputs.empty()) return usage_error("no log is given; name a file, a folder or a pattern");
  for (LogInput& input : inputs) find_partitions(input);
  if (!allow_repeats) CROSSFADE_RETURN_IF_ERROR(refuse_repeats(inputs));
  return inputs;
}

}  // namespace crossfade
