// The list of generators, expanded for loading; see storage.h.
#include "crossfade/models/storage.h"

#include <utility>
#include <vector>

#include "crossfade/base/text.h"
#include "crossfade/kernels/isa.h"
#include "crossfade/models/blend/blend_model.h"
#include "crossfade/models/joint/joint_model.h"
#include "crossfade/models/list.h"

namespace crossfade {

#define CROSSFADE_DECLARE_LOADER(name) Result<std::unique_ptr<Model>> load_##name(const Artifact&);
CROSSFADE_MODELS(CROSSFADE_DECLARE_LOADER)
#undef CROSSFADE_DECLARE_LOADER

namespace {

struct Loader {
  std::string name;
  Result<std::unique_ptr<Model>> (*load)(const Artifact&);
};

const std::vector<Loader>& loaders() {
#define CROSSFADE_LIST_LOADER(name) {#name, &load_##name},
  static const std::vector<Loader> list{CROSSFADE_MODELS(CROSSFADE_LIST_LOADER)};
#undef CROSSFADE_LIST_LOADER
  return list;
}

// Any generator's, or a blend of such, without what it was trained over.
Result<std::unique_ptr<Model>> load_untied(const Artifact& artifact, Verify verify) {
  const auto name = artifact.metadata().string_at("model");
  if (!name.ok()) return name.status();
  if (*name == "blend") return BlendModel::load(artifact, verify);
  std::vector<std::string> names;
  for (const Loader& loader : loaders()) {
    names.push_back(loader.name);
    if (loader.name != *name) continue;
    auto model = loader.load(artifact);
    const Json& joint = artifact.metadata()["joint"];
    if (model.ok() && joint.as_object()) return JointModel::load(std::move(*model), joint);
    return model;
  }
  return data_invalid("a model of the generator " + *name +
                      ", which this version does not have; it has " + join(names, ", "));
}

}  // namespace

Json training_provenance(std::uint64_t seed, const std::vector<std::string>& settings,
                         const std::string& dataset) {
  return Json::object()
      .set("seed", static_cast<std::int64_t>(seed))
      .set("settings", json_list(settings))
      .set("dataset", dataset)
      .set("isa", kernels::isa_name());
}

Status save_model(const Model& model, const std::string& path, const Json& provenance,
                  const ItemIds& ids) {
  CROSSFADE_ASSIGN_OR_RETURN(ArtifactWriter writer,
                             ArtifactWriter::create(path, "model", kModelSchema));
  writer.metadata().set("model", std::string(model.name()));
  writer.metadata().set("domain", model.domain());
  writer.metadata().set("num_items", model.num_items());
  writer.metadata().set("trained_over", model.trained_over().to_json());
  if (!model.training().is_null()) writer.metadata().set("training", model.training());
  CROSSFADE_RETURN_IF_ERROR(model.save(writer));
  if (!ids.empty()) CROSSFADE_RETURN_IF_ERROR(ids.save(writer));
  writer.metadata().set("provenance", provenance);
  return writer.commit();
}

Result<std::unique_ptr<Model>> load_model(const std::string& path, Verify verify) {
  CROSSFADE_ASSIGN_OR_RETURN(const Artifact artifact,
                             Artifact::open(path, "model", kModelSchema, verify));
  auto model = load_untied(artifact, verify);
  if (!model.ok()) return model.status().at(path);
  auto trained_over = TrainedOver::from_json(artifact.metadata()["trained_over"]);
  if (!trained_over.ok())
    return data_invalid(path + " does not say which users and items it was trained over (" +
                        trained_over.status().message() + "); train it again");
  (*model)->set_trained_over(std::move(*trained_over));
  (*model)->set_training(artifact.metadata()["training"]);
  return model;
}

Result<SavedModel> load_saved_model(const std::string& path) {
  SavedModel saved;
  CROSSFADE_ASSIGN_OR_RETURN(saved.model, load_model(path));
  CROSSFADE_ASSIGN_OR_RETURN(const Artifact artifact,
                             Artifact::open(path, "model", kModelSchema, Verify::kSizes));
  saved.provenance = artifact.metadata()["provenance"];
  auto ids = ItemIds::load(artifact);
  if (!ids.ok()) return data_invalid(path + " " + ids.status().message());
  saved.ids = *std::move(ids);
  return saved;
}

}  // namespace crossfade
