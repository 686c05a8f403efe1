// The order of things: lock, what the store has, what a killed import left, rows, segment,
// manifest.
#include "crossfade/data/store/store_import.h"

#include <algorithm>
#include <utility>

#include "crossfade/base/file.h"
#include "crossfade/base/hash.h"
#include "crossfade/base/staged_folder.h"
#include "crossfade/base/text.h"
#include "crossfade/data/domain_name.h"
#include "crossfade/data/store/import_journal.h"
#include "crossfade/data/store/store.h"
#include "crossfade/data/store/store_manifest.h"

namespace crossfade {
namespace {

// The store's ids, and the segments of the domain that grows.
struct Before {
  std::string manifest_text;
  StoreManifest manifest;
  IdList users, items;
  std::vector<Segment> segments;
};

Result<Before> read_before(const ImportTarget& target, ThreadPool& threads) {
  Before before;
  CROSSFADE_ASSIGN_OR_RETURN(before.manifest_text, read_manifest_text(target.store));
  CROSSFADE_ASSIGN_OR_RETURN(before.manifest, parse_manifest(target.store, before.manifest_text));
  CROSSFADE_ASSIGN_OR_RETURN(StoreSegments store,
                             open_segments(target.store, Verify::kSizes, &threads));
  std::vector<IdList> users, items;
  for (Segment& segment : store.segments) {
    users.push_back(segment.new_users);
    if (segment.domain.name != target.domain) continue;
    items.push_back(segment.new_items);
    before.segments.push_back(std::move(segment));
  }
  CROSSFADE_ASSIGN_OR_RETURN(before.users, join_ids(users));
  CROSSFADE_ASSIGN_OR_RETURN(before.items, join_ids(items));
  return before;
}

Status refuse_again(const ImportTarget& target, const Before& before, const ImportSource& source) {
  for (const Segment& segment : before.segments)
    for (const std::string& content : source.contents)
      if (segment.inputs.find(content) != std::string::npos)
        return usage_error("this log is in the domain '" + target.domain + "' of " + target.store +
                           " already (from " + segment.report.source +
                           "); its rows would count twice");
  return ok_status();
}

std::optional<TimeRange> time_range(const std::vector<Segment>& segments) {
  std::optional<TimeRange> range;
  for (const Segment& segment : segments)
    if (segment.times) widen(range, *segment.times);
  return range;
}

// The latest row of a user in segments whose histories are ordered by time.
FindLatestRow find_latest_row(const std::vector<Segment>& segments) {
  return [&segments](UserIndex user) {
    std::optional<LatestRow> latest;
    for (const Segment& segment : segments) {
      const Domain& domain = segment.domain;
      const auto at = static_cast<std::size_t>(user);
      if (at + 1 >= domain.offsets.size() || domain.offsets[at] == domain.offsets[at + 1]) continue;
      if (domain.time_ns.empty() || domain.session.empty()) continue;
      const auto row = static_cast<std::size_t>(domain.offsets[at + 1] - 1);
      if (!latest || domain.time_ns[row] >= latest->time_ns)
        latest = LatestRow{domain.time_ns[row], domain.session[row],
                           domain.kind.empty() ? std::uint8_t{0} : domain.kind[row]};
    }
    return latest;
  };
}

Status check_column(const ImportTarget& target, const char* what, bool here, bool there) {
  if (here == there) return ok_status();
  const std::string place = "domain '" + target.domain + "' of " + target.store;
  return data_invalid(here ? "the log has " + std::string(what) + " and the " + place +
                                 " has none; read the log without them"
                           : "the log has no " + std::string(what) + " and the " + place +
                                 " has them; name their column");
}

}  // namespace

struct StoreImport::State {
  State(ImportTarget where, StoreImportOptions how, Context& with)
      : target(std::move(where)), options(how), context(with) {}
  ~State() {
    // Without a checkpoint nothing in the work folder is worth keeping.
    if (lock && !work.empty() && !has_checkpoint) (void)remove_tree(work);
  }

  Status begin(const ImportSource& source);
  Status take_up();
  SegmentBuilder::Plan plan_from(const ImportCheckpoint& checkpoint) const;
  Status check_shape(const LogShape& shape) const;
  Result<ImportedRows> write_segment(const std::string& store, Sync sync,
                                     const std::function<ImportReport(const ImportedRows&)>&);

  ImportTarget target;
  StoreImportOptions options;
  Context& context;
  Before before;
  std::string work;  // folder
  std::optional<WriterLock> lock;
  Json identity, resumed;
  std::string inputs;
  std::vector<std::string> kind_names;
  bool has_checkpoint = false;
  std::optional<ImportJournal> journal;
  std::optional<SegmentBuilder> builder;
};

Status StoreImport::State::begin(const ImportSource& source) {
  CROSSFADE_RETURN_IF_ERROR(check_domain_name(target.domain));
  while (target.store.size() > 1 && target.store.back() == '/') target.store.pop_back();
  inputs = join(source.contents, " ");
  if (target.grow) {
    CROSSFADE_RETURN_IF_ERROR(read_manifest_text(target.store).status());
    CROSSFADE_ASSIGN_OR_RETURN(lock, WriterLock::take(target.store));
    CROSSFADE_ASSIGN_OR_RETURN(before, read_before(target, context.threads));
    CROSSFADE_RETURN_IF_ERROR(refuse_again(target, before, source));
    work = target.store + "/importing";
    CROSSFADE_RETURN_IF_ERROR(make_folder(work));
  } else {
    const std::string folder = target.store + ".importing";
    // Left by a program that was killed between naming the store and removing this.
    if (path_exists(target.store) && path_exists(folder) && WriterLock::take(folder).ok())
      CROSSFADE_RETURN_IF_ERROR(remove_tree(folder));
    CROSSFADE_RETURN_IF_ERROR(refuse_existing(target.store));
    CROSSFADE_RETURN_IF_ERROR(make_folder(folder));
    CROSSFADE_ASSIGN_OR_RETURN(lock, WriterLock::take(folder));
    work = folder;
  }
  identity = Json::object()
                 .set("source", source.identity)
                 .set("domain", target.domain)
                 .set("store", sha256_hex(before.manifest_text))
                 .set("drop_repeats", options.drop_repeats)
                 .set("session_gap_ns", options.session_gap_ns);
  if (options.session_end_kind >= 0) identity.set("session_end_kind", options.session_end_kind);
  return take_up();
}

SegmentBuilder::Plan StoreImport::State::plan_from(const ImportCheckpoint& checkpoint) const {
  SegmentBuilder::Plan plan;
  plan.first_user = before.users.size();
  plan.first_item = before.items.size();
  plan.spill_path = work + "/";
  plan.memory_bytes = options.memory_bytes;
  plan.drop_repeats = options.drop_repeats;
  plan.session_gap_ns = options.session_gap_ns;
  plan.session_end_kind = options.session_end_kind;
  if (!before.segments.empty()) plan.latest_row = find_latest_row(before.segments);
  const IdList users[] = {before.users, checkpoint.new_users};
  const IdList items[] = {before.items, checkpoint.new_items};
  plan.users = *join_ids(users);  // of one type: the journal's ids were added to the store's
  plan.items = *join_ids(items);
  return plan;
}

// Goes on from a checkpoint of the same import, if there is a good one; else starts in an empty
// folder.
Status StoreImport::State::take_up() {
  const auto start_over = [&]() -> Status {
    CROSSFADE_ASSIGN_OR_RETURN(const auto names, list_files(work));
    for (const std::string& name : names) CROSSFADE_RETURN_IF_ERROR(remove_tree(work + "/" + name));
    journal.emplace(work, before.users.size(), before.items.size());
    builder.emplace(plan_from({}), context);
    return ok_status();
  };
  journal.emplace(work, before.users.size(), before.items.size());
  auto checkpoint = journal->read();
  if (checkpoint.ok() && !*checkpoint) return start_over();
  if (checkpoint.ok() && to_text((*checkpoint)->identity) != to_text(identity)) {
    context.progress.say("removing what an import of another log left in " + work);
    return start_over();
  }
  Status status = checkpoint.status();
  if (status.ok()) {
    builder.emplace(plan_from(**checkpoint), context);
    status = builder->resume((*checkpoint)->spilled_bytes, (*checkpoint)->shape);
  }
  if (!status.ok()) {
    context.progress.say("starting over, as an import that was stopped cannot be gone on with: " +
                         status.message());
    return start_over();
  }
  resumed = (*checkpoint)->state;
  has_checkpoint = true;
  context.progress.say("going on with an import that was stopped, behind " +
                       format_count(builder->rows()) + " rows");
  return ok_status();
}

Status StoreImport::State::check_shape(const LogShape& shape) const {
  for (const Segment& segment : before.segments) {
    const Domain& domain = segment.domain;
    if (domain.item.empty()) continue;
    CROSSFADE_RETURN_IF_ERROR(check_column(target, "times", shape.times, !domain.time_ns.empty()));
    if (segment.weights)
      CROSSFADE_RETURN_IF_ERROR(check_column(target, "weights", shape.weights, *segment.weights));
    CROSSFADE_RETURN_IF_ERROR(check_column(target, "kinds", shape.kinds, !domain.kind.empty()));
    CROSSFADE_RETURN_IF_ERROR(check_column(
        target, "sessions", shape.sessions || options.makes_sessions(), !domain.session.empty()));
  }
  return ok_status();
}

Result<ImportedRows> StoreImport::State::write_segment(
    const std::string& store, Sync sync,
    const std::function<ImportReport(const ImportedRows&)>& report_of) {
  StoreManifest& manifest = before.manifest;
  const std::string folder = next_segment_folder(manifest, target.domain);
  const std::string path = store + "/" + folder;
  CROSSFADE_RETURN_IF_ERROR(remove_tree(path));  // left by a crash: no manifest names it
  CROSSFADE_ASSIGN_OR_RETURN(
      SegmentWriter writer,
      SegmentWriter::create(path, builder->segment_shape(target.domain), sync));
  ImportedRows rows;
  rows.before = time_range(before.segments);
  rows.users = builder->users().size();
  rows.items = builder->items().size();
  CROSSFADE_ASSIGN_OR_RETURN(rows.built, builder->write(writer));
  SegmentWriter::End end;
  end.new_users = builder->users().ids_from(before.users.size());
  end.new_items = builder->items().ids_from(before.items.size());
  end.offsets = rows.built.offsets;
  end.item_offsets = rows.built.item_offsets;
  end.report = report_of(rows);
  end.times = rows.built.times;
  end.inputs = inputs;
  end.kind_names = kind_names;
  CROSSFADE_RETURN_IF_ERROR(writer.finish(end));
  CROSSFADE_RETURN_IF_ERROR(note_segment(store, folder, target.domain, manifest));
  return rows;
}

StoreImport::StoreImport(std::unique_ptr<State> state) : state_(std::move(state)) {}
StoreImport::~StoreImport() = default;
StoreImport::StoreImport(StoreImport&&) noexcept = default;
StoreImport& StoreImport::operator=(StoreImport&&) noexcept = default;

Result<StoreImport> StoreImport::open(const ImportTarget& target, const StoreImportOptions& options,
                                      const ImportSource& source, Context& context) {
  auto state = std::make_unique<State>(target, options, context);
  CROSSFADE_RETURN_IF_ERROR(state->begin(source));
  return StoreImport(std::move(state));
}

const Json& StoreImport::resumed() const {
  return state_->resumed;
}

Status StoreImport::add(LogColumns block, const std::function<Json()>& state) {
  if (size_of(block.users) > 0) CROSSFADE_RETURN_IF_ERROR(state_->check_shape(shape_of(block)));
  CROSSFADE_ASSIGN_OR_RETURN(const bool spilled, state_->builder->add(std::move(block)));
  if (!spilled) return ok_status();
  CROSSFADE_RETURN_IF_ERROR(state_->journal->write(*state_->builder, state_->identity, state()));
  state_->has_checkpoint = true;
  return ok_status();
}

LogColumns StoreImport::take_spent() {
  return state_->builder->take_spent();
}

Result<ImportedRows> StoreImport::finish(
    const std::function<ImportReport(const ImportedRows&)>& report_of,
    std::vector<std::string> kind_names,
    const std::function<Status(const std::string&)>& complete) {
  State& state = *state_;
  state.kind_names = std::move(kind_names);
  const std::string& store = state.target.store;
  ImportedRows rows;
  if (state.target.grow) {
    CROSSFADE_ASSIGN_OR_RETURN(rows, state.write_segment(store, Sync::kYes, report_of));
    CROSSFADE_RETURN_IF_ERROR(
        replace_file(manifest_path(store), manifest_text(state.before.manifest)));
  } else {
    CROSSFADE_ASSIGN_OR_RETURN(StagedFolder folder, StagedFolder::create(store));
    CROSSFADE_RETURN_IF_ERROR(make_folder(folder.path() + "/segments"));
    CROSSFADE_ASSIGN_OR_RETURN(rows, state.write_segment(folder.path(), Sync::kNo, report_of));
    CROSSFADE_RETURN_IF_ERROR(
        write_file(manifest_path(folder.path()), manifest_text(state.before.manifest), Sync::kNo));
    if (complete) CROSSFADE_RETURN_IF_ERROR(complete(folder.path()));
    CROSSFADE_RETURN_IF_ERROR(folder.commit());
  }
  state.has_checkpoint = false;  // the work folder goes with us
  return rows;
}

}  // namespace crossfade
