// A segment's columns to files and back. Optional columns are files that are not there.
#include "crossfade/data/store/segment.h"

#include <utility>

#include "crossfade/data/item_counts.h"

namespace crossfade {
namespace {

template <class T>
Status add_optional(ArtifactWriter& writer, const std::string& name, const Array<T>& column) {
  if (column.empty()) return ok_status();
  return writer.add<T>(name, column);
}

template <class T>
Status read_optional(const Artifact& artifact, const std::string& name, Array<T>& column) {
  if (!artifact.has(name)) return ok_status();
  CROSSFADE_ASSIGN_OR_RETURN(auto file, artifact.read<T>(name));
  column = std::move(file.values);
  return ok_status();
}

// What the manifest says besides the files.
Status read_facts(const Artifact& artifact, Segment& segment) {
  const Json& facts = artifact.metadata();
  const auto name = facts.string_at("domain");
  const auto first_user = facts.int_at("first_user");
  if (!name.ok() || !first_user.ok())
    return data_invalid(artifact.path_of("manifest.json") + " does not name domain and first user");
  segment.domain.name = *name;
  segment.first_user = *first_user;
  if (const auto* first_item = facts["first_item"].as_int()) segment.first_item = *first_item;
  if (const auto* inputs = facts["inputs"].as_string()) segment.inputs = *inputs;
  if (const auto* names = facts["kind_names"].as_array())
    for (const Json& kind : *names)
      if (const auto* text = kind.as_string()) segment.kind_names.push_back(*text);
  if (const auto* weights = facts["weights"].as_bool()) segment.weights = *weights;
  const auto* first = facts["first_time_ns"].as_int();
  const auto* last = facts["last_time_ns"].as_int();
  if (first && last) segment.times = TimeRange{*first, *last};
  segment.report = import_report_from_json(facts["import"]);
  return ok_status();
}

}  // namespace

Status write_segment(const std::string& path, const Dataset& dataset, std::size_t domain_index,
                     std::int64_t first_user, const ImportReport& report) {
  const Domain& domain = dataset.domains()[domain_index];
  CROSSFADE_ASSIGN_OR_RETURN(ArtifactWriter writer,
                             ArtifactWriter::create(path, kSegmentKind, kSegmentSchema));
  const IdList users = ids_from(to_id_list(dataset.users()), first_user);
  CROSSFADE_RETURN_IF_ERROR(save_ids(writer, "users", users));
  CROSSFADE_RETURN_IF_ERROR(domain.items.save(writer, "items"));
  CROSSFADE_RETURN_IF_ERROR(writer.add<std::int64_t>("offsets.npy", domain.offsets));
  CROSSFADE_RETURN_IF_ERROR(writer.add<ItemIndex>("item.npy", domain.item));
  CROSSFADE_RETURN_IF_ERROR(writer.add<float>("weight.npy", domain.weight));
  CROSSFADE_RETURN_IF_ERROR(add_optional(writer, "time_ns.npy", domain.time_ns));
  CROSSFADE_RETURN_IF_ERROR(add_optional(writer, "kind.npy", domain.kind));
  CROSSFADE_RETURN_IF_ERROR(add_optional(writer, "session.npy", domain.session));
  ThreadPool caller(1);
  const ItemMajor transpose = item_major(domain, domain.items.size(), caller);
  CROSSFADE_RETURN_IF_ERROR(writer.add<std::int64_t>("item_offsets.npy", transpose.offsets));
  CROSSFADE_RETURN_IF_ERROR(writer.add<UserIndex>("item_user.npy", transpose.users));
  writer.metadata()
      .set("domain", domain.name)
      .set("first_user", first_user)
      .set("new_users", users.size())
      .set("first_item", 0)
      .set("items", std::int64_t{domain.items.size()})
      .set("interactions", domain.num_interactions())
      .set("import", to_json(report));
  return writer.commit();
}

Result<Segment> read_segment(const std::string& path, Verify verify, ThreadPool* threads) {
  CROSSFADE_ASSIGN_OR_RETURN(const Artifact artifact,
                             Artifact::open(path, kSegmentKind, kSegmentSchema, verify, threads));
  Segment segment;
  segment.fingerprint = artifact.fingerprint();
  segment.content = artifact.content_fingerprint();
  CROSSFADE_RETURN_IF_ERROR(read_facts(artifact, segment));
  Domain& domain = segment.domain;
  CROSSFADE_ASSIGN_OR_RETURN(segment.new_users, load_ids(artifact, "users"));
  CROSSFADE_ASSIGN_OR_RETURN(segment.new_items, load_ids(artifact, "items"));
  CROSSFADE_ASSIGN_OR_RETURN(auto offsets, artifact.read<std::int64_t>("offsets.npy"));
  CROSSFADE_ASSIGN_OR_RETURN(auto item, artifact.read<ItemIndex>("item.npy"));
  CROSSFADE_ASSIGN_OR_RETURN(auto weight, artifact.read<float>("weight.npy"));
  domain.offsets = std::move(offsets.values);
  domain.item = std::move(item.values);
  domain.weight = std::move(weight.values);
  CROSSFADE_RETURN_IF_ERROR(read_optional(artifact, "time_ns.npy", domain.time_ns));
  CROSSFADE_RETURN_IF_ERROR(read_optional(artifact, "kind.npy", domain.kind));
  CROSSFADE_RETURN_IF_ERROR(read_optional(artifact, "session.npy", domain.session));
  CROSSFADE_RETURN_IF_ERROR(read_optional(artifact, "item_offsets.npy", domain.item_offsets));
  CROSSFADE_RETURN_IF_ERROR(read_optional(artifact, "item_user.npy", domain.item_user));
  return segment;
}

}  // namespace crossfade
