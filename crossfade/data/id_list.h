// IdList: external ids in index order, without the table that finds them (data/vocabulary.h).
//
// A store's segments each hold the ids that were new to them; put together they number everything.
// Copies share the ids, which are in memory or mapped from a file.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "crossfade/base/array.h"
#include "crossfade/base/artifact.h"
#include "crossfade/data/vocabulary.h"

namespace crossfade {

struct IdList {
  bool text = false;  // which of the two is meant
  Array<std::int64_t> numbers;
  StringArray texts;

  std::int64_t size() const {
    return static_cast<std::int64_t>(text ? texts.size() : numbers.size());
  }
};

IdList to_id_list(const Vocabulary& vocabulary);
// The ids from index `first` on.
IdList ids_from(const IdList& ids, std::int64_t first);
// One list after the other; a single one that is not empty is not copied. Errors (data invalid): of
// different types.
Result<IdList> join_ids(std::span<const IdList> lists);
// Errors (data invalid): an id that comes twice.
Result<Vocabulary> to_vocabulary(IdList ids);

// NAME.numbers.npy, or NAME.offsets.npy and NAME.bytes.npy.
Status save_ids(ArtifactWriter& writer, const std::string& name, const IdList& ids);
// Errors (data invalid, naming the file): missing or damaged columns.
Result<IdList> load_ids(const Artifact& artifact, const std::string& name);

}  // namespace crossfade
