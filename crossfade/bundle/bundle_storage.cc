// The layout of a bundle's folder:
//
//   users.*                              the users' external ids
//   domain-D/items.*                     the items' external ids
//   domain-D/{offsets,item,weight,time_ns,kind,session}.npy   stored histories; the last three if
//                                        the data has them
//   domain-D/{popular,popular_scores}.npy
//   domain-D/{list_offsets,list_items,list_scores}.npy        if there are personal lists
//   domain-D/hidden.npy                  if items are hidden
//   models/PART-D/                       model artifacts
//   parts/PART/{users.*,offsets.npy,items.npy}                named files of lists
//   catalog/*                            if there is a catalogue
#include <utility>

#include "crossfade/base/file.h"
#include "crossfade/bundle/bundle.h"
#include "crossfade/bundle/bundle_check.h"
#include "crossfade/models/storage.h"

namespace crossfade {
namespace {

constexpr const char* kKind = "bundle";

std::string domain_folder(std::size_t domain) {
  return "domain-" + std::to_string(domain) + "/";
}

std::string model_folder(const std::string& name, std::size_t domain) {
  return "models/" + name + "-" + std::to_string(domain);
}

std::string part_folder(const std::string& name) {
  return "parts/" + name;
}

// A column that a bundle may lack; an empty one is not written.
template <class T>
Status add_optional(ArtifactWriter& writer, const std::string& name, const Array<T>& column) {
  return column.empty() ? ok_status() : writer.add<T>(name, column);
}

template <class T>
Status read_column(const Artifact& artifact, const std::string& name, Array<T>& column) {
  CROSSFADE_ASSIGN_OR_RETURN(auto read, artifact.read<T>(name));
  column = std::move(read.values);
  return ok_status();
}

template <class T>
Status read_optional(const Artifact& artifact, const std::string& name, Array<T>& column) {
  return artifact.has(name) ? read_column(artifact, name, column) : ok_status();
}

Status save_domain(ArtifactWriter& writer, const Domain& source, const BundleDomain& domain,
                   const std::string& folder) {
  CROSSFADE_RETURN_IF_ERROR(source.items.save(writer, folder + "items"));
  CROSSFADE_RETURN_IF_ERROR(writer.add<std::int64_t>(folder + "offsets.npy", source.offsets));
  CROSSFADE_RETURN_IF_ERROR(writer.add<ItemIndex>(folder + "item.npy", source.item));
  CROSSFADE_RETURN_IF_ERROR(writer.add<float>(folder + "weight.npy", source.weight));
  CROSSFADE_RETURN_IF_ERROR(add_optional(writer, folder + "time_ns.npy", source.time_ns));
  CROSSFADE_RETURN_IF_ERROR(add_optional(writer, folder + "kind.npy", source.kind));
  CROSSFADE_RETURN_IF_ERROR(add_optional(writer, folder + "session.npy", source.session));
  CROSSFADE_RETURN_IF_ERROR(writer.add<ItemIndex>(folder + "popular.npy", domain.popular));
  CROSSFADE_RETURN_IF_ERROR(
      writer.add<float>(folder + "popular_scores.npy", domain.popular_scores));
  CROSSFADE_RETURN_IF_ERROR(add_optional(writer, folder + "list_offsets.npy", domain.list_offsets));
  CROSSFADE_RETURN_IF_ERROR(add_optional(writer, folder + "list_items.npy", domain.list_items));
  CROSSFADE_RETURN_IF_ERROR(add_optional(writer, folder + "list_scores.npy", domain.list_scores));
  return add_optional(writer, folder + "hidden.npy", domain.hidden);
}

Status read_domain(const Artifact& artifact, const std::string& folder, Domain& source,
                   BundleDomain& domain) {
  CROSSFADE_ASSIGN_OR_RETURN(source.items, Vocabulary::load(artifact, folder + "items"));
  CROSSFADE_RETURN_IF_ERROR(read_column(artifact, folder + "offsets.npy", source.offsets));
  CROSSFADE_RETURN_IF_ERROR(read_column(artifact, folder + "item.npy", source.item));
  CROSSFADE_RETURN_IF_ERROR(read_column(artifact, folder + "weight.npy", source.weight));
  CROSSFADE_RETURN_IF_ERROR(read_optional(artifact, folder + "time_ns.npy", source.time_ns));
  CROSSFADE_RETURN_IF_ERROR(read_optional(artifact, folder + "kind.npy", source.kind));
  CROSSFADE_RETURN_IF_ERROR(read_optional(artifact, folder + "session.npy", source.session));
  CROSSFADE_RETURN_IF_ERROR(read_column(artifact, folder + "popular.npy", domain.popular));
  CROSSFADE_RETURN_IF_ERROR(
      read_column(artifact, folder + "popular_scores.npy", domain.popular_scores));
  CROSSFADE_RETURN_IF_ERROR(
      read_optional(artifact, folder + "list_offsets.npy", domain.list_offsets));
  CROSSFADE_RETURN_IF_ERROR(read_optional(artifact, folder + "list_items.npy", domain.list_items));
  CROSSFADE_RETURN_IF_ERROR(
      read_optional(artifact, folder + "list_scores.npy", domain.list_scores));
  return read_optional(artifact, folder + "hidden.npy", domain.hidden);
}

Result<const Json::Array*> array_at(const Json& metadata, const std::string& key) {
  const auto* array = metadata[key].as_array();
  if (!array) return data_invalid("the manifest has no array '" + key + "'");
  return array;
}

Result<Dataset> read_dataset(const Artifact& artifact, std::vector<BundleDomain>& domains) {
  CROSSFADE_ASSIGN_OR_RETURN(Vocabulary users, Vocabulary::load(artifact, "users"));
  CROSSFADE_ASSIGN_OR_RETURN(const auto* descriptions, array_at(artifact.metadata(), "domains"));
  if (descriptions->empty()) return data_invalid("the manifest names no domain");
  std::vector<Domain> sources;
  for (const Json& description : *descriptions) {
    Domain& source = sources.emplace_back();
    CROSSFADE_ASSIGN_OR_RETURN(source.name, description.string_at("name"));
    CROSSFADE_RETURN_IF_ERROR(
        read_domain(artifact, domain_folder(sources.size() - 1), source, domains.emplace_back()));
  }
  return Dataset(std::move(users), std::move(sources));
}

Result<std::vector<BundleModel>> read_models(const Artifact& artifact, const Dataset& dataset) {
  CROSSFADE_ASSIGN_OR_RETURN(const auto* descriptions, array_at(artifact.metadata(), "models"));
  std::vector<BundleModel> models;
  for (const Json& description : *descriptions) {
    // Schema 1 knew the model's own name only.
    const char* const key = description.find("part") ? "part" : "name";
    CROSSFADE_ASSIGN_OR_RETURN(const std::string part, description.string_at(key));
    CROSSFADE_ASSIGN_OR_RETURN(const std::string domain, description.string_at("domain"));
    CROSSFADE_ASSIGN_OR_RETURN(const std::size_t index, dataset.find_domain(domain));
    // The bundle's own manifest has vouched for the content.
    CROSSFADE_ASSIGN_OR_RETURN(
        auto model, load_model(artifact.path_of(model_folder(part, index)), Verify::kSizes));
    models.push_back({std::move(model), description["provenance"], part});
  }
  return models;
}

Result<std::vector<BundleLists>> read_parts(const Artifact& artifact) {
  std::vector<BundleLists> parts;
  if (artifact.metadata()["parts"].is_null()) return parts;  // schema 1
  CROSSFADE_ASSIGN_OR_RETURN(const auto* descriptions, array_at(artifact.metadata(), "parts"));
  for (const Json& description : *descriptions) {
    CROSSFADE_ASSIGN_OR_RETURN(const std::string name, description.string_at("name"));
    CROSSFADE_ASSIGN_OR_RETURN(const std::string written, description.string_at("by"));
    ListsBy by = ListsBy::kUser;
    for (const ListsBy known : {ListsBy::kItem, ListsBy::kNothing})
      if (written == to_text(known)) by = known;
    CROSSFADE_ASSIGN_OR_RETURN(BundleLists part,
                               BundleLists::load(artifact, part_folder(name), name, by));
    parts.push_back(std::move(part));
  }
  return parts;
}

}  // namespace

Result<BundleModel> read_bundle_model(const std::string& path) {
  CROSSFADE_ASSIGN_OR_RETURN(auto model, load_model(path));
  CROSSFADE_ASSIGN_OR_RETURN(const Artifact artifact,
                             Artifact::open(path, "model", kModelSchema, Verify::kSizes));
  return BundleModel{std::move(model), artifact.metadata()["provenance"]};
}

Status Bundle::save(const std::string& path, Context& context) const {
  CROSSFADE_ASSIGN_OR_RETURN(auto writer, ArtifactWriter::create(path, kKind, kBundleSchema));
  context.progress.begin("writing " + path, static_cast<std::int64_t>(domains_.size()), "domains");
  CROSSFADE_RETURN_IF_ERROR(dataset_.users().save(writer, "users"));
  for (std::size_t d = 0; d < domains_.size(); ++d) {
    CROSSFADE_RETURN_IF_ERROR(context.check_stop());
    CROSSFADE_RETURN_IF_ERROR(
        save_domain(writer, dataset_.domains()[d], domains_[d], domain_folder(d)));
    context.progress.advance(1);
  }
  for (const BundleModel& part : models_) {
    CROSSFADE_RETURN_IF_ERROR(context.check_stop());
    CROSSFADE_ASSIGN_OR_RETURN(const std::size_t d, dataset_.find_domain(part.model->domain()));
    CROSSFADE_ASSIGN_OR_RETURN(const std::string place,
                               writer.make_place(model_folder(part.name(), d)));
    CROSSFADE_RETURN_IF_ERROR(save_model(*part.model, place, part.provenance));
  }
  for (const BundleLists& part : parts_)
    CROSSFADE_RETURN_IF_ERROR(part.save(writer, part_folder(part.name)));
  if (!catalog_.empty()) CROSSFADE_RETURN_IF_ERROR(catalog_.save(writer, "catalog"));
  writer.metadata() = metadata_;
  CROSSFADE_RETURN_IF_ERROR(writer.commit());
  context.progress.end();
  return ok_status();
}

Result<Bundle> open_bundle(const std::string& path, Verify verify) {
  CROSSFADE_ASSIGN_OR_RETURN(const Artifact artifact,
                             Artifact::open(path, kKind, kBundleSchema, verify));
  Bundle bundle;
  bundle.fingerprint_ = artifact.fingerprint();
  bundle.metadata_ = artifact.metadata();
  const auto read = [&]() -> Status {
    CROSSFADE_ASSIGN_OR_RETURN(bundle.dataset_, read_dataset(artifact, bundle.domains_));
    CROSSFADE_ASSIGN_OR_RETURN(bundle.models_, read_models(artifact, bundle.dataset_));
    CROSSFADE_ASSIGN_OR_RETURN(bundle.parts_, read_parts(artifact));
    const Json& catalog = artifact.metadata()["catalog"];
    const Json& domain = artifact.metadata()["parts_domain"];
    if (const auto* name = (domain.is_null() ? catalog["domain"] : domain).as_string()) {
      CROSSFADE_ASSIGN_OR_RETURN(bundle.catalog_domain_, bundle.dataset_.find_domain(*name));
    }
    if (!catalog.is_null()) {
      CROSSFADE_ASSIGN_OR_RETURN(bundle.catalog_, Catalog::load(artifact, "catalog"));
    }
    CROSSFADE_RETURN_IF_ERROR(bundle.number_catalog());
    return bundle.check();
  };
  // Whatever does not fit here passed its checksum: it was written so, and is no bundle of ours.
  if (const Status status = read(); !status.ok())
    return data_invalid(path + " is not a bundle that can be served: " + status.message());
  bundle.choose_models();
  return bundle;
}

Result<Json> inspect_bundle(const std::string& path) {
  CROSSFADE_ASSIGN_OR_RETURN(const Artifact artifact,
                             Artifact::open(path, kKind, kBundleSchema, Verify::kSizes));
  CROSSFADE_ASSIGN_OR_RETURN(const std::string text, read_file(artifact.path_of("manifest.json")));
  CROSSFADE_ASSIGN_OR_RETURN(const Json manifest, parse_json(text));
  Json answer = Json::object();
  answer.set("path", path)
      .set("fingerprint", artifact.fingerprint())
      .set("schema", manifest["schema"])
      .set("engine", manifest["engine"]);
  if (const auto* members = artifact.metadata().as_object())
    for (const auto& [key, value] : *members) answer.set(key, value);
  answer.set("files", manifest["files"]);
  return answer;
}

}  // namespace crossfade
