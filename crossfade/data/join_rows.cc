// Merges each user's two sorted runs, then gathers every column in that order.
#include "crossfade/data/join_rows.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace crossfade {
namespace {

// Where a joined row comes from: a row of the first part, or ~row of the second.
using Sources = std::vector<std::int64_t>;

// `row`s of both parts of user u in their new order, appended by the caller's cursor.
void merge_user(const Domain& a, const Domain& b, std::size_t user, std::int64_t* to) {
  std::int64_t i = a.offsets[user], j = b.offsets[user];
  const std::int64_t i_end = a.offsets[user + 1], j_end = b.offsets[user + 1];
  const bool timed = !a.time_ns.empty();
  while (i < i_end || j < j_end) {
    const bool first =
        j == j_end || (i < i_end && (!timed || a.time_ns[static_cast<std::size_t>(i)] <=
                                                   b.time_ns[static_cast<std::size_t>(j)]));
    *to++ = first ? i++ : ~(j++);
  }
}

template <class T>
Array<T> gather(const Array<T>& a, const Array<T>& b, const Sources& sources, ThreadPool& threads) {
  if (a.empty() && b.empty()) return {};
  std::vector<T> joined(sources.size());
  threads.parallel_for(static_cast<std::int64_t>(sources.size()), 1 << 16,
                       [&](std::int64_t begin, std::int64_t end, int) {
                         for (auto row = static_cast<std::size_t>(begin);
                              row < static_cast<std::size_t>(end); ++row) {
                           const std::int64_t from = sources[row];
                           joined[row] = from >= 0 ? a[static_cast<std::size_t>(from)]
                                                   : b[static_cast<std::size_t>(~from)];
                         }
                       });
  return joined;
}

// True if the columns are there in both or in neither; a part without rows has them all.
template <class T>
bool alike(const Array<T>& a, const Array<T>& b, const Domain& first, const Domain& second) {
  return a.empty() == b.empty() || first.item.empty() || second.item.empty();
}

Status check_alike(const Domain& a, const Domain& b) {
  if (a.name != b.name || a.items.size() != b.items.size() || a.offsets.size() != b.offsets.size())
    return data_invalid("the domains " + a.name + " and " + b.name +
                        " have other users or items; they are no parts of one split");
  if (!alike(a.weight, b.weight, a, b) || !alike(a.time_ns, b.time_ns, a, b) ||
      !alike(a.kind, b.kind, a, b) || !alike(a.session, b.session, a, b))
    return data_invalid("one part of the domain " + a.name + " has a column that the other lacks");
  return ok_status();
}

Domain join_domain(const Domain& a, const Domain& b, ThreadPool& threads) {
  std::vector<std::int64_t> offsets(a.offsets.size());
  for (std::size_t user = 0; user < offsets.size(); ++user)
    offsets[user] = a.offsets[user] + b.offsets[user];
  Sources sources(static_cast<std::size_t>(offsets.back()));
  threads.parallel_for(static_cast<std::int64_t>(offsets.size()) - 1, 4096,
                       [&](std::int64_t begin, std::int64_t end, int) {
                         for (auto user = static_cast<std::size_t>(begin);
                              user < static_cast<std::size_t>(end); ++user)
                           merge_user(a, b, user, sources.data() + offsets[user]);
                       });
  Domain joined;
  joined.name = a.name;
  joined.items = a.items;
  joined.about = a.about;
  joined.offsets = std::move(offsets);
  joined.item = gather(a.item, b.item, sources, threads);
  joined.weight = gather(a.weight, b.weight, sources, threads);
  joined.time_ns = gather(a.time_ns, b.time_ns, sources, threads);
  joined.kind = gather(a.kind, b.kind, sources, threads);
  joined.session = gather(a.session, b.session, sources, threads);
  return joined;
}

}  // namespace

Result<Dataset> join_rows(const Dataset& a, const Dataset& b, Context& context) {
  if (a.num_users() != b.num_users() || a.domains().size() != b.domains().size())
    return data_invalid(
        "the two datasets have other users or domains; they are no parts of one "
        "split");
  std::vector<Domain> domains;
  for (std::size_t d = 0; d < a.domains().size(); ++d) {
    CROSSFADE_RETURN_IF_ERROR(check_alike(a.domains()[d], b.domains()[d]));
    domains.push_back(join_domain(a.domains()[d], b.domains()[d], context.threads));
    CROSSFADE_RETURN_IF_ERROR(context.check_stop());
  }
  return Dataset(a.users(), std::move(domains), a.user_attributes());
}

}  // namespace crossfade
