// Assembling a bundle and looking things up in one; bundle_storage.cc has the way to disk and back.
#include "crossfade/bundle/bundle.h"

#include <algorithm>
#include <limits>
#include <set>
#include <utility>

#include "crossfade/bundle/bundle_check.h"
#include "crossfade/bundle/popular_ranking.h"

namespace crossfade {
namespace {

constexpr std::string_view kPopular = "popular";

// Lists in the order of their users become rows of a matrix with a row for every user.
Status set_lists(const Candidates& lists, std::int64_t num_users, BundleDomain& domain) {
  const auto size = static_cast<std::size_t>(num_users);
  std::vector<std::int64_t> list_of(size, -1), offsets{0};
  std::vector<ItemIndex> items;
  std::vector<float> scores;
  for (std::int64_t l = 0; l < lists.num_lists(); ++l) {
    const UserIndex user = lists.users[static_cast<std::size_t>(l)];
    std::int64_t& list = list_of[static_cast<std::size_t>(user)];
    if (list >= 0)
      return usage_error("the user with index " + std::to_string(user) +
                         " has two personal lists; give one of them");
    list = l;
  }
  for (const std::int64_t list : list_of) {
    if (list >= 0) {
      const auto list_items = lists.list(list);
      const auto list_scores = lists.list_scores(list);
      items.insert(items.end(), list_items.begin(), list_items.end());
      scores.insert(scores.end(), list_scores.begin(), list_scores.end());
    }
    offsets.push_back(static_cast<std::int64_t>(items.size()));
  }
  domain.list_offsets = std::move(offsets);
  domain.list_items = std::move(items);
  domain.list_scores = std::move(scores);
  return ok_status();
}

const Model* find_popular(const std::vector<BundleModel>& models, const std::string& domain) {
  for (const BundleModel& part : models)
    if (part.model->domain() == domain && part.model->name() == kPopular) return part.model.get();
  return nullptr;
}

// A domain without a user and without an item: all that is known will come from the catalogue.
Dataset nothing_yet(const std::string& domain_name) {
  Domain domain;
  domain.name = domain_name.empty() ? "music" : domain_name;
  return {Vocabulary(), {std::move(domain)}};
}

}  // namespace

Result<Bundle> Bundle::assemble(BundleInput input) {
  if (input.dataset.domains().empty()) {
    if (input.catalog_path.empty())
      return usage_error("a bundle needs a domain; import a log first, or give a catalogue");
    input.dataset = nothing_yet(input.catalog_domain);
  }
  CROSSFADE_RETURN_IF_ERROR(input.dataset.check());
  CROSSFADE_RETURN_IF_ERROR(check_models(input.models, input.dataset));
  const std::size_t num_domains = input.dataset.domains().size();
  CROSSFADE_CHECK(input.lists.size() <= num_domains && input.hidden.size() <= num_domains,
                  "lists and hidden items belong to domains");
  Bundle bundle;
  bundle.dataset_ = std::move(input.dataset);
  bundle.models_ = std::move(input.models);
  CROSSFADE_ASSIGN_OR_RETURN(bundle.catalog_domain_, bundle.find_domain(input.catalog_domain));
  if (!input.catalog_path.empty()) {
    CROSSFADE_ASSIGN_OR_RETURN(bundle.catalog_, Catalog::parse(input.catalog_path));
  }
  bundle.domains_.resize(num_domains);
  CROSSFADE_RETURN_IF_ERROR(bundle.number_catalog());
  for (std::size_t d = 0; d < num_domains; ++d) {
    const Domain& source = bundle.dataset_.domains()[d];
    BundleDomain& domain = bundle.domains_[d];
    auto ranking = rank_popular(bundle.dataset_, d, find_popular(bundle.models_, source.name),
                                domain.num_items);
    domain.popular = std::move(ranking.items);
    domain.popular_scores = std::move(ranking.scores);
    if (d < input.hidden.size()) domain.hidden = std::move(input.hidden[d]);
    if (!domain.hidden.empty() &&
        domain.hidden.size() != static_cast<std::size_t>(source.items.size()))
      return usage_error("the hidden items of domain '" + source.name + "' have " +
                         std::to_string(domain.hidden.size()) + " entries and the domain has " +
                         std::to_string(source.items.size()) + " items");
    if (d >= input.lists.size() || input.lists[d].num_lists() == 0) continue;
    const Status fit = input.lists[d].check(bundle.dataset_.num_users(), source.items.size());
    CROSSFADE_RETURN_IF_ERROR(fit.at("the personal lists of domain '" + source.name + "'"));
    CROSSFADE_RETURN_IF_ERROR(set_lists(input.lists[d], bundle.dataset_.num_users(), domain));
  }
  CROSSFADE_RETURN_IF_ERROR(bundle.add_parts(input.parts));
  bundle.choose_models();
  bundle.describe(input.provenance, input.flows);
  return bundle;
}

Status Bundle::add_parts(const std::vector<ListPart>& parts) {
  std::set<std::string> names;
  for (const BundleModel& part : models_)
    if (part.model->domain() == dataset_.domains()[catalog_domain_].name) names.insert(part.name());
  for (const ListPart& part : parts) {
    if (!names.insert(part.name).second)
      return usage_error("two parts are called '" + part.name + "'; give one another name");
    CROSSFADE_ASSIGN_OR_RETURN(
        BundleLists lists,
        make_bundle_lists(part, domains_[catalog_domain_].num_items, [&](const ExternalId& item) {
          return find_item(catalog_domain_, item);
        }));
    parts_.push_back(std::move(lists));
  }
  return ok_status();
}

Status Bundle::number_catalog() {
  const Vocabulary& vocabulary = dataset_.domains()[catalog_domain_].items;
  for (std::size_t d = 0; d < domains_.size(); ++d)
    domains_[d].num_items = dataset_.domains()[d].items.size();
  std::int64_t& num_items = domains_[catalog_domain_].num_items;
  for (const std::int64_t track : catalog_.tracks()) {
    ItemIndex item = vocabulary.find(track);
    if (item == kUnknown) {
      if (num_items == std::numeric_limits<ItemIndex>::max())
        return usage_error("the catalogue and the data have more than 2^31 - 1 items together");
      item = static_cast<ItemIndex>(num_items++);
      beyond_.push_back(track);
    }
    catalog_items_.push_back(item);
  }
  return ok_status();
}

void Bundle::choose_models() {
  for (std::size_t d = 0; d < domains_.size(); ++d)
    for (const BundleModel& part : models_)
      if (!domains_[d].model && part.model->name() != kPopular &&
          part.model->domain() == dataset_.domains()[d].name)
        domains_[d].model = part.model;
}

void Bundle::describe(const Json& provenance, const Json& flows) {
  Json domains = Json::array();
  for (std::size_t d = 0; d < domains_.size(); ++d) {
    const Domain& source = dataset_.domains()[d];
    const BundleDomain& domain = domains_[d];
    const auto hidden = std::count(domain.hidden.begin(), domain.hidden.end(), 1);
    domains.push(Json::object()
                     .set("name", source.name)
                     .set("items", static_cast<std::int64_t>(source.items.size()))
                     .set("interactions", source.num_interactions())
                     .set("model", domain.model ? Json(domain.model->name()) : Json())
                     .set("list_rows", static_cast<std::int64_t>(domain.list_items.size()))
                     .set("hidden", static_cast<std::int64_t>(hidden)));
  }
  Json models = Json::array();
  for (const BundleModel& part : models_)
    models.push(Json::object()
                    .set("name", part.model->name())
                    .set("part", part.name())
                    .set("domain", part.model->domain())
                    .set("provenance", part.provenance));
  Json catalog;
  if (!catalog_.empty())
    catalog.set("domain", dataset_.domains()[catalog_domain_].name)
        .set("tracks", catalog_.size())
        .set("beyond_vocabulary", static_cast<std::int64_t>(beyond_.size()));
  Json parts = Json::array();
  for (const BundleLists& part : parts_)
    parts.push(Json::object()
                   .set("name", part.name)
                   .set("by", to_text(part.by))
                   .set("rows", static_cast<std::int64_t>(part.items.size())));
  metadata_ = Json::object();
  metadata_
      .set("dataset", Json::object()
                          .set("fingerprint", dataset_.fingerprint())
                          .set("users", dataset_.num_users()))
      .set("domains", std::move(domains))
      .set("models", std::move(models))
      .set("catalog", std::move(catalog))
      .set("parts", std::move(parts))
      .set("parts_domain", dataset_.domains()[catalog_domain_].name)
      .set("flows", flows)
      .set("provenance", provenance);
}

Result<std::size_t> Bundle::find_domain(const std::string& name) const {
  if (name.empty()) return std::size_t{0};
  return dataset_.find_domain(name);
}

const BundleLists* Bundle::find_lists(const std::string& name) const {
  for (const BundleLists& part : parts_)
    if (part.name == name) return &part;
  return nullptr;
}

const BundleModel* Bundle::find_model(const std::string& name) const {
  for (const BundleModel& part : models_)
    if (part.name() == name && part.model->domain() == dataset_.domains()[catalog_domain_].name)
      return &part;
  return nullptr;
}

ItemIndex Bundle::find_item(std::size_t domain, const ExternalId& item) const {
  const Vocabulary& vocabulary = dataset_.domains()[domain].items;
  const ItemIndex known = vocabulary.find(item);
  if (known != kUnknown || domain != catalog_domain_ || beyond_.empty()) return known;
  const auto track = as_number(item);
  if (!track) return kUnknown;
  const auto found = std::lower_bound(beyond_.begin(), beyond_.end(), *track);
  if (found == beyond_.end() || *found != *track) return kUnknown;
  return static_cast<ItemIndex>(vocabulary.size() + (found - beyond_.begin()));
}

ExternalId Bundle::item_id(std::size_t domain, ItemIndex item) const {
  const Vocabulary& vocabulary = dataset_.domains()[domain].items;
  if (item < vocabulary.size()) return vocabulary.id(item);
  return beyond_[static_cast<std::size_t>(item - vocabulary.size())];
}

Status create_bundle(BundleInput input, const std::string& path, Context& context) {
  CROSSFADE_ASSIGN_OR_RETURN(const Bundle bundle, Bundle::assemble(std::move(input)));
  return bundle.save(path, context);
}

}  // namespace crossfade
