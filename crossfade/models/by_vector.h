// Answers of generators whose score is an inner product of a vector for the user and one per item:
// one user, or many at once through an index that shares their work.
#pragma once

#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "crossfade/models/model.h"
#include "crossfade/retrieval/topk.h"

namespace crossfade {

// The vector of a user, as long as the index's rows; empty: no answer for him. `worker` tells
// threads apart, for scratch space.
using QueryOfUser = std::function<std::vector<float>(const UserView& view, int worker)>;

// The same answers from both, each the index's. A vector that is not finite, or longer than 1e18,
// has no answer.
std::vector<ScoredItem> search_one(const TopKIndex& index, std::span<const float> query,
                                   const History& history, const RecommendOptions& options);
// Errors: stopped.
Result<Candidates> search_batch(const TopKIndex& index, std::span<const UserView> views,
                                std::size_t domain_index, const RecommendOptions& options,
                                const QueryOfUser& query, Context& context);

}  // namespace crossfade
