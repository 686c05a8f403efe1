// What every index shares: checks of the question, queries in blocks over threads, answers joined.
#include "crossfade/retrieval/topk.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "crossfade/kernels/int8_rows.h"

namespace crossfade {
namespace {

constexpr std::int64_t kMaxDims = 65536;
// Queries that share one pass over the items; enough for the item blocks to be used from cache.
constexpr std::int64_t kMaxBlockQueries = 128;

Status check_filters(const TopKOptions& options, std::int64_t num_queries, std::int64_t num_items) {
  if (options.k < 1)
    return usage_error("cannot search for the best " + std::to_string(options.k) +
                       " items; k is at least 1");
  if (!options.hidden.empty() && static_cast<std::int64_t>(options.hidden.size()) != num_items)
    return data_invalid("the hidden flags are " + std::to_string(options.hidden.size()) + " for " +
                        std::to_string(num_items) + " items; there is one for every item");
  const std::span<const std::int64_t> offsets = options.seen.offsets;
  if (offsets.empty()) return ok_status();
  if (static_cast<std::int64_t>(offsets.size()) != num_queries + 1 || offsets.front() < 0 ||
      !std::is_sorted(offsets.begin(), offsets.end()) ||
      offsets.back() > static_cast<std::int64_t>(options.seen.items.size()))
    return data_invalid("the offsets of the seen items do not describe " +
                        std::to_string(num_queries) +
                        " queries; there is one more offset than queries, none falls, and the last "
                        "is at most the number of seen items");
  return ok_status();
}

}  // namespace

Status FactorMatrix::check(const std::string& what) const {
  if (rows < 0 || dims < 0 || dims > kMaxDims || rows > std::numeric_limits<std::int32_t>::max() ||
      static_cast<std::int64_t>(values.size()) != rows * dims)
    return data_invalid(what + " has " + std::to_string(values.size()) + " values for " +
                        std::to_string(rows) + " rows of " + std::to_string(dims) +
                        " factors; at most 2147483647 rows of 65536 factors are possible");
  for (std::int64_t r = 0; r < rows; ++r) {
    const double length = kernels::row_length(row(r));
    if (!(length <= kernels::kMaxRowLength))
      return data_invalid(what + " has a row (" + std::to_string(r) +
                          ") that is not finite or longer than 1e18; was the model trained with "
                          "enough regularisation?");
  }
  return ok_status();
}

Result<TopK> TopKIndex::search(const FactorMatrix& queries, const TopKOptions& options,
                               ThreadPool& threads) const {
  CROSSFADE_RETURN_IF_ERROR(queries.check("the query matrix"));
  if (queries.dims != items_.dims)
    return data_invalid("the queries have " + std::to_string(queries.dims) +
                        " factors and the items " + std::to_string(items_.dims) +
                        "; they have to come from the same model");
  CROSSFADE_RETURN_IF_ERROR(check_filters(options, queries.rows, items_.rows));

  std::vector<std::vector<ScoredItem>> answers(static_cast<std::size_t>(queries.rows));
  const std::int64_t share = queries.rows / (4 * threads.num_threads());
  const std::int64_t grain = std::clamp<std::int64_t>(share, 4, kMaxBlockQueries);
  threads.parallel_for(queries.rows, grain, [&](std::int64_t begin, std::int64_t end, int) {
    const auto at = static_cast<std::size_t>(begin), count = static_cast<std::size_t>(end - begin);
    const auto dims = static_cast<std::size_t>(queries.dims);
    search_block(
        {queries.values.span().subspan(at * dims, count * dims), begin, end - begin, &options},
        std::span(answers).subspan(at, count));
  });

  TopK result;
  for (const auto& answer : answers)
    result.offsets.push_back(result.offsets.back() + static_cast<std::int64_t>(answer.size()));
  result.items.reserve(static_cast<std::size_t>(result.offsets.back()));
  result.scores.reserve(static_cast<std::size_t>(result.offsets.back()));
  for (const auto& answer : answers) {
    for (const ScoredItem& scored : answer) {
      result.items.push_back(scored.item);
      result.scores.push_back(scored.score);
    }
  }
  return result;
}

Result<std::vector<ScoredItem>> TopKIndex::search_one(std::span<const float> query,
                                                      const TopKOptions& options) const {
  if (static_cast<std::int64_t>(query.size()) != items_.dims)
    return data_invalid("the query has " + std::to_string(query.size()) +
                        " factors and the items " + std::to_string(items_.dims) +
                        "; they have to come from the same model");
  if (!(kernels::row_length(query) <= kernels::kMaxRowLength))
    return data_invalid("the query is not finite or longer than 1e18");
  CROSSFADE_RETURN_IF_ERROR(check_filters(options, 1, items_.rows));
  std::vector<ScoredItem> answer;
  search_block({query, 0, 1, &options}, std::span(&answer, 1));
  return answer;
}

}  // namespace crossfade
