// Reading a store's segments together, and the order of writing that keeps it whole.
#include "crossfade/data/store/store.h"

#include <unistd.h>

#include <algorithm>
#include <map>
#include <utility>

#include "crossfade/base/file.h"
#include "crossfade/base/hash.h"
#include "crossfade/data/store/attachments.h"
#include "crossfade/data/store/merge_segments.h"
#include "crossfade/data/store/store_manifest.h"

namespace crossfade {
namespace {

// Writes one domain of `dataset` below `store` and adds it to the manifest in memory.
Status append_segment(const std::string& store, const Dataset& dataset, std::size_t domain,
                      std::int64_t first_user, const ImportReport& report,
                      StoreManifest& manifest) {
  const std::string& name = dataset.domains()[domain].name;
  const std::string folder = next_segment_folder(manifest, name);
  const std::string path = store + "/" + folder;
  CROSSFADE_RETURN_IF_ERROR(remove_tree(path));  // left by a crash: no manifest names it
  CROSSFADE_RETURN_IF_ERROR(write_segment(path, dataset, domain, first_user, report));
  return note_segment(store, folder, name, manifest);
}

Status write_new_store(const std::string& path, const Dataset& dataset,
                       const std::vector<ImportReport>& reports) {
  CROSSFADE_RETURN_IF_ERROR(make_folder(path + "/segments"));
  StoreManifest manifest;
  for (std::size_t i = 0; i < dataset.domains().size(); ++i)
    CROSSFADE_RETURN_IF_ERROR(append_segment(path, dataset, i, i == 0 ? 0 : dataset.num_users(),
                                             reports.empty() ? ImportReport() : reports[i],
                                             manifest));
  for (const Domain& domain : dataset.domains())
    if (!domain.about.empty())
      CROSSFADE_RETURN_IF_ERROR(
          add_attachment(path, domain.name, domain.about, domain.items.size(), manifest));
  if (!dataset.user_attributes().empty())
    CROSSFADE_RETURN_IF_ERROR(
        add_attachment(path, "", dataset.user_attributes(), dataset.num_users(), manifest));
  return write_file(manifest_path(path), manifest_text(manifest));
}

// Which optional columns a domain has; those without rows have none and agree with all.
bool agree(const Domain& a, const Domain& b) {
  if (a.item.empty() || b.item.empty()) return true;
  return a.time_ns.empty() == b.time_ns.empty() && a.kind.empty() == b.kind.empty() &&
         a.session.empty() == b.session.empty();
}

Status check_follows(const std::string& folder, const char* what, std::int64_t first,
                     std::int64_t before) {
  if (first == before) return ok_status();
  return data_invalid(folder + " starts at " + what + " " + std::to_string(first) +
                      ", and there are " + std::to_string(before) + " before it");
}

}  // namespace

std::vector<std::vector<const Segment*>> segments_by_domain(const std::vector<Segment>& segments) {
  std::vector<std::vector<const Segment*>> domains;
  for (const Segment& segment : segments) {
    const auto known = std::find_if(domains.begin(), domains.end(), [&](const auto& others) {
      return others[0]->domain.name == segment.domain.name;
    });
    if (known == domains.end())
      domains.push_back({&segment});
    else
      known->push_back(&segment);
  }
  return domains;
}

namespace {

Result<Vocabulary> join_vocabulary(const std::vector<IdList>& lists) {
  CROSSFADE_ASSIGN_OR_RETURN(IdList ids, join_ids(lists));
  return to_vocabulary(std::move(ids));
}

Result<Domain> join_domain(const std::vector<const Segment*>& segments, std::int64_t num_users,
                           ThreadPool* threads) {
  std::vector<IdList> items;
  for (const Segment* segment : segments) items.push_back(segment->new_items);
  Domain domain = segments[0]->domain;
  CROSSFADE_ASSIGN_OR_RETURN(domain.items, join_vocabulary(items));
  if (segments.size() == 1) return domain;
  MergedRows rows = merge_users(segments, 0, num_users, threads);
  domain.offsets = std::move(rows.offsets);
  domain.item = std::move(rows.columns.item);
  domain.weight = std::move(rows.columns.weight);
  domain.time_ns = std::move(rows.columns.time_ns);
  domain.kind = std::move(rows.columns.kind);
  domain.session = std::move(rows.columns.session);
  domain.item_offsets = {};
  domain.item_user = {};
  const bool transposed = std::all_of(segments.begin(), segments.end(), [](const Segment* segment) {
    return !segment->domain.item_offsets.empty();
  });
  if (transposed) {
    MergedItems merged = merge_items(segments, 0, domain.items.size(), threads);
    domain.item_offsets = std::move(merged.offsets);
    domain.item_user = std::move(merged.users);
  }
  return domain;
}

ImportReport join_reports(const std::vector<const Segment*>& segments) {
  ImportReport all = segments[0]->report;
  for (std::size_t i = 1; i < segments.size(); ++i) all.append(segments[i]->report);
  return all;
}

}  // namespace

Status create_store(const std::string& path, const Dataset& dataset,
                    const std::vector<ImportReport>& reports) {
  CROSSFADE_RETURN_IF_ERROR(refuse_existing(path));
  if (dataset.domains().empty())
    return usage_error("there is nothing to store at " + path + ": the data has no domain");
  CROSSFADE_CHECK(reports.empty() || reports.size() == dataset.domains().size(),
                  "one import report per domain, or none");
  CROSSFADE_ASSIGN_OR_RETURN(StagedFolder folder, StagedFolder::create(path));
  CROSSFADE_RETURN_IF_ERROR(write_new_store(folder.path(), dataset, reports));
  return folder.commit();
}

Status add_domain(const Store& store, const Dataset& grown, const ImportReport& report) {
  CROSSFADE_CHECK(grown.domains().size() == store.dataset.domains().size() + 1 &&
                      grown.num_users() >= store.dataset.num_users(),
                  "add_domain takes the store's dataset grown by one domain");
  CROSSFADE_ASSIGN_OR_RETURN(const WriterLock lock, WriterLock::take(store.path));
  CROSSFADE_ASSIGN_OR_RETURN(const std::string text, read_manifest_text(store.path));
  if (sha256_hex(text) != store.manifest_sha256)
    return failed("the store " + store.path + " was changed by another program; start again");
  CROSSFADE_ASSIGN_OR_RETURN(StoreManifest manifest, parse_manifest(store.path, text));
  CROSSFADE_RETURN_IF_ERROR(append_segment(store.path, grown, grown.domains().size() - 1,
                                           store.dataset.num_users(), report, manifest));
  return replace_file(manifest_path(store.path), manifest_text(manifest));
}

Result<StoreSegments> open_segments(const std::string& path, Verify verify, ThreadPool* threads) {
  CROSSFADE_ASSIGN_OR_RETURN(const std::string text, read_manifest_text(path));
  CROSSFADE_ASSIGN_OR_RETURN(const StoreManifest manifest, parse_manifest(path, text));
  StoreSegments store;
  store.manifest_sha256 = sha256_hex(text);
  store.fingerprint = manifest.fingerprint;
  std::int64_t num_users = 0;
  std::map<std::string, std::pair<std::size_t, std::int64_t>> domains;  // a segment, items so far
  for (const StoreManifest::Folder& entry : manifest.segments) {
    const std::string folder = path + "/" + entry.folder;
    if (!path_exists(folder)) return data_invalid(folder + " is missing; the store is damaged");
    CROSSFADE_ASSIGN_OR_RETURN(Segment segment, read_segment(folder, verify, threads));
    if (segment.fingerprint != entry.fingerprint)
      return data_invalid(folder + "/manifest.json is not the one that belongs to this store");
    CROSSFADE_RETURN_IF_ERROR(check_follows(folder, "user", segment.first_user, num_users));
    num_users += segment.new_users.size();
    const std::pair<std::size_t, std::int64_t> none(store.segments.size(), 0);
    auto& [known, items] = domains.emplace(segment.domain.name, none).first->second;
    CROSSFADE_RETURN_IF_ERROR(check_follows(folder, "item", segment.first_item, items));
    items += segment.new_items.size();
    store.segments.push_back(std::move(segment));
    const Segment& added = store.segments.back();
    if (!agree(store.segments[known].domain, added.domain))
      return data_invalid(folder + " has other columns than the domain's segments before it");
    if (store.segments[known].domain.item.empty()) known = store.segments.size() - 1;
  }
  return store;
}

Result<std::vector<std::string>> read_kind_names(const std::string& path,
                                                 const std::string& domain) {
  CROSSFADE_ASSIGN_OR_RETURN(const StoreSegments store,
                             open_segments(path, Verify::kSizes, nullptr));
  std::vector<std::string> names;
  for (const Segment& segment : store.segments)
    if (segment.domain.name == domain && !segment.kind_names.empty()) names = segment.kind_names;
  return names;
}

namespace {

// What is known of each domain's items, and of the users: what was attached later wins.
Status read_attachments(const std::string& path, const std::string& manifest_text, Verify verify,
                        std::vector<Domain>& domains, std::int64_t num_users,
                        ItemTable& about_users) {
  CROSSFADE_ASSIGN_OR_RETURN(const StoreManifest manifest, parse_manifest(path, manifest_text));
  for (const StoreManifest::Folder& entry : manifest.attachments) {
    const auto domain = std::find_if(domains.begin(), domains.end(), [&](const Domain& known) {
      return known.name == entry.domain;
    });
    const bool of_users = entry.domain.empty();
    if (!of_users && domain == domains.end())
      return data_invalid(path + "/" + entry.folder + " is about a domain that is not there");
    const std::string folder = path + "/" + entry.folder;
    if (!path_exists(folder)) return data_invalid(folder + " is missing; the store is damaged");
    CROSSFADE_ASSIGN_OR_RETURN(const std::string own, read_file(folder + "/manifest.json"));
    if (sha256_hex(own) != entry.fingerprint)
      return data_invalid(folder + "/manifest.json is not the one that belongs to this store");
    const std::int64_t size = of_users ? num_users : domain->items.size();
    CROSSFADE_ASSIGN_OR_RETURN(ItemTable about, read_attachment(folder, size, verify));
    ItemTable& known = of_users ? about_users : domain->about;
    known = merge(std::move(known), std::move(about));
  }
  return ok_status();
}

}  // namespace

Result<Store> open_store(const std::string& path, Verify verify, ThreadPool* threads) {
  auto opened = open_segments(path, verify, threads);
  CROSSFADE_ASSIGN_OR_RETURN(const std::string text, read_manifest_text(path));
  // A program that compacts the store takes away segments behind a new manifest: look again.
  if (!opened.ok() || sha256_hex(text) != opened->manifest_sha256)
    opened = open_segments(path, verify, threads);
  if (!opened.ok()) return opened.status();
  Store store;
  store.path = path;
  store.manifest_sha256 = opened->manifest_sha256;
  store.fingerprint = opened->fingerprint;
  std::vector<IdList> users;
  for (const Segment& segment : opened->segments) users.push_back(segment.new_users);
  auto joined = join_vocabulary(users);
  if (!joined.ok()) return joined.status().at(path);
  std::vector<Domain> domains;
  for (const auto& segments : segments_by_domain(opened->segments)) {
    auto domain = join_domain(segments, joined->size(), threads);
    if (!domain.ok()) return domain.status().at(path);
    domains.push_back(*std::move(domain));
    store.reports.push_back(join_reports(segments));
  }
  ItemTable about_users;
  CROSSFADE_RETURN_IF_ERROR(
      read_attachments(path, text, verify, domains, joined->size(), about_users));
  store.dataset = Dataset(*std::move(joined), std::move(domains), std::move(about_users));
  CROSSFADE_RETURN_IF_ERROR(store.dataset.check().at(path));
  return store;
}

}  // namespace crossfade
