// ImportJournal: where an import that spills left off, so that the same command goes on after a
// kill, a full disk or Ctrl-C.
//
// It lies in the import's work folder, beside the rows that were spilled:
//
//   journal.json           what is imported and how, how much of the other files to believe
//   users.ids items.ids    ids first met by this import, in index order
//
// A checkpoint appends the new ids, then replaces journal.json in one step.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "crossfade/base/json.h"
#include "crossfade/data/id_encoder.h"
#include "crossfade/data/store/segment_builder.h"
#include "crossfade/data/store/spill_file.h"

namespace crossfade {

// What a checkpoint holds.
struct ImportCheckpoint {
  Json identity;  // what is imported and how: another import does not go on from here
  Json state;     // of the caller: place in the log, report so far
  LogShape shape;
  std::int64_t spilled_bytes = 0;
  IdList new_users, new_items;
};

class ImportJournal {
 public:
  // Starts in `folder`, which exists, behind `first_user` and `first_item` ids known before.
  ImportJournal(std::string folder, std::int64_t first_user, std::int64_t first_item)
      : folder_(std::move(folder)), users_{first_user, {}, {}}, items_{first_item, {}, {}} {}

  // The last checkpoint in the folder, or nothing if there is none. Errors (data invalid, naming
  // the file): damaged.
  Result<std::optional<ImportCheckpoint>> read();

  // Writes a checkpoint of the builder as it is now.
  Status write(const SegmentBuilder& builder, const Json& identity, Json state);

 private:
  // One file of ids and what was appended to it.
  struct IdFile {
    std::int64_t count = 0;  // ids known, those from before this import included
    SpillFile file;
    Json chunks;  // [[bytes, checksum], ..]
  };
  Status append(const std::string& name, const IdEncoder& ids, IdFile& to);
  Result<IdList> read_ids(const std::string& name, const Json& chunks, IdFile& from);

  std::string folder_;
  IdFile users_, items_;
};

}  // namespace crossfade
