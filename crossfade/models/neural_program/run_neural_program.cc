// Spawns, reads lines, forwards a stop, waits; see run_neural_program.h.
//
// The child is the leader of a process group of its own: Ctrl-C reaches it once, through us, and it
// has the time to write a checkpoint.
#include "crossfade/models/neural_program/run_neural_program.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "crossfade/base/file.h"
#include "crossfade/models/neural_program/neural_messages.h"

extern char** environ;

namespace crossfade {
namespace {

constexpr int kLookEveryMs = 100;

Status missing(const std::string& program, int errno_value) {
  return failed("cannot start " + program + " (" + std::string(std::strerror(errno_value)) +
                "): sequence models and the contextual network are trained by crossfade-neural, "
                "which is built where libtorch is (`./dev build` installs it); put it beside "
                "crossfade, or name it in CROSSFADE_NEURAL_PROGRAM");
}

// Owns a child until it has been waited for.
class Child {
 public:
  ~Child() {
    if (out_ >= 0) ::close(out_);
    if (id_ > 0) {
      ::kill(id_, SIGKILL);
      wait();
    }
  }

  Status start(const std::string& program, const std::string& job_file) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return errno_status("cannot make a pipe", errno);
    out_ = ends[0];
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
    posix_spawnattr_setpgroup(&attributes, 0);
    std::string name = program, file = job_file;
    char* line[] = {name.data(), file.data(), nullptr};
    const int error = ::posix_spawn(&id_, program.c_str(), &actions, &attributes, line, environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    ::close(ends[1]);
    if (error == 0) return ok_status();
    id_ = -1;
    return missing(program, error);
  }

  // Hands `line` every line until the child closes its output. `stop` is forwarded once.
  template <class Line>
  Status read(const std::atomic<bool>& stop, Line&& line) {
    std::string rest;
    bool told = false;
    for (;;) {
      if (stop.load() && !told) {
        told = true;
        ::kill(id_, SIGTERM);
      }
      pollfd wanted{out_, POLLIN, 0};
      const int ready = ::poll(&wanted, 1, kLookEveryMs);
      if (ready < 0 && errno != EINTR) return errno_status("cannot read crossfade-neural", errno);
      if (ready <= 0) continue;
      char bytes[65536];
      const ssize_t count = ::read(out_, bytes, sizeof bytes);
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) return ok_status();
      rest.append(bytes, static_cast<std::size_t>(count));
      for (std::size_t end = rest.find('\n'); end != std::string::npos; end = rest.find('\n')) {
        CROSSFADE_RETURN_IF_ERROR(line(rest.substr(0, end)));
        rest.erase(0, end + 1);
      }
    }
  }

  int wait() {
    int status = 0;
    while (::waitpid(id_, &status, 0) < 0 && errno == EINTR) {
    }
    id_ = -1;
    return status;
  }

 private:
  pid_t id_ = -1;
  int out_ = -1;
};

Status broke_off(int status) {
  if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL)
    return exhausted(
        "crossfade-neural was killed by the system, most likely because memory ran out; take "
        "fewer dimensions, a smaller batch or fewer threads (a checkpoint, if there is one, is "
        "gone on with)");
  if (WIFSIGNALED(status))
    return failed("crossfade-neural was ended by signal " + std::to_string(WTERMSIG(status)));
  return failed("crossfade-neural ended with exit code " + std::to_string(WEXITSTATUS(status)) +
                " and did not say why");
}

}  // namespace

std::string find_neural_program() {
  if (const char* named = std::getenv("CROSSFADE_NEURAL_PROGRAM"); named && *named) return named;
  std::error_code error;
  const auto folder = std::filesystem::read_symlink("/proc/self/exe", error).parent_path();
  const std::string beside = (folder / "crossfade-neural").string();
  const std::string in_build = (folder.parent_path() / "neural" / "crossfade-neural").string();
  return !path_exists(beside) && path_exists(in_build) ? in_build : beside;
}

Status run_neural_program(const std::string& program, const NeuralJob& job,
                          const std::string& job_file, Context& context) {
  CROSSFADE_RETURN_IF_ERROR(write_file(job_file, to_pretty_text(job.to_json()), Sync::kNo));
  Child child;
  CROSSFADE_RETURN_IF_ERROR(child.start(program, job_file));
  MessageReader reader(context.progress);
  CROSSFADE_RETURN_IF_ERROR(
      child.read(context.stop, [&](const std::string& line) { return reader.read_line(line); }));
  const int status = child.wait();
  if (!reader.ended()) return context.stop.load() ? interrupted() : broke_off(status);
  return *reader.ended();
}

}  // namespace crossfade
