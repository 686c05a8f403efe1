// Do the statistics of experiments keep their promises? Thousands of simulated experiments per row:
// false alarms and coverage at a fixed horizon, continuous looking, off-policy estimates.
//   usage: experiments_driver [SCALE [SEED]]    SCALE multiplies the trials; 1 takes minutes
#include <cstdio>
#include <cstdlib>
#include <thread>

#include "crossfade/experiments/trials.h"

namespace crossfade {
namespace {

constexpr Population kPopulations[] = {Population::kNormal, Population::kListening,
                                       Population::kHeavy};

void fixed(double scale, std::uint64_t seed, ThreadPool& threads) {
  std::printf("\nfixed horizon, 1,000 users per arm, level 5%%\n");
  std::printf("%-10s %-22s %7s %7s %10s %9s %6s %13s %13s %9s\n", "users", "metric", "effect",
              "alarms", "published", "relative", "delta", "cuped alarms", "cuped covers",
              "variance");
  for (const Population population : kPopulations)
    for (const double effect : {0.0, 5.0, 60.0}) {
      const TrialOptions options{.population = population,
                                 .trials = static_cast<std::int64_t>(10'000 * scale),
                                 .effect_percent = effect,
                                 .seed = seed};
      for (const FixedOutcome& outcome : run_fixed_trials(options, threads))
        std::printf("%-10s %-22s %6.0f%% %6.2f%% %9.2f%% %8.2f%% %5.2f%% %12.2f%% %12.2f%% %8.2f\n",
                    population_name(population).c_str(), outcome.metric.c_str(), effect,
                    100 * outcome.alarms, 100 * outcome.published_covers,
                    100 * outcome.relative_covers, 100 * outcome.delta_covers,
                    100 * outcome.cuped_alarms, 100 * outcome.cuped_covers, outcome.variance_left);
    }
}

// Sums grow as users return, which the theory of looks does not foresee: no effect, few users.
void sequential_sums(double scale, std::uint64_t seed, ThreadPool& threads) {
  std::printf("\na look after every session, false alarms at level 5%%\n");
  std::printf("%-10s %13s %8s %8s\n", "users", "users per arm", "mean", "sum");
  for (const Population population : kPopulations)
    for (const std::int64_t users : {150, 300, 1000}) {
      TrialOptions options{.population = population,
                           .trials = static_cast<std::int64_t>(3'000 * scale),
                           .users_per_arm = users,
                           .seed = seed};
      const double mean = run_sequential_trials(options, threads).alarms;
      options.is_sum = true;
      const double sum = run_sequential_trials(options, threads).alarms;
      std::printf("%-10s %13lld %7.2f%% %7.2f%%\n", population_name(population).c_str(),
                  static_cast<long long>(users), 100 * mean, 100 * sum);
    }
}

void sequential(double scale, std::uint64_t seed, ThreadPool& threads) {
  std::printf("\na look after every session, 1,000 users per arm, level 5%%\n");
  std::printf("%-10s %7s %7s %10s %13s %12s %14s\n", "users", "effect", "stopped", "mean stop",
              "always covers", "fixed alarms", "fixed, peeking");
  for (const Population population : kPopulations)
    for (const double effect : {0.0, 5.0, 10.0, 20.0}) {
      const TrialOptions options{.population = population,
                                 .trials = static_cast<std::int64_t>(10'000 * scale),
                                 .effect_percent = effect,
                                 .seed = seed};
      const SequentialOutcome outcome = run_sequential_trials(options, threads);
      std::printf("%-10s %6.0f%% %6.2f%% %9.1f%% %12.2f%% %11.2f%% %13.2f%%\n",
                  population_name(population).c_str(), effect, 100 * outcome.alarms,
                  100 * outcome.mean_stop, 100 * outcome.final_covers, 100 * outcome.fixed_alarms,
                  100 * outcome.peeking_alarms);
    }
}

void off_policy(double scale, std::uint64_t seed, ThreadPool& threads) {
  std::printf("\noff-policy, 1,000 users of 5 answers each, 95%% intervals\n");
  std::printf("%-8s %9s %9s %-6s %8s %9s %9s\n", "rewards", "sharpness", "effective", "name",
              "covers", "bias", "deviation");
  for (const bool is_heavy : {false, true})
    for (const double sharpness : {0.5, 1.0, 2.0, 3.0}) {
      const BanditOptions options{.trials = static_cast<std::int64_t>(2'000 * scale),
                                  .sharpness = sharpness,
                                  .is_heavy = is_heavy,
                                  .seed = seed};
      for (const BanditOutcome& outcome : run_bandit_trials(options, threads))
        std::printf("%-8s %9.1f %9.0f %-6s %7.2f%% %9.4f %9.4f\n", is_heavy ? "heavy" : "shares",
                    sharpness, outcome.mean_effective_size, outcome.estimator.c_str(),
                    100 * outcome.covers, outcome.bias, outcome.deviation);
    }
}

}  // namespace
}  // namespace crossfade

int main(int argc, char** argv) {
  std::setvbuf(stdout, nullptr, _IOLBF, 0);  // rows as they come, also into a file
  const double scale = argc > 1 ? std::atof(argv[1]) : 1;
  const std::uint64_t seed = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1;
  crossfade::ThreadPool threads(
      static_cast<int>(std::max(1U, std::thread::hardware_concurrency())));
  crossfade::fixed(scale, seed, threads);
  crossfade::sequential(scale, seed, threads);
  crossfade::sequential_sums(scale, seed, threads);
  crossfade::off_policy(scale, seed, threads);
  return 0;
}
