// Bundle: everything a service needs, in one folder; the one thing that crosses from offline to
// online.
//
// It holds the vocabularies, the stored histories (for seen filters and fold-in), the models, and
// per domain the popular items, and perhaps personal lists, hidden items, a catalogue, named files
// of lists, and flows that say who is answered from what. The folder is an Artifact: its manifest
// lists every file's size and SHA-256, and it is whole or not there. Columns map; nothing is parsed
// at start.
//
// Items have indices 0 to n-1 in the order of the domain's vocabulary; tracks of the catalogue that
// the vocabulary does not know follow as n, n+1, ..., so that they can be answered, filtered and
// remembered like all others. Models ignore indices that they do not know.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "crossfade/base/json.h"
#include "crossfade/bundle/bundle_lists.h"
#include "crossfade/bundle/catalog.h"
#include "crossfade/data/candidates.h"
#include "crossfade/data/dataset.h"
#include "crossfade/models/model.h"

namespace crossfade {

constexpr int kBundleSchema = 2;  // 1 had no parts and no flows

// A model with what its manifest tells of its making (seed, knobs, metrics), which is kept.
struct BundleModel {
  std::shared_ptr<const Model> model;
  Json provenance = Json::object();
  std::string part = "";  // what flows call it; "": the model's own name
  std::string name() const { return part.empty() ? std::string(model->name()) : part; }
};
// Loads a model folder for a bundle. Errors: as load_model().
Result<BundleModel> read_bundle_model(const std::string& path);

// What a bundle is made of. Lists and hidden items stand at the place of their domain; shorter
// vectors mean none for the rest. Everything is copied or shared, nothing is referred to later. A
// dataset without domains is allowed beside a catalogue: a service that has no log yet.
struct BundleInput {
  Dataset dataset;
  std::vector<BundleModel> models;          // the first of a domain that is not "popular" answers
  std::vector<Candidates> lists;            // by domain: personal lists
  std::vector<Array<std::uint8_t>> hidden;  // by domain: 1 = never show, one per item
  std::string catalog_path;                 // tracks.json, or "" for none
  std::string catalog_domain;               // "" = the first; of the parts too
  std::vector<ListPart> parts;              // named files of lists
  Json flows;                               // serving/flow_plan.h reads it; null = none
  Json provenance = Json::object();         // knobs, metrics: free
};

// One domain's items as they are answered.
struct BundleDomain {
  std::shared_ptr<const Model> model;  // answers users; may be null
  // All items, also those beyond the vocabulary, best first; for the fallback.
  Array<ItemIndex> popular;
  Array<float> popular_scores;
  // Personal lists: user u's are rows offsets[u] to offsets[u+1]; no offsets = no lists.
  Array<std::int64_t> list_offsets;
  Array<ItemIndex> list_items;
  Array<float> list_scores;
  Array<std::uint8_t> hidden;  // 1 = never show; one per item of the vocabulary, or empty
  std::int64_t num_items = 0;  // of the vocabulary and of the catalogue beyond it
};

class Bundle;
// Maps a bundle. Errors (data invalid): not a bundle, damaged (names the file), parts that do not
// fit each other. Nothing of a refused bundle is used.
Result<Bundle> open_bundle(const std::string& path, Verify verify = Verify::kFull);

class Bundle {
 public:
  // Puts the parts together and checks that they fit. Errors (usage): two models of one name and
  // domain; two parts of one name; two personal lists of one user; hidden items of another size; a
  // part's name that is no folder's. Errors (data invalid): a model of a domain that the dataset
  // lacks, or that was trained over other users or items; lists out of range; the catalogue; a part
  // with an item that neither data nor catalogue know, or with two lists of one user or item.
  static Result<Bundle> assemble(BundleInput input);

  const Dataset& dataset() const { return dataset_; }
  const std::vector<BundleDomain>& domains() const { return domains_; }
  const std::vector<BundleModel>& models() const { return models_; }
  const Catalog& catalog() const { return catalog_; }
  // Also the domain of the parts and of the flows.
  std::size_t catalog_domain() const { return catalog_domain_; }
  // The item index of each row of the catalogue.
  std::span<const ItemIndex> catalog_items() const { return catalog_items_; }
  const std::vector<BundleLists>& parts() const { return parts_; }
  const BundleLists* find_lists(const std::string& name) const;  // null if there is no such part
  const BundleModel* find_model(const std::string& name) const;  // of the catalogue's domain
  const Json& flows() const { return metadata_["flows"]; }       // null if there are none
  // Names the content: SHA-256 of the manifest; "" if the bundle was never on disk.
  const std::string& fingerprint() const { return fingerprint_; }
  const Json& metadata() const { return metadata_; }

  // "" is the first domain; a usage error names those there are.
  Result<std::size_t> find_domain(const std::string& name) const;
  // Index of an item, also beyond the vocabulary; kUnknown if neither knows it.
  ItemIndex find_item(std::size_t domain, const ExternalId& item) const;
  ExternalId item_id(std::size_t domain, ItemIndex item) const;

  // Writes the folder `path`, whole or not at all. Errors: it exists; the disk.
  Status save(const std::string& path, Context& context) const;

  // Every invariant stated above; data invalid names the first that is broken.
  Status check() const;

 private:
  friend Result<Bundle> open_bundle(const std::string& path, Verify verify);
  Bundle() = default;
  Status number_catalog();
  Status add_parts(const std::vector<ListPart>& parts);
  void choose_models();
  void describe(const Json& provenance, const Json& flows);

  Dataset dataset_;
  std::vector<BundleDomain> domains_;
  std::vector<BundleModel> models_;
  std::vector<BundleLists> parts_;
  Catalog catalog_;
  std::size_t catalog_domain_ = 0;
  std::vector<ItemIndex> catalog_items_;  // index of each row of the catalogue
  std::vector<std::int64_t> beyond_;      // tracks behind the vocabulary, rising
  std::string fingerprint_;
  Json metadata_ = Json::object();
};

// Assembles and saves.
Status create_bundle(BundleInput input, const std::string& path, Context& context);

// What a bundle holds, for people and tools: the manifest's metadata, files and fingerprint. Reads
// sizes only. Errors: as open_bundle().
Result<Json> inspect_bundle(const std::string& path);

}  // namespace crossfade
