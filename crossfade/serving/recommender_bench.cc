// How long an answer takes at 100,000 items and 128 factors, one thread:
//   cmake --preset bench && ninja -C build/bench crossfade_serving_bench &&
//   build/bench/crossfade/serving/crossfade_serving_bench
#include <benchmark/benchmark.h>

#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "crossfade/base/rng.h"
#include "crossfade/models/als/als_model.h"
#include "crossfade/serving/recommender.h"

namespace crossfade {
namespace {

constexpr std::int64_t kUsers = 1000, kItems = 100'000, kFactors = 128, kStored = 100;

Array<float> normals(std::int64_t count, std::uint64_t seed) {
  Rng rng(seed);
  std::vector<float> values(static_cast<std::size_t>(count));
  for (float& value : values) value = static_cast<float>(rng.normal());
  return values;
}

// Item factors with lengths that fall as popularity does and strengths that fall by axis, as ALS
// leaves them; its fold-in costs the same for any numbers.
FactorMatrix item_factors() {
  const Array<float> noise = normals(kItems * kFactors, 1);
  std::vector<float> values(noise.begin(), noise.end());
  for (std::int64_t item = 0; item < kItems; ++item)
    for (std::int64_t f = 0; f < kFactors; ++f)
      values[static_cast<std::size_t>(item * kFactors + f)] *=
          std::pow(1.0F + static_cast<float>(item), -0.25F) /
          std::sqrt(1.0F + static_cast<float>(f));
  return {std::move(values), kItems, kFactors};
}

std::shared_ptr<const Model> make_model(const Dataset& dataset) {
  AlsColumns columns;
  columns.users = {normals(kUsers * kFactors, 2), kUsers, kFactors};
  columns.items = item_factors();
  std::vector<float> strengths(kFactors), axes(kFactors * kFactors);
  for (std::int64_t item = 0; item < kItems; ++item)
    for (std::size_t f = 0; f < kFactors; ++f) {
      const float x = columns.items.row(item)[f];
      strengths[f] += x * x;
    }
  for (std::size_t f = 0; f < kFactors; ++f) axes[f * kFactors + f] = 1;
  columns.item_strengths = strengths;
  columns.user_strengths = std::move(strengths);
  columns.user_axes = std::move(axes);
  AlsConfig config;
  config.factors = kFactors;
  auto model = std::move(*AlsModel::make(config, "music", columns));
  model->set_trained_over(TrainedOver::of(dataset, 0));
  return std::shared_ptr<const Model>(std::move(model));
}

Dataset make_dataset() {
  std::vector<std::int64_t> users, items, offsets{0};
  Domain domain;
  domain.name = "music";
  std::vector<ItemIndex> rows;
  Rng rng(3);
  for (std::int64_t user = 0; user < kUsers; ++user) {
    users.push_back(user);
    for (std::int64_t i = 0; i < kStored; ++i)
      rows.push_back(static_cast<ItemIndex>(kItems * std::pow(rng.uniform(), 3)));
    offsets.push_back(static_cast<std::int64_t>(rows.size()));
  }
  for (std::int64_t item = 0; item < kItems; ++item) items.push_back(item);
  domain.items = Vocabulary(Array<std::int64_t>(std::move(items)));
  domain.offsets = std::move(offsets);
  domain.weight = std::vector<float>(rows.size(), 1.0F);
  domain.item = std::move(rows);
  return {Vocabulary(Array<std::int64_t>(std::move(users))), {std::move(domain)}};
}

// Users up to kUsers / 2 have ten live events each.
Recommender& world() {
  static Recommender recommender = [] {
    BundleInput input;
    input.dataset = make_dataset();
    input.models = {{make_model(input.dataset), Json::object()}};
    Recommender made(*Bundle::assemble(std::move(input)), EventLog::without_file());
    Rng rng(4);
    for (std::int64_t user = 0; user < kUsers / 2; ++user)
      for (int i = 0; i < 10; ++i)
        (void)made.observe({ExternalId(user),
                            ExternalId(static_cast<std::int64_t>(rng.below(kItems))), "", 0, 1, 0});
    return made;
  }();
  return recommender;
}

Request request_of(std::int64_t user, std::int64_t k) {
  Request request;
  request.user = ExternalId(user);
  request.k = k;
  return request;
}

void answer(benchmark::State& state, std::int64_t first_user, std::int64_t k) {
  const Recommender& recommender = world();
  std::int64_t at = 0;
  for (auto _ : state)
    benchmark::DoNotOptimize(
        recommender.recommend(request_of(first_user + at++ % (kUsers / 2), k)));
}

void FoldInStoredAndLive(benchmark::State& state) {
  answer(state, 0, state.range(0));
}
void FoldInStored(benchmark::State& state) {
  answer(state, kUsers / 2, state.range(0));
}
void PopularForUnknownUser(benchmark::State& state) {
  answer(state, kUsers * 2, state.range(0));
}
void NextForLiveUser(benchmark::State& state) {
  const Recommender& recommender = world();
  std::int64_t at = 0;
  for (auto _ : state)
    benchmark::DoNotOptimize(recommender.next(request_of(at++ % (kUsers / 2), 1)));
}
void Similar(benchmark::State& state) {
  const Recommender& recommender = world();
  std::int64_t at = 0;
  for (auto _ : state)
    benchmark::DoNotOptimize(recommender.similar(ExternalId(at++ % kItems), "", 10));
}
void Observe(benchmark::State& state) {
  Recommender& recommender = world();
  std::int64_t at = 0;
  for (auto _ : state) {
    const std::int64_t user = kUsers * 3 + at % 1000;
    benchmark::DoNotOptimize(
        recommender.observe({ExternalId(user), ExternalId(at++ % kItems), "", at, 1, 0}));
  }
}

BENCHMARK(FoldInStoredAndLive)->Arg(10)->Arg(100)->Unit(benchmark::kMicrosecond);
BENCHMARK(FoldInStored)->Arg(10)->Arg(100)->Unit(benchmark::kMicrosecond);
BENCHMARK(PopularForUnknownUser)->Arg(10)->Arg(100)->Unit(benchmark::kMicrosecond);
BENCHMARK(NextForLiveUser)->Unit(benchmark::kMicrosecond);
BENCHMARK(Similar)->Unit(benchmark::kMicrosecond);
BENCHMARK(Observe)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace crossfade
