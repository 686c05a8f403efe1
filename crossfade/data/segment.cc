// A segment's columns to files and back. Optional columns are files that are not there.
#include "crossfade/data/segment.h"

#include <utility>

namespace crossfade {
namespace {

constexpr const char* kKind = "segment";
constexpr int kSchema = 1;

Vocabulary users_from(const Vocabulary& users, std::int64_t first_user) {
  const auto first = static_cast<std::size_t>(first_user);
  if (!users.is_text()) {
    const auto added = users.numbers().span().subspan(first);
    return Vocabulary(Array<std::int64_t>(std::vector<std::int64_t>(added.begin(), added.end())));
  }
  std::vector<std::int64_t> offsets{0};
  std::vector<char> bytes;
  for (std::size_t user = first; user < users.texts().size(); ++user) {
    const std::string_view id = users.texts()[user];
    bytes.insert(bytes.end(), id.begin(), id.end());
    offsets.push_back(static_cast<std::int64_t>(bytes.size()));
  }
  return Vocabulary(StringArray(std::move(offsets), std::move(bytes)));
}

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

}  // namespace

Status write_segment(const std::string& path, const Dataset& dataset, std::size_t domain_index,
                     std::int64_t first_user, const ImportReport& report) {
  const Domain& domain = dataset.domains()[domain_index];
  CROSSFADE_ASSIGN_OR_RETURN(ArtifactWriter writer, ArtifactWriter::create(path, kKind, kSchema));
  const Vocabulary users =
      first_user == 0 ? dataset.users() : users_from(dataset.users(), first_user);
  CROSSFADE_RETURN_IF_ERROR(users.save(writer, "users"));
  CROSSFADE_RETURN_IF_ERROR(domain.items.save(writer, "items"));
  CROSSFADE_RETURN_IF_ERROR(writer.add<std::int64_t>("offsets.npy", domain.offsets));
  CROSSFADE_RETURN_IF_ERROR(writer.add<ItemIndex>("item.npy", domain.item));
  CROSSFADE_RETURN_IF_ERROR(writer.add<float>("weight.npy", domain.weight));
  CROSSFADE_RETURN_IF_ERROR(add_optional(writer, "time_ns.npy", domain.time_ns));
  CROSSFADE_RETURN_IF_ERROR(add_optional(writer, "kind.npy", domain.kind));
  CROSSFADE_RETURN_IF_ERROR(add_optional(writer, "session.npy", domain.session));
  writer.metadata()
      .set("domain", domain.name)
      .set("first_user", first_user)
      .set("new_users", std::int64_t{users.size()})
      .set("items", std::int64_t{domain.items.size()})
      .set("interactions", domain.num_interactions())
      .set("import", to_json(report));
  return writer.commit();
}

Result<Segment> read_segment(const std::string& path, Verify verify) {
  CROSSFADE_ASSIGN_OR_RETURN(const Artifact artifact, Artifact::open(path, kKind, kSchema, verify));
  Segment segment;
  segment.fingerprint = artifact.fingerprint();
  const auto name = artifact.metadata().string_at("domain");
  const auto first_user = artifact.metadata().int_at("first_user");
  if (!name.ok() || !first_user.ok())
    return data_invalid(artifact.path_of("manifest.json") + " does not name domain and first user");
  Domain& domain = segment.domain;
  domain.name = *name;
  segment.first_user = *first_user;
  segment.report = import_report_from_json(artifact.metadata()["import"]);
  CROSSFADE_ASSIGN_OR_RETURN(segment.new_users, Vocabulary::load(artifact, "users"));
  CROSSFADE_ASSIGN_OR_RETURN(domain.items, Vocabulary::load(artifact, "items"));
  CROSSFADE_ASSIGN_OR_RETURN(auto offsets, artifact.read<std::int64_t>("offsets.npy"));
  CROSSFADE_ASSIGN_OR_RETURN(auto item, artifact.read<ItemIndex>("item.npy"));
  CROSSFADE_ASSIGN_OR_RETURN(auto weight, artifact.read<float>("weight.npy"));
  domain.offsets = std::move(offsets.values);
  domain.item = std::move(item.values);
  domain.weight = std::move(weight.values);
  CROSSFADE_RETURN_IF_ERROR(read_optional(artifact, "time_ns.npy", domain.time_ns));
  CROSSFADE_RETURN_IF_ERROR(read_optional(artifact, "kind.npy", domain.kind));
  CROSSFADE_RETURN_IF_ERROR(read_optional(artifact, "session.npy", domain.session));
  return segment;
}

}  // namespace crossfade
