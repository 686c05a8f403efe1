// The candidates' users are gathered user by user, so that products are summed only where two
// candidates meet in one user; see local_regression.h.
#include "crossfade/models/neighbours/local_regression.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <utility>
#include <vector>

#include "crossfade/base/at.h"
#include "crossfade/models/memory_needed.h"
#include "crossfade/models/neighbours/item_products.h"

namespace crossfade {
namespace {

constexpr std::int64_t kItemsPerTask = 8;

// One thread's problem at a time.
class Gatherer {
 public:
  Gatherer(const SparseMatrix& items, std::int64_t num_users)
      : items_(items), count_(at(num_users)), next_(at(num_users)) {}

  LocalProblem gather(ItemIndex item, std::span<const ItemIndex> candidates) {
    meet(item, candidates);
    const std::size_t n = candidates.size();
    gram_.assign(n * n, 0);
    products_.assign(n, 0);
    for (const std::int32_t user : met_) {
      // Places of the candidates rise; the item itself comes last.
      const Entry* const begin = entries_.data() + next_[at(user)] - count_[at(user)];
      const Entry* const end = entries_.data() + next_[at(user)];
      const bool both = (end - 1)->place == static_cast<std::int32_t>(n);
      const Entry* const last = both ? end - 1 : end;
      for (const Entry* a = begin; a != last; ++a) {
        float* const row = gram_.data() + at(a->place) * n;
        for (const Entry* b = begin; b <= a; ++b) row[b->place] += a->value * b->value;
      }
      if (both)
        for (const Entry* a = begin; a != last; ++a)
          products_[at(a->place)] += a->value * last->value;
      count_[at(user)] = 0;
    }
    return {gram_, products_};
  }

 private:
  struct Entry {
    std::int32_t place;
    float value;
  };

  std::pair<std::size_t, std::size_t> part(ItemIndex item) const {
    return {at(items_.offsets[at(item)]), at(items_.offsets[at(item) + 1])};
  }

  // Lays out the entries of the candidates and the item user by user.
  void meet(ItemIndex item, std::span<const ItemIndex> candidates) {
    met_.clear();
    const auto count = [&](ItemIndex one) {
      for (auto [n, end] = part(one); n < end; ++n)
        if (count_[at(items_.indices[n])]++ == 0) met_.push_back(items_.indices[n]);
    };
    for (const ItemIndex one : candidates) count(one);
    count(item);
    std::int64_t total = 0;
    for (const std::int32_t user : met_) {
      next_[at(user)] = total;
      total += count_[at(user)];
    }
    if (entries_.size() < at(total)) entries_.resize(at(total));
    const auto place = [&](ItemIndex one, std::size_t where) {
      for (auto [n, end] = part(one); n < end; ++n)
        entries_[at(next_[at(items_.indices[n])]++)] = {static_cast<std::int32_t>(where),
                                                        items_.values[n]};
    };
    for (std::size_t c = 0; c < candidates.size(); ++c) place(candidates[c], c);
    place(item, candidates.size());
  }

  const SparseMatrix& items_;
  std::vector<std::int32_t> count_;  // by user: its entries; all zero between problems
  std::vector<std::int64_t> next_;   // by user: where its entries end
  std::vector<std::int32_t> met_;    // users with entries
  std::vector<Entry> entries_;
  std::vector<float> gram_, products_;
};

}  // namespace

Result<ItemNeighbours> find_candidates(const SparseMatrix& users, std::int64_t count, double l2,
                                       const std::string& what, Context& context) {
  std::vector<double> squares(at(users.columns), l2);
  for (std::size_t n = 0; n < users.indices.size(); ++n)
    squares[at(users.indices[n])] += double{users.values[n]} * users.values[n];
  std::vector<float> share;
  for (const double square : squares) share.push_back(static_cast<float>(1 / std::sqrt(square)));
  const auto correlation = [&](ItemIndex item, std::span<const ItemIndex> others,
                               std::span<float> scores) {
    for (std::size_t n = 0; n < others.size(); ++n)
      scores[n] *= share[at(item)] * share[at(others[n])];
  };
  return multiply_items({users, count, correlation, nullptr, what + ": candidates"}, context);
}

Status check_local_regression(const std::string& generator, const SparseMatrix& users,
                              std::int64_t candidates, Context& context) {
  const std::int64_t num_threads = context.threads.num_threads();
  const auto kept = static_cast<double>(most_neighbours(users, candidates));
  // A problem: its matrix, and where its candidates meet, at most all pairs.
  const double problem =
      static_cast<double>(candidates) * static_cast<double>(candidates) * sizeof(float) +
      12 * static_cast<double>(users.rows) + 8 * static_cast<double>(users.nonzeros());
  const double solving = 8 * static_cast<double>(users.nonzeros()) + 3 * kept * sizeof(ScoredItem) +
                         static_cast<double>(num_threads) * problem;
  return check_memory_needed(over_items(generator, users.columns),
                             std::max(products_bytes(users, candidates, num_threads), solving),
                             "take fewer candidates, or leave out items that few users met",
                             context);
}

Result<ItemNeighbours> solve_locally(const SparseMatrix& users, const ItemNeighbours& candidates,
                                     const SolveLocal& solve, const LocalTask& task,
                                     Context& context) {
  const SparseMatrix items = transpose(users, context);
  std::vector<Gatherer> gatherers(at(context.threads.num_threads()), Gatherer(items, users.rows));
  std::vector<std::vector<ScoredItem>> columns(at(items.rows));
  std::atomic<bool> solved{true};
  context.progress.begin(task.what + ": weights", items.rows, "items");
  context.threads.parallel_for(
      items.rows, kItemsPerTask, [&](std::int64_t begin, std::int64_t end, int worker) {
        if (context.stop.load() || !solved.load()) return;
        for (std::int64_t item = begin; item < std::min(end, task.targets.count); ++item) {
          const auto from = candidates.items_of(static_cast<ItemIndex>(item));
          const LocalProblem problem =
              gatherers[at(worker)].gather(static_cast<ItemIndex>(item), from);
          if (!solve(problem)) solved = false;
          std::vector<ScoredItem>& column = columns[at(item)];
          for (std::size_t n = 0; n < from.size(); ++n)
            if (problem.weights[n] != 0) column.push_back({from[n], problem.weights[n]});
          column.shrink_to_fit();
        }
        context.progress.advance(end - begin);
      });
  context.progress.end();
  CROSSFADE_RETURN_IF_ERROR(context.check_stop());
  if (!solved.load()) return failed(task.what + ": a matrix is not positive definite");
  return ItemNeighbours::of_columns(columns);
}

}  // namespace crossfade
