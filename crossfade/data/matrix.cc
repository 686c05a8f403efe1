// Logs as matrices. Repeats are summed in a dense row of accumulators per thread, of which only the
// touched ones are read back, so a user costs the sort of his distinct items and nothing else.
#include <algorithm>
#include <cstdint>
#include <utility>

#include "crossfade/data/dataset.h"
#include "crossfade/data/stable_scatter.h"

namespace crossfade {
namespace {

constexpr std::int64_t kUsersPerBlock = 1024;

// Sums one user's weights per item, in the order of the history.
class RowSums {
 public:
  // Writes the distinct items in order and their sums above zero; returns how many.
  std::size_t merge(const History& history, std::int64_t num_items, ItemIndex* indices,
                    float* values) {
    sums_.resize(static_cast<std::size_t>(num_items));
    touched_.resize(static_cast<std::size_t>(num_items));
    std::size_t count = 0;
    for (std::size_t i = 0; i < history.size(); ++i) {
      const auto item = static_cast<std::size_t>(history.items[i]);
      if (!std::exchange(touched_[item], 1)) indices[count++] = history.items[i];
      sums_[item] += history.weights[i];
    }
    std::sort(indices, indices + count);
    std::size_t kept = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const auto item = static_cast<std::size_t>(indices[i]);
      touched_[item] = 0;
      const float sum = std::exchange(sums_[item], 0.0F);
      if (!(sum > 0)) continue;
      indices[kept] = indices[i];
      values[kept++] = sum;
    }
    return kept;
  }

 private:
  std::vector<float> sums_;
  std::vector<std::uint8_t> touched_;
};

}  // namespace

SparseMatrix to_matrix(const Domain& domain, std::int64_t num_users, Context& context) {
  // Each user's merged row is written where his history starts, then the gaps are closed.
  std::vector<ItemIndex> wide_indices(domain.item.size());
  std::vector<float> wide_values(domain.item.size());
  std::vector<std::int64_t> offsets(static_cast<std::size_t>(num_users) + 1, 0);
  std::vector<RowSums> sums(static_cast<std::size_t>(context.threads.num_threads()));
  const auto start_of = [&](std::size_t user) {
    return static_cast<std::size_t>(user < domain.offsets.size() ? domain.offsets[user] : 0);
  };
  context.threads.parallel_for(
      num_users, kUsersPerBlock, [&](std::int64_t begin, std::int64_t end, int worker) {
        for (auto user = static_cast<std::size_t>(begin); user < static_cast<std::size_t>(end);
             ++user)
          offsets[user + 1] =
              static_cast<std::int64_t>(sums[static_cast<std::size_t>(worker)].merge(
                  domain.history(static_cast<UserIndex>(user)), domain.items.size(),
                  wide_indices.data() + start_of(user), wide_values.data() + start_of(user)));
      });
  for (std::size_t user = 0; user + 1 < offsets.size(); ++user) offsets[user + 1] += offsets[user];

  SparseMatrix matrix;
  matrix.rows = num_users;
  matrix.columns = domain.items.size();
  const auto nonzeros = static_cast<std::size_t>(offsets.back());
  if (nonzeros == wide_indices.size()) {
    matrix.indices = std::move(wide_indices);
    matrix.values = std::move(wide_values);
  } else {
    std::vector<ItemIndex> indices(nonzeros);
    std::vector<float> values(nonzeros);
    context.threads.parallel_for(
        num_users, kUsersPerBlock, [&](std::int64_t begin, std::int64_t end, int) {
          for (auto user = static_cast<std::size_t>(begin); user < static_cast<std::size_t>(end);
               ++user) {
            const auto size = static_cast<std::size_t>(offsets[user + 1] - offsets[user]);
            const auto to = static_cast<std::size_t>(offsets[user]);
            std::copy_n(wide_indices.data() + start_of(user), size, indices.data() + to);
            std::copy_n(wide_values.data() + start_of(user), size, values.data() + to);
          }
        });
    matrix.indices = std::move(indices);
    matrix.values = std::move(values);
  }
  matrix.offsets = std::move(offsets);
  return matrix;
}

SparseMatrix transpose(const SparseMatrix& matrix, Context& context) {
  std::vector<std::int32_t> row_of(matrix.indices.size());
  context.threads.parallel_for(
      matrix.rows, kUsersPerBlock, [&](std::int64_t begin, std::int64_t end, int) {
        for (std::int64_t row = begin; row < end; ++row)
          std::fill(row_of.begin() + matrix.offsets[static_cast<std::size_t>(row)],
                    row_of.begin() + matrix.offsets[static_cast<std::size_t>(row) + 1],
                    static_cast<std::int32_t>(row));
      });
  const StableScatter by_column(matrix.indices, matrix.columns, context.threads);
  SparseMatrix out;
  out.rows = matrix.columns;
  out.columns = matrix.rows;
  out.offsets = by_column.offsets();
  out.indices = by_column.sort<std::int32_t>(row_of);
  out.values = by_column.sort<float>(matrix.values);
  return out;
}

}  // namespace crossfade
