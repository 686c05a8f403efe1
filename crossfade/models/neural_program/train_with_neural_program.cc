// A folder for the job, what it reads and what it leaves; see train_with_neural_program.h.
#include "crossfade/models/neural_program/train_with_neural_program.h"

#include <unistd.h>

#include <filesystem>
#include <system_error>
#include <utility>

#include "crossfade/base/file.h"
#include "crossfade/base/staged_folder.h"
#include "crossfade/data/store/store.h"
#include "crossfade/models/neural_program/run_neural_program.h"
#include "crossfade/models/storage.h"

namespace crossfade {
namespace {

// Where the job, its store and its model lie until they have been read; what was mapped from it
// stays readable. Beside the checkpoints where they are kept, else among the system's temporary
// files; what a killed program left in either place is removed by the next training there.
class JobFolder {
 public:
  static Result<JobFolder> make(const std::string& checkpoint) {
    JobFolder folder;
    std::string place = checkpoint;
    if (place.empty()) {
      std::error_code error;
      place = std::filesystem::temp_directory_path(error).string();
      if (error) return errno_status("cannot find a temporary folder", error.value());
    } else {
      CROSSFADE_RETURN_IF_ERROR(make_folder(place));
      folder.beside_ = place;
    }
    CROSSFADE_ASSIGN_OR_RETURN(folder.staged_,
                               StagedFolder::create(place + "/crossfade-neural-job"));
    std::error_code error;
    std::filesystem::permissions(folder.staged_.path(), std::filesystem::perms::owner_all, error);
    if (error) return errno_status("cannot use " + folder.staged_.path(), error.value());
    return folder;
  }
  JobFolder(JobFolder&& other) noexcept
      : staged_(std::move(other.staged_)), beside_(std::exchange(other.beside_, "")) {}
  ~JobFolder() {
    staged_ = StagedFolder();
    if (!beside_.empty()) ::rmdir(beside_.c_str());  // it stays where there are checkpoints
  }
  std::string operator/(const std::string& name) const { return staged_.path() + "/" + name; }

 private:
  JobFolder() = default;
  StagedFolder staged_;
  std::string beside_;
};

}  // namespace

Result<std::unique_ptr<Model>> train_with_neural_program(const std::string& generator,
                                                         const TrainInput& input,
                                                         Context& context) {
  CROSSFADE_ASSIGN_OR_RETURN(const JobFolder folder, JobFolder::make(input.checkpoint));
  std::string store = input.store;
  if (store.empty()) {
    store = folder / "store";
    CROSSFADE_RETURN_IF_ERROR(create_store(store, input.dataset));
  }
  const NeuralJob job{generator,
                      store,
                      input.dataset.domains()[input.domain_index].name,
                      folder / "model",
                      input.settings,
                      input.seed,
                      context.threads.num_threads(),
                      input.checkpoint,
                      context.memory_bytes};
  CROSSFADE_RETURN_IF_ERROR(
      run_neural_program(find_neural_program(), job, folder / "job.json", context));
  return load_model(job.out);
}

}  // namespace crossfade
