// Inner products of float vectors: the score of every factor model.
//
// One definition of the sum stands behind all functions here: two vector accumulators over the
// lanes, added, summed, then the remaining elements in order. The same pair of vectors therefore
// gives the same bytes through each of them on a given instruction set, which lets retrieval
// rescore candidates and agree bit for bit with a plain scan.
//
// |result - exact| <= dims * 2^-24 / (1 - dims * 2^-24) * |a| |b| + dims * 2^-149 for every order
// of summation (Higham, Accuracy and Stability of Numerical Algorithms, section 3.1; the last term
// is underflow).
#pragma once

#include <cstdint>
#include <span>

namespace crossfade::kernels {

// a and b have the same size; 0 for empty ones.
float dot(std::span<const float> a, std::span<const float> b);

// out[r] = dot(query, row r) for out.size() rows that lie one after another at `rows`, each
// query.size() long.
void dot_rows(std::span<const float> query, const float* rows, std::span<float> out);

// out[j] = dot(query, row ids[j]) for rows anywhere in the matrix at `rows`.
void dot_gather(std::span<const float> query, const float* rows, std::span<const std::int32_t> ids,
                std::span<float> out);

// Asks for these rows of a matrix of `dims` columns to be brought into cache, so that a dot_gather
// a little later finds them there.
void prefetch_rows(const float* rows, std::int64_t dims, std::span<const std::int32_t> ids);

}  // namespace crossfade::kernels
