// The program crossfade-neural: a job file in, messages out (models/neural_program), weights as an
// artifact. crossfade starts it; its exit codes are crossfade's. SIGTERM and SIGINT stop it after
// the step it is at, with a checkpoint if the job names a folder for them; so does it when whoever
// started it or reads its messages has gone.
#include <malloc.h>
#include <sys/prctl.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>
#include <thread>

#include "crossfade/base/file.h"
#include "crossfade/kernels/isa.h"
#include "crossfade/models/neural_program/neural_messages.h"
#include "crossfade/neural/neural_program.h"

namespace {

// The only globals: a signal handler can reach nothing else.
std::atomic<bool> g_stop{false}, g_told{false};

void on_signal(int) {
  g_stop.store(true);
  if (g_told.exchange(true)) _exit(130);  // a second one does not wait
}

// Whoever started us has gone, or reads no more: both say so when he is killed, and each further
// message says it again. There is time for a checkpoint.
void on_left_alone(int) {
  g_stop.store(true);
}

// Tensors of some megabytes come and go with every step: kept for the next instead of returned to
// the system. MKL gives the same sums wherever its arguments lie.
void prepare_process() {
  mallopt(M_MMAP_THRESHOLD, 256 << 20);
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
  mallopt(M_TOP_PAD, 64 << 20);
  ::setenv("MKL_CBWR", "AUTO,STRICT", 0);
  ::prctl(PR_SET_PDEATHSIG, SIGHUP);
  std::signal(SIGINT, on_signal);
  std::signal(SIGTERM, on_signal);
  std::signal(SIGHUP, on_left_alone);
  std::signal(SIGPIPE, on_left_alone);
}

crossfade::Status run(const std::string& job_file, crossfade::Progress& progress) {
  using namespace crossfade;
  CROSSFADE_RETURN_IF_ERROR(kernels::choose_isa(std::getenv("CROSSFADE_ISA")));
  CROSSFADE_ASSIGN_OR_RETURN(const std::string text, read_file(job_file));
  const auto json = parse_json(text);
  if (!json.ok()) return json.status().at(job_file);
  const auto job = NeuralJob::from_json(*json);
  if (!job.ok()) return job.status().at(job_file);
  const auto cores = static_cast<std::int64_t>(std::max(1u, std::thread::hardware_concurrency()));
  ThreadPool threads(static_cast<int>(job->threads > 0 ? job->threads : cores));
  Context context{threads, progress, g_stop, job->memory_bytes};
  return run_job(*job, SystemClock(), context);
}

}  // namespace

int main(int argc, char** argv) {
  using namespace crossfade;
  if (argc == 2 && std::strcmp(argv[1], "--version") == 0) {
    std::puts(CROSSFADE_VERSION);
    return 0;
  }
  if (argc != 2 || argv[1][0] == '-') {
    std::fputs(
        "usage: crossfade-neural JOB.json\n(`crossfade train sasrec` writes one and runs it)\n",
        argc == 2 && std::strcmp(argv[1], "--help") == 0 ? stdout : stderr);
    return argc == 2 && std::strcmp(argv[1], "--help") == 0 ? 0 : 2;
  }
  prepare_process();
  MessageProgress progress(stdout);
  progress.tell_started();
  Status status;
  try {
    status = run(argv[1], progress);
  } catch (const std::bad_alloc&) {
    status = exhausted("out of memory; take fewer dimensions, a smaller batch or fewer threads");
  }
  progress.tell_end(status);
  return status.exit_code();
}
