// A folder for the job, what it reads and what it leaves; see train_with_neural_program.h.
#include "crossfade/models/neural_program/train_with_neural_program.h"

#include <cerrno>
#include <cstdlib>
#include <filesystem>

#include "crossfade/base/file.h"
#include "crossfade/data/store/store.h"
#include "crossfade/models/neural_program/run_neural_program.h"
#include "crossfade/models/storage.h"

namespace crossfade {
namespace {

// Removed at the end; what was mapped from it stays readable.
class TemporaryFolder {
 public:
  static Result<TemporaryFolder> make() {
    std::error_code error;
    TemporaryFolder folder;
    folder.path_ =
        (std::filesystem::temp_directory_path(error) / "crossfade-neural-XXXXXX").string();
    if (error || !::mkdtemp(folder.path_.data())) {
      const int reason = errno;
      return errno_status("cannot make a temporary folder " + std::exchange(folder.path_, ""),
                          reason);
    }
    return folder;
  }
  TemporaryFolder(TemporaryFolder&& other) noexcept : path_(std::exchange(other.path_, "")) {}
  ~TemporaryFolder() {
    if (!path_.empty()) (void)remove_tree(path_);
  }
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }

 private:
  TemporaryFolder() = default;
  std::string path_;
};

}  // namespace

Result<std::unique_ptr<Model>> train_with_neural_program(const std::string& generator,
                                                         const TrainInput& input,
                                                         Context& context) {
  CROSSFADE_ASSIGN_OR_RETURN(const TemporaryFolder folder, TemporaryFolder::make());
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
                      input.checkpoint};
  CROSSFADE_RETURN_IF_ERROR(
      run_neural_program(find_neural_program(), job, folder / "job.json", context));
  return load_model(job.out);
}

}  // namespace crossfade
