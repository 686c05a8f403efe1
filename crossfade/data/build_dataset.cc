// From a log in any order to a domain: number the ids, sort stably by user (a counting sort), then
// by time within each user. Rows of one user lie together after the first step, so the second works
// on pieces that fit the cache.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <optional>
#include <utility>

#include "crossfade/base/text.h"
#include "crossfade/data/dataset.h"
#include "crossfade/data/log_lengths.h"
#include "crossfade/data/stable_scatter.h"

namespace crossfade {
namespace {

// The columns of a domain while they are made; optional ones are empty.
struct Columns {
  std::vector<ItemIndex> item;
  std::vector<float> weight;
  std::vector<std::int64_t> time_ns;
  std::vector<std::uint8_t> kind;
  std::vector<std::int64_t> session;
};

Status check_name(const Dataset& base, const std::string& domain) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.';
  };
  if (domain.empty() || domain[0] == '.' || !std::all_of(domain.begin(), domain.end(), allowed))
    return usage_error("'" + domain +
                       "' cannot name a domain; use letters, digits, '_', '-' and '.' (not first)");
  for (const Domain& other : base.domains())
    if (other.name == domain)
      return usage_error("the data has a domain '" + domain +
                         "' already; give the new log another name");
  return ok_status();
}

Status check_columns(const LogColumns& log) {
  CROSSFADE_RETURN_IF_ERROR(check_lengths(log));
  for (std::size_t row = 0; row < log.weights.size(); ++row)
    if (!std::isfinite(log.weights[row]) || log.weights[row] < 0)
      return data_invalid("the weight in row " + std::to_string(row) + " is " +
                          format_shortest(log.weights[row]) +
                          "; weights are finite and not negative");
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

Columns sort_by_user(const StableScatter& by_user, std::vector<ItemIndex>& items, LogColumns& log) {
  Columns out;
  const std::size_t rows = items.size();
  out.item = take_sorted(by_user, items);
  out.weight = take_sorted(by_user, log.weights);
  if (out.weight.empty()) out.weight.assign(rows, 1.0F);
  out.time_ns = take_sorted(by_user, log.time_ns);
  out.kind = take_sorted(by_user, log.kinds);
  out.session = take_sorted(by_user, log.sessions);
  return out;
}

// Sorts one user's rows by time; owns the scratch space of one thread.
class alignas(64) HistorySorter {  // a cache line of its own: threads push at the same time
 public:
  void sort(Columns& columns, std::size_t begin, std::size_t end) {
    const auto times = columns.time_ns.begin();
    const auto at = [](std::size_t row) { return static_cast<std::ptrdiff_t>(row); };
    if (std::is_sorted(times + at(begin), times + at(end))) return;
    order_.clear();
    for (std::size_t row = begin; row < end; ++row) order_.emplace_back(columns.time_ns[row], row);
    std::sort(order_.begin(), order_.end());  // equal times fall back to the row: stable
    reorder(columns.item, begin);
    reorder(columns.weight, begin);
    reorder(columns.kind, begin);
    reorder(columns.session, begin);
    for (std::size_t i = 0; i < order_.size(); ++i) columns.time_ns[begin + i] = order_[i].first;
  }

 private:
  template <class T>
  void reorder(std::vector<T>& column, std::size_t begin) {
    if (column.empty()) return;
    auto& scratch = std::get<std::vector<T>>(scratch_);
    scratch.clear();
    for (const auto& [time, row] : order_) scratch.push_back(column[row]);
    std::copy(scratch.begin(), scratch.end(), column.begin() + static_cast<std::ptrdiff_t>(begin));
  }

  std::vector<std::pair<std::int64_t, std::size_t>> order_;
  std::tuple<std::vector<std::int32_t>, std::vector<float>, std::vector<std::uint8_t>,
             std::vector<std::int64_t>>
      scratch_;
};

void sort_by_time(Columns& columns, const std::vector<std::int64_t>& offsets, ThreadPool& threads) {
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

}  // namespace

Result<Dataset> build_dataset(const Dataset& base, const std::string& name, LogColumns log,
                              Context& context) {
  CROSSFADE_RETURN_IF_ERROR(check_name(base, name));
  CROSSFADE_RETURN_IF_ERROR(check_columns(log));
  const auto rows = static_cast<std::int64_t>(size_of(log.users));
  context.progress.begin("sorting " + name, rows, "rows");
  Encoded users, items;
  CROSSFADE_RETURN_IF_ERROR(encode(base.users(), log, context, users, items));
  const StableScatter by_user(users.indices, users.vocabulary.size(), context.threads);
  users.indices = {};
  Columns columns = sort_by_user(by_user, items.indices, log);
  CROSSFADE_RETURN_IF_ERROR(context.check_stop());
  if (!columns.time_ns.empty()) sort_by_time(columns, by_user.offsets(), context.threads);
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
  return Dataset(std::move(users.vocabulary), std::move(domains));
}

}  // namespace crossfade
