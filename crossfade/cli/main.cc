// The program crossfade: parses the line, sets up threads, progress and Ctrl-C, runs one command,
// and turns its Status into a sentence on stderr and an exit code.
#include <fcntl.h>
#include <malloc.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>
#include <thread>

#include "crossfade/base/utf8.h"
#include "crossfade/cli/command.h"
#include "crossfade/cli/named_progress.h"
#include "crossfade/cli/remote_paths.h"
#include "crossfade/io/remote_server.h"
#include "crossfade/kernels/isa.h"

namespace {

std::atomic<bool> g_stop{false};  // the only global: a signal handler can reach nothing else

void on_signal(int) {
  if (g_stop.exchange(true)) _exit(130);  // a second Ctrl-C does not wait
}

int report(const crossfade::Status& status) {
  if (!status.ok())
    std::fprintf(stderr, "crossfade: %s\n", crossfade::printable(status.message()).c_str());
  return status.exit_code();
}

// A caller may close the standard streams. The first files we open would then take their numbers,
// and what is printed would end up in a store: so each gets /dev/null, opened the wrong way round,
// and reading or writing fails as it should.
void hold_standard_streams() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    if (::fcntl(stream, F_GETFD) < 0 && errno == EBADF)
      (void)::open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

// Results are printed through a buffer: whether a full disk has lost them shows when it is closed.
// A command that failed keeps its own code.
int finish_output(int exit_code) {
  const bool lost_before = std::ferror(stdout) != 0;
  pollfd out{STDOUT_FILENO, POLLOUT, 0};
  const bool reader_is_gone = ::poll(&out, 1, 0) == 1 && (out.revents & POLLERR) != 0;
  errno = 0;
  if (std::fclose(stdout) == 0 && !lost_before) return exit_code;
  if (reader_is_gone) return exit_code;  // and has seen enough: head, less
  const std::string why = errno == 0 ? "" : std::string(": ") + std::strerror(errno);
  const int lost = report(crossfade::exhausted(
      "the result could not be written to standard output" + why +
      "; free some space or mend where it goes, and ask again (files that were named are whole)"));
  return exit_code == 0 ? lost : exit_code;
}

// Runs a command whose arguments may be addresses on S3; gives what sentences say instead of paths.
crossfade::Status run_with_addresses(crossfade::Command& command, crossfade::Session session,
                                     crossfade::PathNames& addresses) {
  using namespace crossfade;
  CROSSFADE_ASSIGN_OR_RETURN(addresses, fetch_remote_inputs(command, session.context));
  CROSSFADE_ASSIGN_OR_RETURN(RemoteOutputs outputs,
                             RemoteOutputs::open(command, session.json, session.context));
  const PathNames of_outputs = outputs.names();
  addresses.insert(addresses.end(), of_outputs.begin(), of_outputs.end());
  session.names = &addresses;
  return outputs.run(command, session);
}

int run(crossfade::ParsedLine& line) {
  using namespace crossfade;
  if (const Status status = kernels::choose_isa(std::getenv("CROSSFADE_ISA")); !status.ok())
    return report(status);
  const unsigned cores = std::max(1u, std::thread::hardware_concurrency());
  ThreadPool threads(line.threads > 0 ? static_cast<int>(line.threads) : static_cast<int>(cores));
  const SystemClock clock;
  ConsoleProgress console(stderr, isatty(STDERR_FILENO) != 0, clock);
  SilentProgress silent;
  Progress& progress = line.quiet ? static_cast<Progress&>(silent) : console;
  PathNames addresses;
  NamedProgress named(progress, addresses);
  Context context{threads, named, g_stop};
  const Status status = run_with_addresses(*line.command, Session{context, line.json}, addresses);
  const int exit_code = report(Status(status.kind(), with_names(status.message(), addresses)));
  close_remote();
  return exit_code;
}

// Columns of some megabytes come and go for each block of a log. Kept for the next block instead of
// returned to the system, their pages are not cleared again: a twentieth of an import's time.
void keep_freed_memory() {
  mallopt(M_MMAP_THRESHOLD, 32 << 20);
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
  mallopt(M_TOP_PAD, 64 << 20);
}

}  // namespace

int main(int argc, char** argv) {
  hold_standard_streams();
  keep_freed_memory();
  std::signal(SIGINT, on_signal);
  std::signal(SIGTERM, on_signal);
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);  // a limit on files is a full disk: a sentence, not a death
  const auto commands = crossfade::all_commands();
  crossfade::ParsedLine line = crossfade::parse_command_line(argc, argv, commands);
  if (!line.command) {
    std::fputs(line.text.c_str(), line.exit_code == 0 ? stdout : stderr);
    return finish_output(line.exit_code);
  }
  try {
    return finish_output(run(line));
  } catch (const std::bad_alloc&) {
    return report(crossfade::exhausted("out of memory; try fewer threads or a smaller job"));
  }
}
