// Artifacts of numbers and of how far training was; see checkpoint.h.
#include "crossfade/neural/checkpoint.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <thread>
#include <utility>

#include "crossfade/base/artifact.h"
#include "crossfade/base/file.h"
#include "crossfade/base/safetensors.h"
#include "crossfade/base/text.h"

namespace crossfade {
namespace {

constexpr const char* kKind = "training checkpoint";
constexpr int kSchema = 1;
constexpr const char* kFile = "state.safetensors";
constexpr const char* kLock = "lock";
constexpr int kTries = 100;
constexpr std::chrono::milliseconds kTryAgain{100};

Status read_groups(const Safetensors& file, const std::vector<NamedGroup>& groups) {
  for (const NamedGroup& group : groups)
    for (const Parameter& one : group.parameters->list()) {
      CROSSFADE_ASSIGN_OR_RETURN(const Array<float> values,
                                 file.floats(group.name + "/" + one.name, one.value.sizes().vec()));
      one.value.copy_(at::from_blob(const_cast<float*>(values.data()), one.value.sizes()));
    }
  return ok_status();
}

// "settings" of both, for a sentence: the first member that differs.
std::string difference(const Json& written, const Json& wanted) {
  for (const auto& [name, value] : *wanted.as_object()) {
    const Json& other = written[name];
    if (other == value) continue;
    if (value.as_object() && other.as_object()) return difference(other, value);
    return name + " is " + to_text(value) + " and was " + to_text(other);
  }
  return "it was written by another version";
}

}  // namespace

CheckpointFolder::~CheckpointFolder() {
  if (!lock_ || !numbers().empty()) return;
  (void)remove_tree(path_ + "/" + kLock);  // nothing came to be kept
  ::rmdir(path_.c_str());
}

Status CheckpointFolder::take() {
  CROSSFADE_RETURN_IF_ERROR(make_folder(path_));
  for (int tries = kTries;; --tries) {
    CROSSFADE_ASSIGN_OR_RETURN(FileWriter lock, FileWriter::create(path_ + "/" + kLock));
    if (lock.lock().ok()) {
      lock_ = std::move(lock);
      return ok_status();
    }
    if (tries == 0)
      return failed("another training writes its checkpoints to " + path_ +
                    "; wait for its end or stop it, or give another --out");
    std::this_thread::sleep_for(kTryAgain);
  }
}

std::vector<std::int64_t> CheckpointFolder::numbers() const {
  std::vector<std::int64_t> found;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(path_, error)) {
    const auto number = parse_int(entry.path().filename().string());
    if (number && *number > 0) found.push_back(*number);
  }
  std::sort(found.begin(), found.end());
  return found;
}

Result<Json> CheckpointFolder::read(const std::vector<NamedGroup>& groups) {
  if (!is_kept()) return Json();
  CROSSFADE_RETURN_IF_ERROR(take());
  const std::vector<std::int64_t> found = numbers();
  if (found.empty()) return Json();
  last_ = found.back();
  const auto artifact = Artifact::open(place(last_), kKind, kSchema);
  if (!artifact.ok())
    return Status(artifact.status().kind(), artifact.status().message() + "; remove " + path_ +
                                                " to train from the beginning");
  const Json& belongs_to = artifact->metadata()["belongs_to"];
  if (!(belongs_to == belongs_to_))
    return usage_error(path_ + " holds the checkpoint of another training (" +
                       difference(belongs_to, belongs_to_) +
                       "); train with the same data and settings to go on with it, or remove it to "
                       "train from the beginning");
  CROSSFADE_ASSIGN_OR_RETURN(const Safetensors file, Safetensors::open(artifact->path_of(kFile)));
  CROSSFADE_RETURN_IF_ERROR(read_groups(file, groups));
  return artifact->metadata()["progress"];
}

Status CheckpointFolder::write(const std::vector<NamedGroup>& groups, const Json& progress) {
  if (!is_kept()) return ok_status();
  CROSSFADE_RETURN_IF_ERROR(make_folder(path_));
  CROSSFADE_ASSIGN_OR_RETURN(ArtifactWriter writer,
                             ArtifactWriter::create(place(last_ + 1), kKind, kSchema, Sync::kNo));
  std::vector<NamedTensor> tensors;
  std::vector<Parameters> here;  // an accelerator's are fetched
  for (const NamedGroup& group : groups)
    for (const Parameter& one : here.emplace_back(group.parameters->on(at::kCPU)).list())
      tensors.push_back(
          {group.name + "/" + one.name,
           one.value.sizes().vec(),
           {one.value.data_ptr<float>(), static_cast<std::size_t>(one.value.numel())}});
  CROSSFADE_ASSIGN_OR_RETURN(const std::string file, writer.make_place(kFile));
  CROSSFADE_RETURN_IF_ERROR(write_safetensors(file, std::move(tensors), Sync::kNo));
  writer.metadata().set("belongs_to", belongs_to_).set("progress", progress);
  CROSSFADE_RETURN_IF_ERROR(writer.commit());
  const std::int64_t before = last_++;
  return before > 0 ? remove_tree(place(before)) : ok_status();
}

std::string CheckpointFolder::advice() const {
  return last_ > 0 ? "; " + path_ + " holds what was learned before, remove it to train with " +
                         "other settings"
                   : "";
}

}  // namespace crossfade
