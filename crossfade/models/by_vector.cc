// Only who has a vector is searched for; the others' lists stay empty.
#include "crossfade/models/by_vector.h"

#include <algorithm>
#include <utility>

#include "crossfade/base/check.h"
#include "crossfade/kernels/int8_rows.h"
#include "crossfade/models/scored.h"

namespace crossfade {
namespace {

constexpr std::size_t kBatchUsers = 1 << 14;  // bounds the memory of their vectors

bool usable(std::span<const float> query) {
  return !query.empty() && kernels::row_length(query) < kernels::kMaxRowLength;
}

// The vectors of those users who have one, and what each has seen.
struct Queries {
  std::vector<std::size_t> places;  // of the user in `views`
  std::vector<float> rows;
  std::vector<std::int64_t> seen_offsets{0};
  std::vector<std::int32_t> seen_items;
};

Queries gather(std::span<const UserView> views, std::size_t domain_index,
               const std::vector<std::vector<float>>& vectors) {
  Queries queries;
  for (std::size_t l = 0; l < views.size(); ++l) {
    if (vectors[l].empty()) continue;
    queries.places.push_back(l);
    queries.rows.insert(queries.rows.end(), vectors[l].begin(), vectors[l].end());
    const History history = history_of(views[l], domain_index);
    queries.seen_items.insert(queries.seen_items.end(), history.items.begin(), history.items.end());
    queries.seen_offsets.push_back(static_cast<std::int64_t>(queries.seen_items.size()));
  }
  return queries;
}

// Appends a list for each of `views`, in their order.
void append(std::span<const UserView> views, const Queries& queries, const TopK& found,
            Candidates& result) {
  const auto base = static_cast<std::int64_t>(result.items.size());
  std::size_t q = 0;
  for (std::size_t l = 0; l < views.size(); ++l) {
    if (q < queries.places.size() && queries.places[q] == l) ++q;
    result.users.push_back(views[l].user);
    result.offsets.push_back(base + (found.items.empty() ? 0 : found.offsets[q]));
  }
  result.items.insert(result.items.end(), found.items.begin(), found.items.end());
  result.scores.insert(result.scores.end(), found.scores.begin(), found.scores.end());
}

}  // namespace

std::vector<ScoredItem> search_one(const TopKIndex& index, std::span<const float> query,
                                   const History& history, const RecommendOptions& options) {
  if (!usable(query) || options.k < 1) return {};
  const HiddenForModel hidden(options.hidden, index.items().rows);
  TopKOptions search{options.k, {}, hidden.span()};
  const std::int64_t offsets[2] = {0, static_cast<std::int64_t>(history.size())};
  if (!options.keep_seen) search.seen = {offsets, history.items};
  auto found = index.search_one(query, search);
  CROSSFADE_CHECK(found.ok(), found.status().message());
  return std::move(found).value();
}

Result<Candidates> search_batch(const TopKIndex& index, std::span<const UserView> views,
                                std::size_t domain_index, const RecommendOptions& options,
                                const QueryOfUser& query, Context& context) {
  Candidates result;
  const HiddenForModel hidden(options.hidden, index.items().rows);
  for (std::size_t begin = 0; begin < views.size(); begin += kBatchUsers) {
    CROSSFADE_RETURN_IF_ERROR(context.check_stop());
    const auto batch = views.subspan(begin, std::min(kBatchUsers, views.size() - begin));
    std::vector<std::vector<float>> vectors(batch.size());
    context.threads.parallel_for(
        std::ssize(batch), 16, [&](std::int64_t first, std::int64_t last, int worker) {
          if (context.stop.load()) return;
          for (auto l = static_cast<std::size_t>(first); l < static_cast<std::size_t>(last); ++l) {
            vectors[l] = query(batch[l], worker);
            if (!usable(vectors[l])) vectors[l].clear();
          }
        });
    CROSSFADE_RETURN_IF_ERROR(context.check_stop());
    Queries queries = gather(batch, domain_index, vectors);
    TopK found;
    if (!queries.places.empty() && options.k >= 1) {
      TopKOptions search{options.k, {}, hidden.span()};
      if (!options.keep_seen) search.seen = {queries.seen_offsets, queries.seen_items};
      CROSSFADE_ASSIGN_OR_RETURN(
          found,
          index.search({std::move(queries.rows), std::ssize(queries.places), index.items().dims},
                       search, context.threads));
    }
    append(batch, queries, found, result);
    context.progress.advance(std::ssize(batch));
  }
  result.sources.assign(result.items.size(), 0);
  return result;
}

}  // namespace crossfade
