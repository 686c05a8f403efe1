// From a log in any order to a domain: number the ids, sort stably by user (a counting sort), then
// by time within each user. Rows of one user lie together after the first step, so the second works
// on pieces that fit the cache.
#include <algorithm>
#include <cstdint>
#include <numeric>
#include <optional>
#include <utility>

#include "crossfade/data/dataset.h"
#include "crossfade/data/domain_name.h"
#include "crossfade/data/log_lengths.h"
#include "crossfade/data/stable_scatter.h"
#include "crossfade/data/store/history_columns.h"
#include "crossfade/data/store/sessions.h"

namespace crossfade {
namespace {

Status check_name(const Dataset& base, const std::string& domain) {
  CROSSFADE_RETURN_IF_ERROR(check_domain_name(domain));
  for (const Domain& other : base.domains())
    if (other.name == domain)
      return usage_error("the data has a domain '" + domain +
                         "' already; give the new log another name");
  return ok_status();
}

// Users and items side by side, as they have nothing to do with each other. Frees the ids.
Status encode(const Vocabulary& known_users, LogColumns& log, Context& context, Encoded& users,
              Encoded& items) {
  std::optional<Result<Encoded>> done[2];
  context.threads.parallel_for(2, 1, [&](std::int64_t begin, std::int64_t, int) {
    if (begin == 0)
      done[0].emplace(encode_ids(known_users, std::exchange(log.users, {})));
    else
      done[1].emplace(encode_ids(Vocabulary(), std::exchange(log.items, {})));
  });
  if (!done[0]->ok()) return done[0]->status().at("users");
  if (!done[1]->ok()) return done[1]->status().at("items");
  users = std::move(**done[0]);
  items = std::move(**done[1]);
  return context.check_stop();
}

// A column in the order of users, or nothing if the log has none. Frees the log's.
template <class T>
std::vector<T> take_sorted(const StableScatter& by_user, std::vector<T>& column) {
  const std::vector<T> taken = std::exchange(column, {});
  return taken.empty() ? std::vector<T>() : by_user.sort<T>(taken);
}

HistoryColumns sort_by_user(const StableScatter& by_user, std::vector<ItemIndex>& items,
                            LogColumns& log) {
  HistoryColumns out;
  const std::size_t rows = items.size();
  out.item = take_sorted(by_user, items);
  out.weight = take_sorted(by_user, log.weights);
  if (out.weight.empty()) out.weight.assign(rows, 1.0F);
  out.time_ns = take_sorted(by_user, log.time_ns);
  out.kind = take_sorted(by_user, log.kinds);
  out.session = take_sorted(by_user, log.sessions);
  return out;
}

void sort_by_time(HistoryColumns& columns, const std::vector<std::int64_t>& offsets,
                  ThreadPool& threads) {
  std::vector<HistorySorter> sorters(static_cast<std::size_t>(threads.num_threads()));
  threads.parallel_for(static_cast<std::int64_t>(offsets.size()) - 1, 1024,
                       [&](std::int64_t begin, std::int64_t end, int worker) {
                         HistorySorter& sorter = sorters[static_cast<std::size_t>(worker)];
                         for (auto u = static_cast<std::size_t>(begin);
                              u < static_cast<std::size_t>(end); ++u)
                           sorter.sort(columns, static_cast<std::size_t>(offsets[u]),
                                       static_cast<std::size_t>(offsets[u + 1]));
                       });
}

void fill_sessions(HistoryColumns& columns, const std::vector<std::int64_t>& offsets,
                   ThreadPool& threads) {
  const std::span<const std::int64_t> times = columns.time_ns;
  const std::span<const ItemIndex> items = columns.item;
  threads.parallel_for(
      std::ssize(offsets) - 1, 1024, [&](std::int64_t first, std::int64_t last, int) {
        for (auto u = static_cast<std::size_t>(first); u < static_cast<std::size_t>(last); ++u) {
          const auto begin = static_cast<std::size_t>(offsets[u]);
          const std::size_t size = static_cast<std::size_t>(offsets[u + 1]) - begin;
          fill_missing_sessions(times.empty() ? times : times.subspan(begin, size),
                                items.subspan(begin, size),
                                std::span(columns.session).subspan(begin, size));
        }
      });
}

}  // namespace

Result<Dataset> build_dataset(const Dataset& base, const std::string& name, LogColumns log,
                              Context& context) {
  CROSSFADE_RETURN_IF_ERROR(check_name(base, name));
  CROSSFADE_RETURN_IF_ERROR(check_lengths(log));
  CROSSFADE_RETURN_IF_ERROR(check_weights(log));
  const auto rows = static_cast<std::int64_t>(size_of(log.users));
  context.progress.begin("sorting " + name, rows, "rows");
  Encoded users, items;
  CROSSFADE_RETURN_IF_ERROR(encode(base.users(), log, context, users, items));
  const StableScatter by_user(users.indices, users.vocabulary.size(), context.threads);
  users.indices = {};
  HistoryColumns columns = sort_by_user(by_user, items.indices, log);
  CROSSFADE_RETURN_IF_ERROR(context.check_stop());
  if (!columns.time_ns.empty()) sort_by_time(columns, by_user.offsets(), context.threads);
  if (!columns.session.empty()) fill_sessions(columns, by_user.offsets(), context.threads);
  CROSSFADE_RETURN_IF_ERROR(context.check_stop());

  Domain domain;
  domain.name = name;
  domain.items = std::move(items.vocabulary);
  domain.offsets = by_user.offsets();
  domain.item = std::move(columns.item);
  domain.weight = std::move(columns.weight);
  domain.time_ns = std::move(columns.time_ns);
  domain.kind = std::move(columns.kind);
  domain.session = std::move(columns.session);
  std::vector<Domain> domains = base.domains();
  domains.push_back(std::move(domain));
  context.progress.advance(rows);
  context.progress.end();
  return Dataset(std::move(users.vocabulary), std::move(domains), base.user_attributes());
}

}  // namespace crossfade
