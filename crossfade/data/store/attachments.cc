// Attributes to files and back, by their number, because their names may be any text.
#include "crossfade/data/store/attachments.h"

#include <cstdio>
#include <utility>

#include "crossfade/base/check.h"
#include "crossfade/base/file.h"
#include "crossfade/base/hash.h"
#include "crossfade/base/text.h"
#include "crossfade/data/store/segment_writer.h"
#include "crossfade/data/store/store.h"
#include "crossfade/data/store/store_manifest.h"

namespace crossfade {
namespace {

constexpr const char* kKind = "attachment";
constexpr int kSchema = 1;

std::string file_name(std::size_t number) {
  return "a" + std::to_string(number);
}

Status add(ArtifactWriter& writer, const std::string& name, const NumberAttribute& attribute) {
  return writer.add<float>(name + ".npy", attribute.values);
}

Status add(ArtifactWriter& writer, const std::string& name, const TextAttribute& attribute) {
  return writer.add_strings(name, attribute.values);
}

Status add(ArtifactWriter& writer, const std::string& name, const LabelAttribute& attribute) {
  CROSSFADE_RETURN_IF_ERROR(writer.add<std::int64_t>(name + ".starts.npy", attribute.offsets));
  CROSSFADE_RETURN_IF_ERROR(writer.add<std::int32_t>(name + ".codes.npy", attribute.codes));
  CROSSFADE_RETURN_IF_ERROR(writer.add_strings(name + ".labels", attribute.labels));
  if (attribute.names.size() == 0) return ok_status();
  return writer.add_strings(name + ".names", attribute.names);
}

const char* type_of(const ItemAttribute& attribute) {
  constexpr const char* kTypes[] = {"number", "text", "labels"};
  return kTypes[attribute.values.index()];
}

Result<ItemAttribute> read_attribute(const Artifact& artifact, const std::string& name,
                                     const std::string& type) {
  ItemAttribute attribute;
  if (type == "number") {
    CROSSFADE_ASSIGN_OR_RETURN(auto file, artifact.read<float>(name + ".npy"));
    attribute.values = NumberAttribute{std::move(file.values)};
  } else if (type == "text") {
    CROSSFADE_ASSIGN_OR_RETURN(StringArray texts, artifact.read_strings(name));
    attribute.values = TextAttribute{std::move(texts)};
  } else if (type == "labels") {
    LabelAttribute labels;
    CROSSFADE_ASSIGN_OR_RETURN(auto starts, artifact.read<std::int64_t>(name + ".starts.npy"));
    CROSSFADE_ASSIGN_OR_RETURN(auto codes, artifact.read<std::int32_t>(name + ".codes.npy"));
    labels.offsets = std::move(starts.values);
    labels.codes = std::move(codes.values);
    CROSSFADE_ASSIGN_OR_RETURN(labels.labels, artifact.read_strings(name + ".labels"));
    if (artifact.has(name + ".names.offsets.npy")) {
      CROSSFADE_ASSIGN_OR_RETURN(labels.names, artifact.read_strings(name + ".names"));
    }
    attribute.values = std::move(labels);
  } else {
    return data_invalid(artifact.path_of("manifest.json") + " has an attribute of type '" + type +
                        "', which this version does not know");
  }
  return attribute;
}

}  // namespace

Status write_attachment(const std::string& path, const std::string& domain, const ItemTable& about,
                        std::int64_t num_items, const Json& report) {
  const Status sound = about.check(num_items);
  CROSSFADE_CHECK(sound.ok(), sound.message());
  CROSSFADE_ASSIGN_OR_RETURN(ArtifactWriter writer, ArtifactWriter::create(path, kKind, kSchema));
  Json attributes = Json::array();
  for (std::size_t i = 0; i < about.attributes.size(); ++i) {
    const ItemAttribute& attribute = about.attributes[i];
    CROSSFADE_RETURN_IF_ERROR(std::visit(
        [&](const auto& values) { return add(writer, file_name(i), values); }, attribute.values));
    attributes.push(Json::object().set("name", attribute.name).set("type", type_of(attribute)));
  }
  if (about.vectors.dimension > 0) {
    CROSSFADE_RETURN_IF_ERROR(writer.add<float>("vectors.npy", about.vectors.values,
                                                {num_items, about.vectors.dimension}));
    CROSSFADE_RETURN_IF_ERROR(writer.add<std::uint8_t>("present.npy", about.vectors.present));
  }
  writer.metadata()
      .set("domain", domain)
      .set("items", num_items)
      .set("attributes", std::move(attributes))
      .set("dimension", about.vectors.dimension)
      .set("report", report);
  return writer.commit();
}

Result<ItemTable> read_attachment(const std::string& path, std::int64_t num_items, Verify verify) {
  CROSSFADE_ASSIGN_OR_RETURN(const Artifact artifact, Artifact::open(path, kKind, kSchema, verify));
  const std::string manifest = artifact.path_of("manifest.json");
  const auto items = artifact.metadata().int_at("items");
  const auto dimension = artifact.metadata().int_at("dimension");
  const Json::Array* attributes = artifact.metadata()["attributes"].as_array();
  if (!items.ok() || !dimension.ok() || !attributes)
    return data_invalid(manifest + " does not say what it holds");
  const auto domain = artifact.metadata().string_at("domain");
  const std::string things = domain.ok() && domain->empty() ? " users" : " items";
  if (*items > num_items)
    return data_invalid(path + " is about " + format_count(*items) + things + ", and there are " +
                        format_count(num_items) + "; attach the side tables again");
  ItemTable about;
  for (std::size_t i = 0; i < attributes->size(); ++i) {
    CROSSFADE_ASSIGN_OR_RETURN(const std::string name, (*attributes)[i].string_at("name"));
    CROSSFADE_ASSIGN_OR_RETURN(const std::string type, (*attributes)[i].string_at("type"));
    CROSSFADE_ASSIGN_OR_RETURN(ItemAttribute attribute,
                               read_attribute(artifact, file_name(i), type));
    attribute.name = name;
    about.attributes.push_back(std::move(attribute));
  }
  about.vectors.dimension = *dimension;
  if (*dimension > 0) {
    CROSSFADE_ASSIGN_OR_RETURN(auto values, artifact.read<float>("vectors.npy"));
    CROSSFADE_ASSIGN_OR_RETURN(auto present, artifact.read<std::uint8_t>("present.npy"));
    about.vectors.values = std::move(values.values);
    about.vectors.present = std::move(present.values);
  }
  CROSSFADE_RETURN_IF_ERROR(about.check(*items).at(path));
  return extend(std::move(about), num_items);
}

namespace {

Status add_folder(const std::string& store, const std::string& domain, const ItemTable& about,
                  std::int64_t num_items, const Json& report, StoreManifest& manifest) {
  char digits[32];
  std::snprintf(digits, sizeof digits, "%03zu", manifest.attachments.size());
  const std::string folder =
      std::string("attachments/") + digits + "-" + (domain.empty() ? "about-users" : domain);
  const std::string path = store + "/" + folder;
  CROSSFADE_RETURN_IF_ERROR(make_folder(store + "/attachments"));
  CROSSFADE_RETURN_IF_ERROR(remove_tree(path));  // left by a crash: no manifest names it
  CROSSFADE_RETURN_IF_ERROR(write_attachment(path, domain, about, num_items, report));
  CROSSFADE_ASSIGN_OR_RETURN(const std::string text, read_file(path + "/manifest.json"));
  manifest.attachments.push_back({folder, domain, sha256_hex(text)});
  return ok_status();
}

// A segment of items that nobody took.
Status add_items(const std::string& store, const std::string& domain, const IdList& items,
                 StoreManifest& manifest) {
  CROSSFADE_ASSIGN_OR_RETURN(const StoreSegments before,
                             open_segments(store, Verify::kSizes, nullptr));
  SegmentWriter::Shape shape;
  shape.domain = domain;
  for (const Segment& segment : before.segments) {
    shape.first_user += segment.new_users.size();
    if (segment.domain.name == domain) shape.first_item += segment.new_items.size();
  }
  const std::string folder = next_segment_folder(manifest, domain);
  const std::string path = store + "/" + folder;
  CROSSFADE_RETURN_IF_ERROR(remove_tree(path));  // left by a crash: no manifest names it
  CROSSFADE_ASSIGN_OR_RETURN(SegmentWriter writer, SegmentWriter::create(path, shape, Sync::kYes));
  const std::vector<std::int64_t> no_rows(static_cast<std::size_t>(shape.first_user) + 1, 0);
  const std::vector<std::int64_t> no_users(
      static_cast<std::size_t>(shape.first_item + items.size()) + 1, 0);
  SegmentWriter::End end;
  end.new_items = items;
  end.offsets = no_rows;
  end.item_offsets = no_users;
  CROSSFADE_RETURN_IF_ERROR(writer.finish(end));
  return note_segment(store, folder, domain, manifest);
}

}  // namespace

Status add_attachment(const std::string& store, const std::string& domain, const ItemTable& about,
                      std::int64_t num_items, StoreManifest& manifest) {
  return add_folder(store, domain, about, num_items, Json::array(), manifest);
}

Status attach_to_store(const std::string& store, const std::string& domain, const ItemTable& about,
                       std::int64_t num_items, const Json& report, const IdList& new_items) {
  CROSSFADE_ASSIGN_OR_RETURN(const WriterLock lock, WriterLock::take(store));
  return attach_to_new_store(store, domain, about, num_items, report, new_items);
}

Status attach_to_new_store(const std::string& store, const std::string& domain,
                           const ItemTable& about, std::int64_t num_items, const Json& report,
                           const IdList& new_items) {
  CROSSFADE_ASSIGN_OR_RETURN(const std::string text, read_manifest_text(store));
  CROSSFADE_ASSIGN_OR_RETURN(StoreManifest manifest, parse_manifest(store, text));
  if (new_items.size() > 0)
    CROSSFADE_RETURN_IF_ERROR(add_items(store, domain, new_items, manifest));
  CROSSFADE_RETURN_IF_ERROR(add_folder(store, domain, about, num_items, report, manifest));
  return replace_file(manifest_path(store), manifest_text(manifest));
}

}  // namespace crossfade
