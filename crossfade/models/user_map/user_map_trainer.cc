// Factors domain by domain, then the map from the users of both; see user_map_trainer.h.
#include "crossfade/models/user_map/user_map_trainer.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "crossfade/base/text.h"
#include "crossfade/models/als/als_trainer.h"
#include "crossfade/models/dense.h"
#include "crossfade/models/user_map/user_map_model.h"

namespace crossfade {
namespace {

constexpr std::int64_t kUsersPerBlock = 1024;

std::size_t at(std::int64_t index) {
  return static_cast<std::size_t>(index);
}

// Users who are known in the target and in a helping domain: row by row what describes them there
// and their factors in the target, first as they are, then centred.
struct SharedUsers {
  std::int64_t count = 0;
  std::size_t described_size = 0, factors = 0;
  std::vector<float> described, targets;
};

// The map's sources must be there, its means zeros.
SharedUsers describe_shared(const Dataset& dataset, const JointDomains& domains, const UserMap& map,
                            const AlsModel& target, Context& context) {
  SharedUsers shared{0, map.means.size(), at(target.config().factors), {}, {}};
  const Domain& own = dataset.domains()[domains.target];
  std::vector<UserIndex> users;
  for (UserIndex user = 0; user < dataset.num_users(); ++user)
    if (!own.history(user).empty() &&
        std::any_of(domains.helping.begin(), domains.helping.end(), [&](const auto& helping) {
          return !dataset.domains()[helping.place].history(user).empty();
        }))
      users.push_back(user);
  shared.count = std::ssize(users);
  shared.described.resize(users.size() * shared.described_size);
  shared.targets.resize(users.size() * shared.factors);
  context.progress.begin("user_map: users of both", shared.count, "users");
  context.threads.parallel_for(
      shared.count, kUsersPerBlock / 16, [&](std::int64_t begin, std::int64_t end, int) {
        if (context.stop.load()) return;
        for (auto n = at(begin); n < at(end); ++n) {
          const DatasetUser user(dataset, users[n]);
          const std::vector<float> z = map.describe(domains, user.view());
          std::copy(z.begin(), z.end(),
                    shared.described.begin() + std::ptrdiff_t(n * shared.described_size));
          const std::vector<float> x = target.fold_in_user(own.history(users[n]));
          std::copy(x.begin(), x.end(),
                    shared.targets.begin() + std::ptrdiff_t(n * shared.factors));
        }
        context.progress.advance(end - begin);
      });
  context.progress.end();
  return shared;
}

// The means of the columns over the rows that are not all zero in [first, first + width), which is
// subtracted from these rows.
std::vector<float> centre(std::vector<float>& rows, std::size_t size, std::size_t first,
                          std::size_t width) {
  const auto row = [&](std::size_t n) { return std::span(rows).subspan(n * size + first, width); };
  const auto counts = [&](std::size_t n) {
    return std::any_of(row(n).begin(), row(n).end(), [](float x) { return x != 0; });
  };
  std::vector<double> sums(width);
  double known = 0;
  for (std::size_t n = 0; n < rows.size() / size; ++n) {
    if (!counts(n)) continue;
    ++known;
    for (std::size_t k = 0; k < width; ++k) sums[k] += row(n)[k];
  }
  std::vector<float> means;
  for (const double sum : sums) means.push_back(known > 0 ? static_cast<float>(sum / known) : 0);
  for (std::size_t n = 0; n < rows.size() / size; ++n)
    if (counts(n))
      for (std::size_t k = 0; k < width; ++k) row(n)[k] -= means[k];
  return means;
}

// Columns [0, size) of the rows [begin, end), one behind another.
std::vector<float> columns_of(const std::vector<float>& rows, std::size_t size, std::int64_t begin,
                              std::int64_t end) {
  const std::size_t count = at(end - begin);
  std::vector<float> columns(count * size);
  for (std::size_t n = 0; n < count; ++n)
    for (std::size_t k = 0; k < size; ++k)
      columns[k * count + n] = rows[(at(begin) + n) * size + k];
  return columns;
}

// (Z^T Z + l2 I) W^T = Z^T X, sums of blocks in single and over blocks in double precision.
Result<std::vector<float>> regress(const SharedUsers& shared, double l2, Context& context) {
  const std::size_t size = shared.described_size;
  const std::size_t products = size * size + shared.factors * size;
  const auto of_block = [&](std::int64_t begin, std::int64_t end) {
    std::vector<float> block(products);
    const auto z = columns_of(shared.described, size, begin, end);
    const auto x = columns_of(shared.targets, shared.factors, begin, end);
    multiply_rows(z, z, at(end - begin), std::span(block).first(size * size));
    multiply_rows(x, z, at(end - begin), std::span(block).subspan(size * size));
    return block;
  };
  std::vector<double> sums(products);
  const auto add = [](std::vector<double>& total, const std::vector<float>& block) {
    for (std::size_t n = 0; n < total.size(); ++n) total[n] += block[n];
  };
  // A few blocks at a time: each holds all products.
  for (std::int64_t begin = 0; begin < shared.count; begin += 16 * kUsersPerBlock) {
    CROSSFADE_RETURN_IF_ERROR(context.check_stop());
    const std::int64_t some = std::min(16 * kUsersPerBlock, shared.count - begin);
    std::vector<std::vector<float>> blocks(at((some + kUsersPerBlock - 1) / kUsersPerBlock));
    context.threads.parallel_for(
        some, kUsersPerBlock, [&](std::int64_t first, std::int64_t last, int) {
          blocks[at(first / kUsersPerBlock)] = of_block(begin + first, begin + last);
        });
    for (const std::vector<float>& block : blocks) add(sums, block);
  }
  std::vector<float> gram(sums.begin(), sums.begin() + std::ptrdiff_t(size * size));
  std::vector<float> weights(sums.begin() + std::ptrdiff_t(size * size), sums.end());
  for (std::size_t k = 0; k < size; ++k) gram[k * size + k] += static_cast<float>(l2);
  if (!solve_positive_definite(gram, weights))
    return failed("user_map: the matrix of the map is not positive definite in single precision; " +
                  ("set l2 above " + format_shortest(l2)));
  return weights;
}

Result<MapSource> learn_source(const UserMapConfig& config, const TrainInput& input,
                               const HelpingDomain& helping, Context& context) {
  const SparseMatrix weights =
      to_matrix(input.dataset.domains()[helping.place], input.dataset.num_users(), context);
  CROSSFADE_ASSIGN_OR_RETURN(AlsFactors factors,
                             train_als(config.source(), weights, input.seed, context));
  return MapSource{{std::move(factors.items), weights.columns, config.source_factors},
                   std::move(factors.strengths)};
}

// Sources, then the ridge regression.
Result<UserMap> learn_map(const UserMapConfig& config, const TrainInput& input,
                          const JointDomains& domains, const AlsModel& target, Context& context) {
  UserMap map;
  map.config = config.source();
  for (const HelpingDomain& helping : domains.helping) {
    CROSSFADE_ASSIGN_OR_RETURN(MapSource source, learn_source(config, input, helping, context));
    map.sources.push_back(std::move(source));
  }
  const auto dims = at(config.source_factors);
  std::vector<float> means(dims * map.sources.size());
  map.means = means;
  SharedUsers shared = describe_shared(input.dataset, domains, map, target, context);
  CROSSFADE_RETURN_IF_ERROR(context.check_stop());
  for (std::size_t d = 0; d < map.sources.size(); ++d) {
    const std::vector<float> of_source =
        centre(shared.described, shared.described_size, d * dims, dims);
    std::copy(of_source.begin(), of_source.end(), means.begin() + std::ptrdiff_t(d * dims));
  }
  map.means = std::move(means);
  map.target_mean = centre(shared.targets, shared.factors, 0, shared.factors);
  CROSSFADE_ASSIGN_OR_RETURN(std::vector<float> weights, regress(shared, config.l2, context));
  map.weights = std::move(weights);
  return map;
}

Result<std::unique_ptr<Model>> train(const TrainInput& input, Context& context) {
  UserMapConfig config;
  CROSSFADE_RETURN_IF_ERROR(apply_settings(config, "user_map", input.settings));
  CROSSFADE_ASSIGN_OR_RETURN(JointDomains domains, joint_domains_of(input));
  CROSSFADE_RETURN_IF_ERROR(check_shared(input.dataset, domains, context));
  auto model = learn_als(config.target(), input.dataset.domains()[input.domain_index],
                         input.dataset.num_users(), input.seed, context);
  if (!model.ok()) return model.status().at("user_map");
  std::unique_ptr<AlsModel> target(static_cast<AlsModel*>(model->release()));
  UserMap map;
  map.config = config.source();
  map.target_mean = std::vector<float>(at(config.factors));
  if (!domains.helping.empty()) {
    CROSSFADE_ASSIGN_OR_RETURN(map, learn_map(config, input, domains, *target, context));
  }
  return UserMapModel::make(config, std::move(target), std::move(domains), std::move(map));
}

}  // namespace

TrainerEntry user_map_trainer() {
  return {
      "ALS whose users may come from other domains (--with), by a map learned from users of both",
      list_knobs<UserMapConfig>(), &train, true, OtherDomains::kApart};
}

}  // namespace crossfade
