// Looks for manifest.json in the folder that holds the part.
#include "crossfade/cli/split_beside.h"

#include <filesystem>

#include "crossfade/base/file.h"

namespace crossfade {
namespace {

// Without a slash at its end, so that the last part of it is a name.
std::filesystem::path clean(const std::string& path) {
  std::string text = path;
  while (text.size() > 1 && text.back() == '/') text.pop_back();
  return text;
}

}  // namespace

std::optional<SplitRecord> split_beside(const std::string& path) {
  const auto text = read_file((clean(path).parent_path() / "manifest.json").string());
  return text.ok() ? read_split_manifest(*text) : std::nullopt;
}

bool is_fold_in_part(const std::string& path) {
  const std::string name = clean(path).filename().string();
  return (name == "fold_in" || name == "validation_fold_in") && split_beside(path).has_value();
}

}  // namespace crossfade
