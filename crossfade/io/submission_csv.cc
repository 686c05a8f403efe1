// One line per list, written a megabyte at a time.
#include "crossfade/io/submission_csv.h"

#include <cstddef>

#include "crossfade/base/file.h"

namespace crossfade {
namespace {

constexpr std::size_t kBytesAtOnce = 1 << 20;

// The id as it stands between commas.
Result<std::string> field_of(const Vocabulary& ids, std::int32_t index) {
  std::string text = ids.id_text(index);
  if (text.find_first_of(" ,\"\n\r") == std::string::npos) return text;
  return data_invalid("the id '" + text +
                      "' holds a space, a comma, a quote or a new line, which a CSV of lists "
                      "cannot tell from its own; write Parquet");
}

Status write_lines(const Candidates& candidates, const Vocabulary& users, const Vocabulary& items,
                   FileWriter& file) {
  std::string lines = "user_id,item_id\n";
  for (std::int64_t l = 0; l < candidates.num_lists(); ++l) {
    CROSSFADE_ASSIGN_OR_RETURN(const std::string user,
                               field_of(users, candidates.users[static_cast<std::size_t>(l)]));
    lines += user + ",";
    for (std::size_t i = 0; i < candidates.list(l).size(); ++i) {
      CROSSFADE_ASSIGN_OR_RETURN(const std::string item, field_of(items, candidates.list(l)[i]));
      lines += (i > 0 ? " " : "") + item;
    }
    lines += "\n";
    if (lines.size() < kBytesAtOnce) continue;
    CROSSFADE_RETURN_IF_ERROR(file.write(lines));
    lines.clear();
  }
  CROSSFADE_RETURN_IF_ERROR(file.write(lines));
  return file.close();
}

}  // namespace

Status write_submission_csv(const Candidates& candidates, const Vocabulary& users,
                            const Vocabulary& items, const std::string& path) {
  CROSSFADE_RETURN_IF_ERROR(refuse_existing(path));
  const std::string part = path + ".part";
  CROSSFADE_ASSIGN_OR_RETURN(FileWriter file, FileWriter::create(part));
  const Status status = write_lines(candidates, users, items, file);
  if (status.ok()) return rename_path(part, path);
  (void)remove_tree(part);
  return status;
}

}  // namespace crossfade
