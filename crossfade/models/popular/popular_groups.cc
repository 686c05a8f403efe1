// Checks, and the way to disk; see popular_groups.h.
#include "crossfade/models/popular/popular_groups.h"

#include <algorithm>
#include <string>
#include <utility>

namespace crossfade {

Status PopularGroups::check(std::int64_t num_items) const {
  if (!segment_of_user.empty()) {
    CROSSFADE_RETURN_IF_ERROR(segments.check(num_items));
    if (!std::all_of(segment_of_user.begin(), segment_of_user.end(), [&](std::int32_t segment) {
          return segment >= -1 && segment < segments.rows();
        }))
      return data_invalid(
          "the users' segments of this popular model are not there; train it again");
  }
  if (items.offsets.empty()) return ok_status();
  CROSSFADE_RETURN_IF_ERROR(categories.check(num_items));
  CROSSFADE_RETURN_IF_ERROR(items.check(categories.rows()));
  return items.rows() == num_items
             ? ok_status()
             : data_invalid(
                   "the categories of this popular model are of other items; train it "
                   "again");
}

Status PopularGroups::write(ArtifactWriter& writer) const {
  if (!segment_of_user.empty()) {
    CROSSFADE_RETURN_IF_ERROR(writer.add<std::int32_t>("segment_of_user.npy", segment_of_user));
    CROSSFADE_RETURN_IF_ERROR(segments.write("segments", writer));
  }
  if (items.offsets.empty()) return ok_status();
  CROSSFADE_RETURN_IF_ERROR(items.write("items", writer));
  return categories.write("categories", writer);
}

Result<PopularGroups> PopularGroups::read(const Artifact& artifact) {
  PopularGroups groups;
  if (artifact.has("segment_of_user.npy")) {
    CROSSFADE_ASSIGN_OR_RETURN(auto segments, artifact.read<std::int32_t>("segment_of_user.npy"));
    groups.segment_of_user = std::move(segments.values);
    CROSSFADE_ASSIGN_OR_RETURN(groups.segments, LabelMatrix::read("segments", artifact));
  }
  if (artifact.has("items_offsets.npy")) {
    CROSSFADE_ASSIGN_OR_RETURN(groups.items, LabelMatrix::read("items", artifact));
    CROSSFADE_ASSIGN_OR_RETURN(groups.categories, LabelMatrix::read("categories", artifact));
  }
  return groups;
}

}  // namespace crossfade
