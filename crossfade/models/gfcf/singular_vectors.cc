// Products of the sparse matrix with a block of columns, made orthonormal by the principal axes of
// the block; see singular_vectors.h.
#include "crossfade/models/gfcf/singular_vectors.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "crossfade/base/at.h"
#include "crossfade/base/rng.h"
#include "crossfade/models/dense.h"

namespace crossfade {
namespace {

constexpr std::int64_t kOversampling = 32, kRowsPerTask = 64;
constexpr float kNoise = 1e-8F;    // of the largest strength, what single precision cannot tell
constexpr float kNothing = 1e-4F;  // of the largest singular value

// to += factor * from, in pieces of a length known to the compiler.
void add(std::span<float> to, float factor, const float* from) {
  constexpr std::size_t kPiece = 16;
  std::size_t k = 0;
  for (; k + kPiece <= to.size(); k += kPiece)
    for (std::size_t l = 0; l < kPiece; ++l) to[k + l] += factor * from[k + l];
  for (; k < to.size(); ++k) to[k] += factor * from[k];
}

// out = matrix * block, both dense row-major with `dims` columns.
void multiply(const SparseMatrix& matrix, const std::vector<float>& block, std::size_t dims,
              std::vector<float>& out, Context& context) {
  out.assign(at(matrix.rows) * dims, 0.0F);
  context.threads.parallel_for(
      matrix.rows, kRowsPerTask, [&](std::int64_t begin, std::int64_t end, int) {
        if (context.stop.load()) return;
        for (std::int64_t row = begin; row < end; ++row) {
          const auto to = std::span(out).subspan(at(row) * dims, dims);
          for (auto n = at(matrix.offsets[at(row)]); n < at(matrix.offsets[at(row) + 1]); ++n)
            add(to, matrix.values[n], block.data() + at(matrix.indices[n]) * dims);
        }
      });
}

// The same span with orthonormal columns. What is lost in noise stays small, and grows when this is
// done again.
void orthonormalise(std::vector<float>& block, std::size_t dims, Context& context) {
  PrincipalAxes found = principal_axes(block, dims, context.threads);
  const float least = kNoise * found.strengths[0];
  for (std::size_t k = 0; k < dims; ++k)
    for (std::size_t i = 0; i < dims; ++i)
      found.axes[i * dims + k] /= std::sqrt(std::max(found.strengths[k], least));
  rotate_rows(block, dims, found.axes, context.threads);
}

}  // namespace

std::int64_t subspace_columns(std::int64_t factors, std::int64_t columns) {
  return std::min(std::min(factors, columns) + kOversampling, columns);
}

Result<SingularVectors> right_singular_vectors(const SparseMatrix& matrix,
                                               const SparseMatrix& transposed,
                                               const SingularVectorOptions& options,
                                               Context& context) {
  const std::int64_t factors = std::min(options.factors, matrix.columns);
  const std::size_t dims = at(subspace_columns(factors, matrix.columns));
  std::vector<float> block(at(matrix.columns) * dims), image;
  context.threads.parallel_for(
      matrix.columns, kRowsPerTask, [&](std::int64_t begin, std::int64_t end, int) {
        for (std::int64_t column = begin; column < end; ++column) {
          Rng rng(options.seed, static_cast<std::uint64_t>(column));
          for (std::size_t k = 0; k < dims; ++k)
            block[at(column) * dims + k] = static_cast<float>(rng.normal());
        }
      });
  context.progress.begin("singular vectors", options.iterations + 1, "rounds");
  for (std::int64_t round = 0; round < options.iterations; ++round) {
    multiply(matrix, block, dims, image, context);
    CROSSFADE_RETURN_IF_ERROR(context.check_stop());
    orthonormalise(image, dims, context);
    multiply(transposed, image, dims, block, context);
    CROSSFADE_RETURN_IF_ERROR(context.check_stop());
    orthonormalise(block, dims, context);
    context.progress.advance(1);
  }
  orthonormalise(block, dims, context);  // what single precision left over
  multiply(matrix, block, dims, image, context);
  CROSSFADE_RETURN_IF_ERROR(context.check_stop());
  const PrincipalAxes found = principal_axes(image, dims, context.threads);
  rotate_rows(block, dims, found.axes, context.threads);
  context.progress.advance(1);
  context.progress.end();
  SingularVectors result{factors, std::vector<float>(at(matrix.columns) * at(factors)),
                         std::vector<float>(at(factors))};
  for (std::size_t k = 0; k < at(factors); ++k) {
    const float value = std::sqrt(found.strengths[k]);
    if (!(value > kNothing * std::sqrt(found.strengths[0]))) break;
    result.values[k] = value;
    for (std::size_t column = 0; column < at(matrix.columns); ++column)
      result.right[column * at(factors) + k] = block[column * dims + k];
  }
  return result;
}

}  // namespace crossfade
