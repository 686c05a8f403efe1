// service_test_bundle CATALOG OUT: the bundle that the black-box tests of the service serve.
//
// Users 0 to 39 play the tracks 0 to 11 of the catalogue: even users the first six, odd users the
// last six, each but a few, so that a model of them answers what of the own half is missing.
#include <atomic>
#include <cstdio>

#include "crossfade/base/rng.h"
#include "crossfade/bundle/bundle.h"
#include "crossfade/models/trainer.h"

namespace crossfade {
namespace {

LogColumns plays() {
  std::vector<std::int64_t> users, items;
  LogColumns log;
  Rng rng(11);
  for (std::int64_t user = 0; user < 40; ++user) {
    for (std::int64_t track = 0; track < 6; ++track) {
      if (rng.uniform() < 0.35) continue;
      users.push_back(user);
      items.push_back(track + user % 2 * 6);
      log.time_ns.push_back(1'700'000'000'000'000'000 + user * 1000 + track);
      log.weights.push_back(1);
    }
  }
  log.users = std::move(users);
  log.items = std::move(items);
  return log;
}

Status make_bundle(const std::string& catalog, const std::string& out) {
  ThreadPool threads(1);
  SilentProgress progress;
  const std::atomic<bool> stop{false};
  Context context{threads, progress, stop};
  BundleInput input;
  CROSSFADE_ASSIGN_OR_RETURN(input.dataset, build_dataset(Dataset(), "music", plays(), context));
  CROSSFADE_ASSIGN_OR_RETURN(const TrainerEntry als, find_trainer("als"));
  const TrainInput train{input.dataset, 0, {"factors=4"}, 1};
  CROSSFADE_ASSIGN_OR_RETURN(std::unique_ptr<Model> model, als.train(train, context));
  input.models.push_back({std::move(model)});
  input.catalog_path = catalog;
  return create_bundle(std::move(input), out, context);
}

}  // namespace
}  // namespace crossfade

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fputs("usage: service_test_bundle CATALOG OUT\n", stderr);
    return 2;
  }
  const crossfade::Status status = crossfade::make_bundle(argv[1], argv[2]);
  if (!status.ok()) std::fprintf(stderr, "service_test_bundle: %s\n", status.message().c_str());
  return status.exit_code();
}
