// Segment: what one import adds to a store, as an artifact folder that is never changed again.
//
//   users.numbers.npy (or users.offsets.npy and users.bytes.npy)   the users first met here
//   items.*                                                        the domain's items
//   offsets.npy item.npy weight.npy [time_ns.npy] [kind.npy] [session.npy]
//
// Users of earlier segments come first: user index = first_user + place in users.*. Offsets cover
// the users known after this import.
#pragma once

#include <string>

#include "crossfade/base/artifact.h"
#include "crossfade/data/dataset.h"
#include "crossfade/data/import_report.h"

namespace crossfade {

struct Segment {
  Domain domain;  // columns mapped
  std::int64_t first_user = 0;
  Vocabulary new_users;
  ImportReport report;
  std::string fingerprint;  // of the segment's manifest, hence of all its files
};

// Writes domain number `domain` of the dataset with the users from `first_user` on. Errors: the
// folder exists, the disk is full.
Status write_segment(const std::string& path, const Dataset& dataset, std::size_t domain,
                     std::int64_t first_user, const ImportReport& report);
// Errors (data invalid, naming the file): missing, damaged, of another version.
Result<Segment> read_segment(const std::string& path, Verify verify);

}  // namespace crossfade
