// Store: a Dataset on disk, as a folder of .npy columns that map into memory (NumPy opens them
// too).
//
//   STORE/manifest.json            schema, fingerprint, the list of segments, its own checksum
//   STORE/segments/000-zvuk/...    one segment per import (data/store/segment.h)
//
// A store grows by segments: earlier ones are never touched, so users and items keep their indices
// and an import costs time in proportion to what it adds. A segment is a new domain, or more rows
// of one that is there: a reader sees them as if they had come at once
// (data/store/merge_segments.h). One segment per domain maps without copying; more are merged in
// memory, until compact_store() makes them one.
//
// The manifest is replaced in one step, last: after a crash the store is what it was (a segment
// that no manifest names is ignored, and replaced by the next import). One writer at a time, held
// by a lock that the system releases when the program ends; any number of readers.
//
// The fingerprint of a store names what was put into it, in order: each segment's columns are
// hashed together with the fingerprint before (as a chain), so that adding a day does not read the
// store. It stays when the store is compacted. Dataset::fingerprint() names the rows instead.
#pragma once

#include <string>
#include <vector>

#include "crossfade/base/artifact.h"
#include "crossfade/data/dataset.h"
#include "crossfade/data/import_report.h"
#include "crossfade/data/store/segment.h"

namespace crossfade {

struct Store {
  std::string path;
  Dataset dataset;                    // columns mapped from the files, or merged
  std::vector<ImportReport> reports;  // one per domain; of all its segments together
  std::string fingerprint;
  std::string manifest_sha256;  // which state of the store this is
};

// Writes a dataset of one or more domains as a new store; `reports` has one entry per domain, or
// none. Errors: `path` exists (usage), a dataset without domains (usage), the disk is full.
Status create_store(const std::string& path, const Dataset& dataset,
                    const std::vector<ImportReport>& reports = {});

// Adds the last domain of `grown`, which build_dataset() made of store.dataset, to that store.
// Errors: the store has changed since it was opened, another program writes to it (both failed),
// the disk is full. `store` itself keeps showing the old state; open it again to see the new one.
Status add_domain(const Store& store, const Dataset& grown, const ImportReport& report = {});

// `threads`, if there are any, verify and merge. Errors: no such folder (failed); data invalid,
// naming the file: not a store, another version, missing or damaged files (sizes; with kFull also
// every checksum), invariants of the Dataset.
Result<Store> open_store(const std::string& path, Verify verify = Verify::kFull,
                         ThreadPool* threads = nullptr);

// The segments of a store in their order, mapped, with what holds between them checked: users and
// items follow one another, columns agree within a domain. Nothing is read but manifests and sizes.
struct StoreSegments {
  std::string manifest_sha256, fingerprint;
  std::vector<Segment> segments;
};
Result<StoreSegments> open_segments(const std::string& path, Verify verify, ThreadPool* threads);
// The names that kinds have by number in a domain, after its latest segment; {} if it has none, or
// the store has no such domain.
Result<std::vector<std::string>> read_kind_names(const std::string& path,
                                                 const std::string& domain);
// Those of each domain, in the order in which domains were first met.
std::vector<std::vector<const Segment*>> segments_by_domain(const std::vector<Segment>& segments);

}  // namespace crossfade
