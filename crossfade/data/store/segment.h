// Segment: what one import adds to a store, as an artifact folder that is never changed again.
//
//   users.numbers.npy (or users.offsets.npy and users.bytes.npy)   the users first met here
//   items.*                                      the domain's items first met here
//   offsets.npy item.npy weight.npy              the rows, and where they have them:
//   [time_ns.npy] [kind.npy] [session.npy]
//   item_offsets.npy item_user.npy               the item-major transpose
//
// Users of earlier segments come first: user index = first_user + place in users.*; likewise the
// items of the domain's earlier segments. Offsets cover the users and items known after this
// import. Those of schema 1 lack the transpose.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>

#include "crossfade/base/artifact.h"
#include "crossfade/data/dataset.h"
#include "crossfade/data/id_list.h"
#include "crossfade/data/import_report.h"

namespace crossfade {

// What its manifest says it is; schema 1 had no transpose and no items but those of its own.
inline constexpr const char* kSegmentKind = "segment";
inline constexpr int kSegmentSchema = 2;

struct TimeRange {
  std::int64_t first_ns = 0, last_ns = 0;
};

// `all` becomes the range of both.
inline void widen(std::optional<TimeRange>& all, const TimeRange& more) {
  if (!all) all = more;
  all->first_ns = std::min(all->first_ns, more.first_ns);
  all->last_ns = std::max(all->last_ns, more.last_ns);
}

struct Segment {
  Domain domain;  // columns mapped; without items and what is known about them
  std::int64_t first_user = 0, first_item = 0;
  IdList new_users, new_items;
  ImportReport report;
  std::optional<TimeRange> times;       // of its rows, if it has any with times and says so
  std::optional<bool> weights;          // whether its log had any, if it says so; else all are 1
  std::string inputs;                   // names the logs it was made of, with spaces between; or ""
  std::vector<std::string> kind_names;  // by number, of a log whose kinds were text
  std::string fingerprint;              // of the segment's manifest, hence of all its files
  std::string content;                  // of its columns alone
};

// Writes domain number `domain` of the dataset with the users from `first_user` on. Errors: the
// folder exists, the disk is full.
Status write_segment(const std::string& path, const Dataset& dataset, std::size_t domain,
                     std::int64_t first_user, const ImportReport& report);
// `threads` may be null. Errors (data invalid, naming the file): missing, damaged, of another
// version.
Result<Segment> read_segment(const std::string& path, Verify verify, ThreadPool* threads = nullptr);

}  // namespace crossfade
