// Made beside in the cache folder, sealed by a file that says what is to be sent, sent file by
// file.
#include "crossfade/io/remote_output.h"

#include <arrow/filesystem/filesystem.h>
#include <arrow/io/interfaces.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <utility>
#include <vector>

#include "crossfade/base/file.h"
#include "crossfade/base/hash.h"
#include "crossfade/base/text.h"
#include "crossfade/io/arrow_error.h"
#include "crossfade/io/remote_file.h"
#include "crossfade/io/remote_server.h"

namespace crossfade {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kPartBytes = 8 << 20;

// Manifests say that all else is there: they come last, the outermost behind those below it.
bool is_sent_before(const std::string& a, const std::string& b) {
  const auto rank = [](const std::string& name) {
    const bool manifest = fs::path(name).filename() == "manifest.json";
    return std::pair(manifest ? 1 : 0, manifest ? -std::count(name.begin(), name.end(), '/') : 0);
  };
  return std::pair(rank(a), a) < std::pair(rank(b), b);
}

// Files of a folder by name, each with its size and time.
using Stamped = std::vector<std::pair<std::string, std::string>>;

Stamped stamped(const std::string& folder, const std::vector<std::string>& names) {
  Stamped files;
  for (const std::string& name : names) {
    const std::string file = name.empty() ? folder : folder + "/" + name;
    std::error_code error;
    files.emplace_back(
        name, std::to_string(fs::file_size(file, error)) + " " +
                  std::to_string(fs::last_write_time(file, error).time_since_epoch().count()));
  }
  return files;
}

std::vector<std::string> texts(const Json& list) {
  std::vector<std::string> all;
  if (const Json::Array* entries = list.as_array())
    for (const Json& entry : *entries)
      if (const std::string* text = entry.as_string()) all.push_back(*text);
  return all;
}

}  // namespace

struct RemoteOutput::State {
  std::string address, root, path;
  RemoteUse use = RemoteUse::kNew;
  Json identity;
  RemoteFileSystem files;
  std::optional<FileWriter> lock;
  std::optional<std::string> made;
  bool half = false, changes = false;  // an upload there has not ended; a folder there is changed
  // Of a folder that was there: the objects, and the files as this process has fetched them.
  std::vector<RemoteFile> before;
  Stamped fetched;

  std::string seal_path() const { return root + "/made.json"; }
  std::string sent_path() const { return root + "/sent"; }
  std::string mark() const { return remote_key(address) + kUploadMark; }
  // The name of an object below the address.
  std::string name_of(const RemoteFile& file) const { return file.path.substr(address.size() + 1); }
  // The address of a file of the result; "" is the result itself.
  std::string address_of(const std::string& name) const {
    return name.empty() ? address : address + "/" + name;
  }

  Status put(const std::string& to, const std::string& file) {
    return without_exceptions(Doing::kWriting, to, [&]() -> Status {
      auto opened = files->OpenOutputStream(remote_key(to));
      if (!opened.ok()) return remote_error("write", to, opened.status());
      std::ifstream in(file, std::ios::binary);
      std::vector<char> part(static_cast<std::size_t>(kPartBytes));
      while (!file.empty() && in) {
        in.read(part.data(), kPartBytes);
        const arrow::Status written = (*opened)->Write(part.data(), in.gcount());
        if (written.ok()) continue;
        (void)(*opened)->Abort();
        return remote_error("write", to, written);
      }
      if (!file.empty() && !in.eof()) return failed("cannot read what was made for " + to);
      const arrow::Status closed = (*opened)->Close();
      return closed.ok() ? ok_status() : remote_error("write", to, closed);
    });
  }

  // One file, and whether it has come as a whole. The library tries several times.
  Status send(const std::string& name, Context& context) {
    CROSSFADE_RETURN_IF_ERROR(context.check_stop());
    const std::string file = name.empty() ? path : path + "/" + name;
    const std::string to = address_of(name);
    CROSSFADE_RETURN_IF_ERROR(put(to, file));
    const auto info = files->GetFileInfo(remote_key(to));
    if (!info.ok()) return remote_error("write", to, info.status());
    std::error_code error;
    if (info->size() == static_cast<std::int64_t>(fs::file_size(file, error))) return ok_status();
    return failed("cannot write " + to + ": the server has " + format_count(info->size()) +
                  " bytes of it; run the command again, it goes on where it stopped");
  }

  Status put_mark() {
    return with_address(put(remote_address(mark()), ""), address, remote_address(mark()));
  }

  Status remove(const std::string& key) {
    const arrow::Status removed = files->DeleteFile(key);
    return removed.ok() ? ok_status() : remote_error("write", address, removed);
  }

  // What an earlier process has sealed, if this one would make the same.
  void take_up() {
    const auto text = read_file(seal_path());
    if (!text.ok()) return;
    const auto sealed = parse_json(*text);
    if (!sealed.ok() || to_text((*sealed)["identity"]) != to_text(identity)) return;
    const std::string* said = (*sealed)["said"].as_string();
    if (said && path_exists(path)) made = *said;
  }

  // Forgets what was sealed, and what a command would begin anew. What an import left beside its
  // place stays: it goes on from there.
  Status begin_anew() {
    made.reset();
    for (const std::string& file : {seal_path(), sent_path()})
      CROSSFADE_RETURN_IF_ERROR(remove_tree(file));
    return use == RemoteUse::kResume ? ok_status() : remove_tree(path);
  }

  // Whether the result may go there.
  Status check() {
    const auto info = files->GetFileInfo(remote_key(address));
    if (!info.ok()) return remote_error("write", address, info.status());
    const bool there = info->type() != arrow::fs::FileType::NotFound;
    const auto marked = files->GetFileInfo(mark());
    half = marked.ok() && marked->IsFile();  // ours if it is sealed here
    if (there && use == RemoteUse::kNew && !half) {
      if (made) CROSSFADE_RETURN_IF_ERROR(begin_anew());
      return usage_error("the output " + address +
                         " exists already; give another name, or remove it first");
    }
    if (there && use == RemoteUse::kNew && !made)
      return usage_error("the output " + address + " is an upload that has not ended (" + address +
                         kUploadMark +
                         " says so); run the command that began it again, or remove both");
    if (!there && use == RemoteUse::kGrow) return failed("there is no " + address);
    const bool needs_folder = use == RemoteUse::kGrow || use == RemoteUse::kResume;
    if (needs_folder && info->IsFile())
      return usage_error(address + " is a file, and a folder is needed; name another");
    changes = there && !half && needs_folder;
    return ok_status();
  }

  // Brings a folder that is changed. It takes its place when all of it is there, so that a fetch
  // that ended early is never taken for the whole: the next one goes on with it.
  Status fetch(Context& context) {
    if (!changes) return ok_status();
    CROSSFADE_ASSIGN_OR_RETURN(before, list_remote(address));
    if (use == RemoteUse::kResume && path_exists(path)) return ok_status();
    const std::string part = root + "/fetching-" + state_of(before).substr(0, 24);
    CROSSFADE_RETURN_IF_ERROR(fetch_remote(before, address, part, context));
    CROSSFADE_RETURN_IF_ERROR(rename_path(part, path).at("fetching " + address));
    std::vector<std::string> names;
    for (const RemoteFile& file : before) names.push_back(name_of(file));
    fetched = stamped(path, names);
    return ok_status();
  }

  // Whether the folder is what this process has fetched, and nothing in it was changed.
  bool is_as_fetched() const {
    const auto names = list_files(path);
    return names.ok() && !fetched.empty() && stamped(path, *names) == fetched;
  }

  // Whether what was there when it was fetched is there still.
  Status refuse_changed() {
    CROSSFADE_ASSIGN_OR_RETURN(const std::string text, read_file(seal_path()));
    CROSSFADE_ASSIGN_OR_RETURN(const Json sealed, parse_json(text));
    const std::vector<std::string> known = texts(sealed["before"]);
    CROSSFADE_ASSIGN_OR_RETURN(const std::vector<RemoteFile> now, list_remote(address));
    std::set<std::string> states;
    for (const RemoteFile& file : now) states.insert(state_of({file}));
    for (const std::string& state : known)
      if (states.count(state) == 0) {
        (void)begin_anew();
        return failed(address +
                      " was changed by somebody else meanwhile; run the command again, it begins "
                      "anew with what is there now");
      }
    return ok_status();
  }

  Status make_ready(Context& context) {
    CROSSFADE_RETURN_IF_ERROR(check());
    if (made) return ok_status();
    CROSSFADE_RETURN_IF_ERROR(put_mark());
    if (!half) CROSSFADE_RETURN_IF_ERROR(remove(mark()));
    CROSSFADE_RETURN_IF_ERROR(begin_anew());
    return fetch(context);
  }

  Status send_all(const std::vector<std::string>& names, Context& context) {
    std::int64_t bytes = 0;
    std::error_code error;
    const auto size_of = [&](const std::string& name) {
      return static_cast<std::int64_t>(
          fs::file_size(name.empty() ? path : path + "/" + name, error));
    };
    for (const std::string& name : names) bytes += size_of(name);
    std::set<std::string> sent;
    std::ifstream lines(sent_path());
    for (std::string line; std::getline(lines, line);) sent.insert(line);
    CROSSFADE_ASSIGN_OR_RETURN(FileWriter journal, FileWriter::create(sent_path(), true));
    context.progress.begin("uploading " + address, bytes, "bytes");
    Status status;
    for (const std::string& name : names) {
      const bool last = use == RemoteUse::kGrow && name == "manifest.json";
      if (last) status = refuse_changed();
      if (status.ok() && sent.count("/" + name) == 0) {
        status = send(name, context);
        if (status.ok()) status = journal.write("/" + name + "\n");
      }
      if (!status.ok()) break;
      context.progress.advance(size_of(name));
    }
    context.progress.end();
    return status;
  }
};

RemoteOutput::RemoteOutput(std::unique_ptr<State> state) : state_(std::move(state)) {}
RemoteOutput::~RemoteOutput() = default;
RemoteOutput::RemoteOutput(RemoteOutput&&) noexcept = default;
RemoteOutput& RemoteOutput::operator=(RemoteOutput&&) noexcept = default;

const std::string& RemoteOutput::address() const {
  return state_->address;
}
const std::string& RemoteOutput::path() const {
  return state_->path;
}
const std::optional<std::string>& RemoteOutput::made() const {
  return state_->made;
}

Result<RemoteOutput> RemoteOutput::open(const std::string& address, RemoteUse use,
                                        const Json& identity, Context& context) {
  auto state = std::make_unique<State>();
  const std::string key = remote_key(address);
  const std::size_t slash = key.rfind('/');
  if (slash == std::string::npos || slash == 0)
    return usage_error(address + " names no place for a result; write s3://BUCKET/NAME");
  state->address = remote_address(key);
  state->use = use;
  state->identity = identity;
  state->root = cache_folder() + "/s3-out/" +
                sha256_hex(remote_endpoint() + "\n" + state->address).substr(0, 24);
  state->path = state->root + key.substr(slash);
  CROSSFADE_RETURN_IF_ERROR(make_folder(state->root).at("making " + state->address));
  auto lock = FileWriter::create(state->root + "/lock", /*append=*/true);
  if (lock.ok() && !lock->lock().ok())
    return failed("another program writes to " + state->address + "; wait for it");
  if (!lock.ok()) return lock.status().at("making " + state->address);
  state->lock.emplace(*std::move(lock));
  CROSSFADE_ASSIGN_OR_RETURN(state->files, remote_file_system());
  state->take_up();
  RemoteOutput output(std::move(state));
  const Status ready = output.state_->make_ready(context);
  if (!ready.ok()) output.remove_empty();
  CROSSFADE_RETURN_IF_ERROR(ready);
  return output;
}

Status RemoteOutput::seal(const std::string& said, Context& context) {
  State& state = *state_;
  CROSSFADE_RETURN_IF_ERROR(context.check_stop());
  std::vector<std::string> names{""};
  if (is_folder(state.path)) {
    CROSSFADE_ASSIGN_OR_RETURN(names, list_files(state.path));
  }
  std::sort(names.begin(), names.end(), is_sent_before);
  std::vector<std::string> send, gone, before;
  for (const auto& file : stamped(state.path, names))
    if (std::find(state.fetched.begin(), state.fetched.end(), file) == state.fetched.end())
      send.push_back(file.first);
  for (const RemoteFile& file : state.before) {
    before.push_back(state_of({file}));
    const std::string name = state.name_of(file);
    if (std::find(names.begin(), names.end(), name) == names.end()) gone.push_back(name);
  }
  state.made = said;
  const Json sealed = Json::object()
                          .set("identity", state.identity)
                          .set("said", said)
                          .set("send", json_list(send))
                          .set("gone", json_list(gone))
                          .set("before", json_list(before));
  return replace_file(state.seal_path(), to_text(sealed)).at("making " + state.address);
}

Status RemoteOutput::upload(Context& context) {
  State& state = *state_;
  CROSSFADE_ASSIGN_OR_RETURN(const std::string text, read_file(state.seal_path()));
  CROSSFADE_ASSIGN_OR_RETURN(const Json sealed, parse_json(text));
  const bool marks = state.use == RemoteUse::kNew || state.use == RemoteUse::kResume;
  if (marks) CROSSFADE_RETURN_IF_ERROR(state.put_mark());
  CROSSFADE_RETURN_IF_ERROR(state.send_all(texts(sealed["send"]), context));
  for (const std::string& name : texts(sealed["gone"]))
    CROSSFADE_RETURN_IF_ERROR(state.remove(remote_key(state.address_of(name))));
  if (marks) CROSSFADE_RETURN_IF_ERROR(state.remove(state.mark()));
  return remove_tree(state.root);
}

void RemoteOutput::abandon() {
  State& state = *state_;
  const bool goes_on = state.use == RemoteUse::kResume && !state.is_as_fetched();
  if (!goes_on) (void)remove_tree(state.path);
  remove_empty();
}

void RemoteOutput::remove_empty() {
  State& state = *state_;
  std::error_code error;
  const auto left = std::distance(fs::directory_iterator(state.root, error), {});
  if (left <= 1) (void)remove_tree(state.root);  // the lock
}

}  // namespace crossfade
